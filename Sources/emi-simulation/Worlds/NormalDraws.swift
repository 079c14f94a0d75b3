import Information
import LinearAlgebra
import Statistics

extension SeededGenerator {
    /// n x d standard normal rows; each group of `groupSize` neighbouring rows is equal.
    mutating func normals(_ rowCount: Int, _ columnCount: Int, groupSize: Int) -> Matrix {
        var elements: [Double] = []
        elements.reserveCapacity(rowCount * columnCount)
        for row in 0..<rowCount {
            if row.isMultiple(of: groupSize) {
                for _ in 0..<columnCount { elements.append(normal()) }
            } else {
                elements += elements.suffix(columnCount)
            }
        }
        return Matrix(rowCount: rowCount, columnCount: columnCount, elements: elements)
    }
}

extension Matrix {
    /// sqrt(1 - share) self + sqrt(share) other, which has variance 1 if both matrices have.
    func mixed(with other: Matrix, share: Double) -> Matrix {
        let (own, added) = ((1 - share).squareRoot(), share.squareRoot())
        return combining(other) { own * $0 + added * $1 }
    }
}
