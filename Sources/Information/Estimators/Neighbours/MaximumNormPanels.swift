import LinearAlgebra

/// Points in panels of eight, dimension by dimension, so that their maximum-norm distances to one point take a few vector instructions per
/// dimension. This is for data with too many dimensions for a k-d tree. Memory: O(n d).
///
/// Panels are in single precision, which is twice as fast. `margin` limits how far their distances can be from those in double precision;
/// whatever is closer than that to a radius is checked again.
struct MaximumNormPanels: Sendable {
    private let dimension: Int
    private let rowCount: Int
    private let rows: [Double]
    private let panels: [SIMD8<Float>]
    /// No result of `distances` differs by more than this from the exact distance.
    let margin: Double

    /// Makes the panels of the rows.
    ///
    /// - Precondition: elements below 1e30 in size, or distances overflow.
    init(_ matrix: Matrix) {
        (dimension, rowCount, rows) = (matrix.columnCount, matrix.rowCount, matrix.elements)
        var panels: [SIMD8<Float>] = []
        panels.reserveCapacity((rowCount + 7) / 8 * dimension)
        for first in stride(from: 0, to: matrix.rowCount, by: 8) {
            for axis in 0..<matrix.columnCount {
                // The lanes behind the last point are infinitely far away.
                var lanes = SIMD8<Float>(repeating: .infinity)
                for lane in 0..<min(8, matrix.rowCount - first) { lanes[lane] = Float(matrix[first + lane, axis]) }
                panels.append(lanes)
            }
        }
        self.panels = panels
        // Each of the two values is off by at most half an ulp, and their difference, which is at most twice as large, by one.
        margin = 4 * 0x1p-24 * rows.reduce(0) { max($0, abs($1)) } + .leastNormalMagnitude
    }

    /// The number of panels.
    var panelCount: Int { (rowCount + 7) / 8 }

    /// The exact distance between two points.
    func distance(_ a: Int, _ b: Int) -> Double {
        var distance = 0.0
        for axis in 0..<dimension {
            distance = max(distance, abs(rows[a &* dimension &+ axis] - rows[b &* dimension &+ axis]))
        }
        return distance
    }

    /// Writes the distances of all points from two points, accurate to `margin`; infinity behind the last point. It handles two points at
    /// once, because reading the panels costs as much as the arithmetic.
    func distances(
        from one: Int, and other: Int, into first: inout [SIMD8<Float>], and second: inout [SIMD8<Float>]
    ) {
        let d = dimension
        let pair = (0..<d).flatMap { [Float(rows[one &* d &+ $0]), Float(rows[other &* d &+ $0])] }
        unsafe first.withUnsafeMutableBufferPointer { first in
            unsafe second.withUnsafeMutableBufferPointer { second in
                unsafe panels.withUnsafeBufferPointer { panels in
                    unsafe pair.withUnsafeBufferPointer { pair in
                        for panel in 0..<first.count {
                            var (a, b) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
                            for axis in 0..<d {
                                let lanes = unsafe panels[panel &* d &+ axis]
                                let fromOne = unsafe (lanes - pair[2 &* axis]).magnitudes
                                let fromOther = unsafe (lanes - pair[2 &* axis &+ 1]).magnitudes
                                a.replace(with: fromOne, where: fromOne .> a)
                                b.replace(with: fromOther, where: fromOther .> b)
                            }
                            unsafe first[panel] = a
                            unsafe second[panel] = b
                        }
                    }
                }
            }
        }
    }

    /// The number of points that are strictly nearer to point `index` than `radius`, given their distances to within `margin`.
    func count(nearerThan radius: Double, to index: Int, distances: [SIMD8<Float>]) -> Int {
        let (surely, perhaps) = (Float(radius - 2 * margin), Float(radius + 2 * margin))
        var near = SIMD8<Int32>.zero
        var found = 0
        for panel in distances.indices {
            let lanes = distances[panel]
            let isNear = lanes .< surely
            near.replace(with: near &+ 1, where: isNear)
            guard any((lanes .< perhaps) .^ isNear) else { continue }
            for lane in 0..<8 where lanes[lane] >= surely && lanes[lane] < perhaps {
                if distance(index, panel * 8 + lane) < radius { found += 1 }
            }
        }
        return found + (0..<8).reduce(0) { $0 + Int(near[$1]) }
    }
}

extension SIMD8<Float> {
    /// The lanes without their signs.
    fileprivate var magnitudes: SIMD8<Float> {
        unsafe unsafeBitCast(
            unsafeBitCast(self, to: SIMD8<UInt32>.self) & SIMD8<UInt32>(repeating: 0x7fff_ffff), to: SIMD8<Float>.self)
    }
}
