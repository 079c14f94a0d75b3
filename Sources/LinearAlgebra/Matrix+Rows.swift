import CLAPACK

extension Matrix {
    /// The squared Euclidean norm of each row.
    public var squaredRowNorms: [Double] {
        (0..<rowCount).map { i in
            var sum = 0.0
            for index in (i &* columnCount)..<((i &+ 1) &* columnCount) { sum += elements[index] * elements[index] }
            return sum
        }
    }

    /// Row i multiplied by `factors[i]`.
    ///
    /// - Precondition: one factor a row.
    public func scalingRows(by factors: [Double]) -> Matrix {
        precondition(factors.count == rowCount, "one factor a row")
        var result = self
        result.withElements { out in
            for i in 0..<rowCount {
                for index in (i &* columnCount)..<((i &+ 1) &* columnCount) { out[index] *= factors[i] }
            }
        }
        return result
    }

    /// The mean of each column.
    public var columnMeans: [Double] {
        var means = [Double](repeating: 0, count: columnCount)
        for i in 0..<rowCount {
            for j in 0..<columnCount { means[j] += elements[i &* columnCount &+ j] }
        }
        return means.map { $0 / Double(max(rowCount, 1)) }
    }

    /// Every row less `offset`.
    ///
    /// - Precondition: `offset.count == columnCount`.
    public func subtractingFromRows(_ offset: [Double]) -> Matrix {
        precondition(offset.count == columnCount, "one offset a column")
        var result = self
        result.withElements { out in
            for i in 0..<rowCount {
                for j in 0..<columnCount { out[i &* columnCount &+ j] -= offset[j] }
            }
        }
        return result
    }

    /// The rows with these indices, in their order; an index may come more than once.
    public func selectingRows(_ indices: [Int]) -> Matrix {
        var selected: [Double] = []
        selected.reserveCapacity(indices.count * columnCount)
        for index in indices { selected.append(contentsOf: row(index)) }
        return Matrix(rowCount: indices.count, columnCount: columnCount, elements: selected)
    }

    /// The rows and columns of a square matrix with these indices.
    public func selectingRowsAndColumns(_ indices: [Int]) -> Matrix {
        var selected = [Double](repeating: 0, count: indices.count * indices.count)
        var position = 0
        for i in indices {
            let base = i &* columnCount
            for j in indices {
                selected[position] = elements[base &+ j]
                position &+= 1
            }
        }
        return Matrix(rowCount: indices.count, columnCount: indices.count, elements: selected)
    }

    /// `self` with the rows of `other` below it.
    ///
    /// - Precondition: equal column counts.
    public func stacked(on other: Matrix) -> Matrix {
        precondition(columnCount == other.columnCount, "stacking \(columnCount) on \(other.columnCount) columns")
        return Matrix(
            rowCount: rowCount + other.rowCount, columnCount: columnCount, elements: elements + other.elements)
    }

    /// The element-by-element product.
    ///
    /// - Precondition: equal shapes.
    public func multipliedElementwise(by other: Matrix) -> Matrix {
        combining(other) { $0 * $1 }
    }

    /// The sum of two matrices.
    ///
    /// - Precondition: equal shapes.
    public func adding(_ other: Matrix) -> Matrix {
        combining(other) { $0 + $1 }
    }

    /// `operation` on the elements of two matrices of one shape.
    @inlinable
    public func combining(_ other: Matrix, _ operation: (Double, Double) -> Double) -> Matrix {
        precondition(rowCount == other.rowCount && columnCount == other.columnCount, "shapes differ")
        var combined = elements
        let right = other.elements
        for index in combined.indices { combined[index] = operation(combined[index], right[index]) }
        return Matrix(rowCount: rowCount, columnCount: columnCount, elements: combined)
    }

    /// `transform` of every element.
    @inlinable
    public func mapElements(_ transform: (Double) -> Double) -> Matrix {
        Matrix(rowCount: rowCount, columnCount: columnCount, elements: elements.map(transform))
    }

    /// The sum of the diagonal.
    public var trace: Double {
        (0..<min(rowCount, columnCount)).reduce(0) { $0 + self[$1, $1] }
    }
}
