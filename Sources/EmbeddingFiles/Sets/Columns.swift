import LinearAlgebra

/// The values of one column: numbers or texts, never both.
package enum ColumnValues: Sendable, Equatable {
    /// One vector for each row (n x d, n and d at least 1), every element finite.
    case vectors(Matrix)
    /// One text for each row, valid UTF-8.
    case texts([String])

    /// The number of rows.
    package var rowCount: Int {
        switch self {
        case .vectors(let matrix): matrix.rowCount
        case .texts(let texts): texts.count
        }
    }

    /// The width of the vectors; nil for texts.
    package var width: Int? {
        switch self {
        case .vectors(let matrix): matrix.columnCount
        case .texts: nil
        }
    }

    /// The rows at `indices`, in the order of `indices`.
    func rows(_ indices: [Int]) -> ColumnValues {
        switch self {
        case .texts(let texts): return .texts(indices.map { texts[$0] })
        case .vectors(let matrix):
            var elements: [Double] = []
            elements.reserveCapacity(indices.count * matrix.columnCount)
            for index in indices { elements.append(contentsOf: matrix.row(index)) }
            return .vectors(Matrix(rowCount: indices.count, columnCount: matrix.columnCount, elements: elements))
        }
    }
}

/// One validated column and its origin.
package struct Column: Sendable, Equatable {
    /// The name under which it is used: `visual`, `text`, `response`, `reference`, or the name of another modality.
    package var name: String
    /// The numbers or texts.
    package var values: ColumnValues
    /// The path of the file, as given.
    package var file: String
    /// The name in the file, such as `z_yhat`.
    package var key: String
    /// All texts of those rows that have several, such as several accepted references; `values` holds the first of each.
    package var several: [Int: [String]]

    /// A column under `name`, found as `key` in `file`.
    package init(name: String, values: ColumnValues, file: String, key: String, several: [Int: [String]] = [:]) {
        self.name = name
        self.values = values
        self.file = file
        self.key = key
        self.several = several
    }
}

/// One numeric array of a file, widened to double precision.
package struct NamedArray: Sendable, Equatable {
    /// The name in the file; for a `.npy` file its stem.
    package var name: String
    /// The shape as stored, before it is read as a matrix: `[90]`, `[90, 768]`, `[90, 1, 768]`.
    package var shape: [Int]
    /// The element type as stored: `float16`, `bfloat16`, `float32`, `float64`, `int8` … `uint64`, `bool`.
    package var dtype: String
    /// The elements: a 1-D array as n x 1, a 2-D array as it is, without further dimensions of length 1.
    package var matrix: Matrix

    /// An array with doubles as elements; `dtype` says how they were stored.
    package init(name: String, shape: [Int], dtype: String = "float64", matrix: Matrix) {
        self.name = name
        self.shape = shape
        self.dtype = dtype
        self.matrix = matrix
    }

    /// An array with the shape of `matrix`.
    package init(name: String, matrix: Matrix) {
        self.init(name: name, shape: [matrix.rowCount, matrix.columnCount], matrix: matrix)
    }
}
