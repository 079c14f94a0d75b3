import LinearAlgebra

/// What kind of values a column holds, told before they are read.
enum ColumnKind: Sendable, Equatable {
    /// A vector for each row.
    case vectors
    /// A number for each row.
    case numbers
    /// A text for each row.
    case texts
    /// Nothing that a column can be: too many dimensions, pickled, nested.
    case other
}

/// One column of a file before it is read.
struct ColumnOutline: Sendable, Equatable {
    /// The name in the file.
    var name: String
    var kind: ColumnKind
    /// What the name means in this file.
    var role: Role?
    /// Why it cannot be read, where that is known already; thrown when the column is wanted.
    var problem: EmbeddingFileError?
    /// The number of stored columns or the type, for files that say so beforehand.
    var shape: [Int]?
    /// What stands under a key that no column can be made of: `object`, `array`, `null`.
    var valueType: String?

    init(name: String, kind: ColumnKind, role: Role?, problem: EmbeddingFileError? = nil, shape: [Int]? = nil) {
        self.name = name
        self.kind = kind
        self.role = role
        self.problem = problem
        self.shape = shape
    }

    /// An outline whose role follows from its name.
    init(name: String, kind: ColumnKind, problem: EmbeddingFileError? = nil, shape: [Int]? = nil) {
        self.init(name: name, kind: kind, role: Role(name: name, kind: kind), problem: problem, shape: shape)
    }
}

/// One column as it was read, not yet checked for finite values.
struct RawColumn: Sendable, Equatable {
    /// The name in the file.
    var name: String
    var kind: ColumnKind
    var role: Role?
    var values: ColumnValues
    /// As stored.
    var shape: [Int]
    var dtype: String
    var order = "C"
    /// The file that holds it, where that is not the file of the table.
    var file: String
    /// Whether the file is this one array, so that messages do not name it.
    var isWholeFile = false
    /// The line of each row, for text files.
    var lines: [Int]?
    /// The files that were joined end to end, for an array in numbered parts.
    var parts: [Part] = []

    /// One of several files that make up an array.
    struct Part: Sendable, Equatable {
        var file: String
        var rowCount: Int
    }

    var rowCount: Int { values.rowCount }

    /// The column, or one of its rows or elements, for messages.
    func place(row: Int? = nil, column: Int? = nil) -> EmbeddingFileError.Place {
        if let lines {
            return .init(file, line: row.map { lines[$0] }, key: name, column: column)
        }
        if var rowInPart = row, !parts.isEmpty {
            for part in parts {
                if rowInPart < part.rowCount { return .init(part.file, row: rowInPart, column: column) }
                rowInPart -= part.rowCount
            }
        }
        return .init(file, array: isWholeFile ? nil : name, row: row, column: column)
    }

    /// Throws `noRows`, `noColumns` and `notFinite`, which name the first row and column at fault.
    func validate() throws(EmbeddingFileError) {
        if rowCount == 0 { throw .noRows(place(), shape: shape) }
        guard case .vectors(let matrix) = values else { return }
        if matrix.columnCount == 0 { throw .noColumns(place(), shape: shape) }
        guard let index = matrix.elements.firstNonFiniteIndex else { return }
        let (row, column) = index.quotientAndRemainder(dividingBy: matrix.columnCount)
        throw .notFinite(place(row: row, column: column), found: matrix.elements[index].spelled)
    }
}

/// The columns that were read from one file or folder.
struct RawTable: Sendable, Equatable {
    var file: String
    var format: FileFormat
    /// Everything there is, in the order of the file.
    var outlines: [ColumnOutline]
    /// What was chosen.
    var columns: [RawColumn] = []
    /// Every file that was read.
    var files: [String]
    /// What was passed over, when reading went on regardless: nothing that this program would use.
    var unused: [ColumnOutline] = []
    /// The strings in the header of a safetensors file.
    var metadata: [String: String] = [:]
    /// What could not be read, when reading went on regardless.
    var problems: [EmbeddingFileError] = []
}

/// Which columns to read, decided when the outlines are known.
struct ColumnRequest {
    /// The names to read out of the outlines.
    var choose: (_ outlines: [ColumnOutline]) throws(EmbeddingFileError) -> Set<String>
    /// Whether to go on after a column that cannot be read, and list the problem.
    var isLenient = false
    /// What may be decoded in all.
    var limit = MemoryBudget.machineLimit
}

extension [Double] {
    /// The index of the first NaN or infinity.
    ///
    /// A first pass adds up `x - x`, which is zero for finite values and NaN for all others, eight at a time.
    var firstNonFiniteIndex: Int? {
        let isFinite = withUnsafeBufferPointer { buffer -> Bool in
            guard let base = UnsafeRawPointer(buffer.baseAddress) else { return true }
            var sums = SIMD8<Double>.zero
            let blocks = buffer.count / 8
            for block in 0..<blocks {
                let values = base.loadUnaligned(fromByteOffset: block &* 64, as: SIMD8<Double>.self)
                sums += values - values
            }
            return sums.sum() == 0 && buffer[(blocks * 8)...].allSatisfy(\.isFinite)
        }
        return isFinite ? nil : firstIndex { !$0.isFinite }
    }
}

extension Double {
    /// As messages spell it: `nan`, `infinity`, `-infinity`, `0.5`.
    var spelled: String { isNaN ? "nan" : isInfinite ? (self < 0 ? "-infinity" : "infinity") : "\(self)" }
}
