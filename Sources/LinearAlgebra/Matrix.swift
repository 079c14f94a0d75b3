/// A dense matrix of doubles in row-major order.
///
/// Elements are always doubles: in single precision the divergence of a sample from a permutation of its own rows comes out negative, and
/// the bound takes its fourth root. Values are widened when they are loaded.
///
///     let identity = Matrix(rowCount: 2, columnCount: 2, elements: [1, 0, 0, 1])
///     identity[1, 1]  // 1
package struct Matrix: Sendable, Equatable {
    /// The number of rows.
    package let rowCount: Int
    /// The number of columns.
    package let columnCount: Int
    /// The elements, row after row; `rowCount * columnCount` of them.
    package private(set) var elements: [Double]

    /// A matrix with `elements` in row-major order.
    ///
    /// - Precondition: `elements.count == rowCount * columnCount`.
    package init(rowCount: Int, columnCount: Int, elements: [Double]) {
        precondition(rowCount >= 0 && columnCount >= 0, "a matrix needs non-negative dimensions")
        precondition(elements.count == rowCount * columnCount, "elements do not fill \(rowCount) x \(columnCount)")
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.elements = elements
    }

    /// A matrix of zeros.
    package static func zeros(_ rowCount: Int, _ columnCount: Int) -> Matrix {
        Matrix(
            rowCount: rowCount, columnCount: columnCount,
            elements: [Double](repeating: 0, count: rowCount * columnCount))
    }

    /// A matrix from rows of equal length.
    ///
    /// - Precondition: all rows have the same length.
    package init(rows: [[Double]]) {
        let width = rows.first?.count ?? 0
        precondition(rows.allSatisfy { $0.count == width }, "rows of different lengths")
        self.init(rowCount: rows.count, columnCount: width, elements: rows.flatMap { $0 })
    }

    /// A matrix whose element (i, j) is `element(i, j)`.
    @inlinable
    package init(rowCount: Int, columnCount: Int, element: (Int, Int) -> Double) {
        var elements: [Double] = []
        elements.reserveCapacity(rowCount * columnCount)
        for i in 0..<rowCount {
            for j in 0..<columnCount { elements.append(element(i, j)) }
        }
        self.init(rowCount: rowCount, columnCount: columnCount, elements: elements)
    }

    /// The element in `row` and `column`.
    @inlinable
    package subscript(row: Int, column: Int) -> Double {
        get { elements[row &* columnCount &+ column] }
        set { setElement(newValue, at: row &* columnCount &+ column) }
    }

    @usableFromInline
    mutating func setElement(_ value: Double, at index: Int) { elements[index] = value }

    /// Calls `body` with the elements in place, for loops that read or write many of them.
    package mutating func withElements<Result>(_ body: (inout [Double]) throws -> Result) rethrows -> Result {
        defer { precondition(elements.count == rowCount * columnCount, "elements were added or removed") }
        return try body(&elements)
    }

    /// The elements of one row.
    package func row(_ index: Int) -> ArraySlice<Double> {
        elements[(index * columnCount)..<((index + 1) * columnCount)]
    }

    /// The elements of one column.
    package func column(_ index: Int) -> [Double] {
        (0..<rowCount).map { self[$0, index] }
    }

    /// The transpose.
    package var transposed: Matrix {
        var result = Matrix.zeros(columnCount, rowCount)
        result.withElements { out in
            for i in 0..<rowCount {
                for j in 0..<columnCount { out[j &* rowCount &+ i] = elements[i &* columnCount &+ j] }
            }
        }
        return result
    }
}
