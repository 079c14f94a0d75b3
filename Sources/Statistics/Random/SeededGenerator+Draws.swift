import LinearAlgebra
import RealModule

extension SeededGenerator {
    /// A uniform draw from [0, 1) with 53 random bits.
    package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A standard normal draw (Box and Muller).
    package mutating func normal() -> Double {
        (-2 * .log(1 - uniform())).squareRoot() * .cos(2 * .pi * uniform())
    }

    /// n x d standard normal draws.
    package mutating func normals(_ rowCount: Int, _ columnCount: Int) -> Matrix {
        var elements: [Double] = []
        elements.reserveCapacity(rowCount * columnCount)
        for _ in 0..<(rowCount * columnCount) { elements.append(normal()) }
        return Matrix(rowCount: rowCount, columnCount: columnCount, elements: elements)
    }

    /// A draw from the gamma distribution of scale 1 (Marsaglia and Tsang, ACM TOMS 26, 2000).
    ///
    /// - Precondition: `shape > 0`.
    package mutating func gamma(shape: Double) -> Double {
        precondition(shape > 0, "a gamma distribution of shape \(shape)")
        guard shape >= 1 else { return gamma(shape: shape + 1) * .pow(1 - uniform(), 1 / shape) }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
            guard v > 0 else { continue }
            if .log(1 - uniform()) < 0.5 * x * x + d - d * v + d * .log(v) { return d * v }
        }
    }
}
