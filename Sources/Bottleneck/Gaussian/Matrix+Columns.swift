import LinearAlgebra

extension Matrix {
    /// Multiplies column j by `factors[j]`.
    ///
    /// - Precondition: one factor per column.
    func scalingColumns(by factors: [Double]) -> Matrix {
        precondition(factors.count == columnCount, "one factor a column")
        var result = self
        let width = columnCount
        result.withElements { out in
            for index in out.indices { out[index] *= factors[index % width] }
        }
        return result
    }

    /// The first `count` columns.
    func firstColumns(_ count: Int) -> Matrix {
        Matrix(rowCount: rowCount, columnCount: min(count, columnCount)) { self[$0, $1] }
    }

    /// The sign, 1 or -1, of the element of largest magnitude in each column; it fixes the signs of directions, so that they are the same
    /// in every run.
    var signsOfLargestInColumns: [Double] {
        (0..<columnCount).map { (column($0).max { abs($0) < abs($1) } ?? 0) < 0 ? -1 : 1 }
    }
}
