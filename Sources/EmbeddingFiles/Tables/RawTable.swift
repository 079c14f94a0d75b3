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
    /// One of the first values, where it is a text or a list of texts.
    var sample: String?
    /// Whether a note says so when the column is of no use.
    var mentionsWhenUnused = false
    /// Whether the first row has a value.
    var isInFirstRecord = true

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
    /// The line or item of each row, for text files.
    var lines: [Int]?
    /// What the numbers in `lines` count.
    var unit = RecordUnit.line
    /// By row, all texts of rows that do not have one: several accepted answers, or several samples of a model.
    var several: [Int: [String]] = [:]
    /// How many texts were numbers or truth values, where others were texts.
    var spelledCount = 0
    /// The files that were joined end to end, for an array in numbered parts.
    var parts: [Part] = []

    /// One of several files that make up an array.
    struct Part: Sendable, Equatable {
        var file: String
        var rowCount: Int
    }

    /// The number of rows where they were handed on in blocks (`RowBlocks`), so that `values` has none.
    var passedRowCount: Int?

    var rowCount: Int { passedRowCount ?? values.rowCount }

    /// The rows at `indices`, in that order.
    func rows(_ indices: [Int]) -> RawColumn {
        var column = self
        column.values = values.rows(indices)
        column.lines = lines.map { all in indices.map { all[$0] } }
        column.shape = [indices.count] + shape.dropFirst()
        if !several.isEmpty {
            column.several = [:]
            for (row, index) in indices.enumerated() { column.several[row] = several[index] }
        }
        // Where rows come from several files, messages name the array.
        column.parts = []
        return column
    }

    /// The column, or one of its rows or elements, for messages.
    func place(row: Int? = nil, column: Int? = nil) -> EmbeddingFileError.Place {
        if let lines {
            let number = row.flatMap { $0 < lines.count ? lines[$0] : nil }
            return unit == .line
                ? .init(file, line: number, key: name, column: column)
                : .init(file, item: number, key: name, column: column)
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
    /// Columns that could be done without and could not be read.
    var dropped: [Dropped] = []
    /// What a user should know of how the file was read.
    var notes: [InputNote] = []
    /// The strings in the header of a safetensors file.
    var metadata: [String: String] = [:]
    /// What could not be read, when reading went on regardless.
    var problems: [EmbeddingFileError] = []

    /// A column that was left out, and why.
    struct Dropped: Sendable, Equatable {
        var outline: ColumnOutline
        var reason: EmbeddingFileError
    }
}

/// What counts the records of a text file.
enum RecordUnit: Sendable, Equatable {
    /// Lines, from 1.
    case line
    /// The items of a list, from 1.
    case item
}

/// What a column is read for.
struct ColumnUse: Sendable, Equatable {
    enum Form: Sendable { case values, names, labels }

    /// Values as they are, names of rows, or names of clusters of rows.
    var form = Form.values
    /// Whether the column is left out, instead of ending the run, when it cannot be read.
    var isOptional = false

    static let values = ColumnUse()
}

/// Which columns to read, by name, and what for.
typealias ColumnChoice = [String: ColumnUse]

/// Which columns to read, decided when the outlines are known.
struct ColumnRequest {
    /// What to read of the outlines.
    var choose: (_ outlines: [ColumnOutline]) throws(EmbeddingFileError) -> ColumnChoice
    /// Whether to go on after a column that cannot be read, and list the problem.
    var isLenient = false
    /// What may be decoded in all.
    var limit = MemoryBudget.machineLimit
    /// Where large arrays go instead of into memory; nil keeps all.
    var blocks: RowBlocks?

    /// A request for everything there is.
    static func everything(isLenient: Bool = false, limit: Int = MemoryBudget.machineLimit) -> ColumnRequest {
        ColumnRequest(
            choose: { outlines in Dictionary(outlines.map { ($0.name, .values) }) { first, _ in first } },
            isLenient: isLenient, limit: limit)
    }
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
