import LinearAlgebra

/// The kind of values in a column, known before they are read.
enum ColumnKind: Sendable, Equatable {
    /// A vector for each row.
    case vectors
    /// A number for each row.
    case numbers
    /// A text for each row.
    case texts
    /// Something that cannot be a column: too many dimensions, pickled or nested.
    case other
}

/// One column of a file before it is read.
struct ColumnOutline: Sendable, Equatable {
    /// The name in the file.
    var name: String
    var kind: ColumnKind
    /// The column's role, if its name has one in this file.
    var role: Role?
    /// The reason why it cannot be read, if that is known already; thrown when the column is wanted.
    var problem: EmbeddingFileError?
    /// The shape as stored; nil if the file does not tell it beforehand.
    var shape: [Int]?
    /// The type of the value if no column can be made of it: `object`, `array`, `null`.
    var valueType: String?
    /// One of the first values, if it is a text or a list of texts.
    var sample: String?
    /// Whether a note mentions the column if nothing uses it.
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

    /// An outline whose role its name tells.
    init(name: String, kind: ColumnKind, problem: EmbeddingFileError? = nil, shape: [Int]? = nil) {
        self.init(name: name, kind: kind, role: Role(name: name, kind: kind), problem: problem, shape: shape)
    }
}

/// One column as it was read, before the check for finite values.
struct RawColumn: Sendable, Equatable {
    /// The name in the file.
    var name: String
    var kind: ColumnKind
    var role: Role?
    var values: ColumnValues
    /// The shape as stored.
    var shape: [Int]
    var dtype: String
    var order = "C"
    /// The file that holds the column, which may differ from the file of the table.
    var file: String
    /// Whether the file consists of this one array, so that messages need not name the array.
    var isWholeFile = false
    /// The line or item number of each row, for text files.
    var lines: [Int]?
    /// What the numbers in `lines` count.
    var unit = RecordUnit.line
    /// All texts of those rows that do not have exactly one: several accepted answers, or several samples of a model.
    var several: [Int: [String]] = [:]
    /// The number of values that were numbers or truth values although others were texts.
    var spelledCount = 0
    /// The files that were joined end to end, if the array comes in numbered parts.
    var parts: [Part] = []

    /// One of several files that make up an array.
    struct Part: Sendable, Equatable {
        var file: String
        var rowCount: Int
    }

    /// The number of rows where they were handed on in blocks (`RowBlocks`), so that `values` has none.
    var passedRowCount: Int?
    /// Whether rows that were handed on are wanted in another order, or not all of them.
    var arePassedRowsMoved = false

    var rowCount: Int { passedRowCount ?? values.rowCount }

    /// The rows at `indices`, in the order of `indices`.
    func rows(_ indices: [Int]) -> RawColumn {
        var column = self
        if passedRowCount != nil {
            column.passedRowCount = indices.count
            column.arePassedRowsMoved = true
            return column
        }
        column.values = values.rows(indices)
        column.lines = lines.map { all in indices.map { all[$0] } }
        column.shape = [indices.count] + shape.dropFirst()
        if !several.isEmpty {
            column.several = [:]
            for (row, index) in indices.enumerated() { column.several[row] = several[index] }
        }
        // The parts no longer describe the new order, so messages name the array instead.
        column.parts = []
        return column
    }

    /// The place of the column, or of one of its rows or elements, for messages.
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

    /// Checks that there is at least one row and one column and that all numbers are finite; throws `noRows`, `noColumns` or `notFinite`,
    /// which names the first row and column at fault.
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
    /// All columns of the file, in its order, whether read or not.
    var outlines: [ColumnOutline]
    /// The columns that were chosen and read.
    var columns: [RawColumn] = []
    /// Every file that was read.
    var files: [String]
    /// Columns that were skipped because emi would not use them, if reading was lenient.
    var unused: [ColumnOutline] = []
    /// Optional columns that could not be read.
    var dropped: [Dropped] = []
    /// What the user should know about how the file was read.
    var notes: [InputNote] = []
    /// The strings in the header of a safetensors file.
    var metadata: [String: String] = [:]
    /// The errors that lenient reading collected instead of throwing.
    var problems: [EmbeddingFileError] = []

    /// A column that was left out, and why.
    struct Dropped: Sendable, Equatable {
        var outline: ColumnOutline
        var reason: EmbeddingFileError
    }
}

/// What the record numbers of a text file count.
enum RecordUnit: Sendable, Equatable {
    /// Lines, from 1.
    case line
    /// The items of a list, from 1.
    case item
}

/// The purpose for which a column is read.
struct ColumnUse: Sendable, Equatable {
    enum Form: Sendable { case values, names, labels }

    /// How to read it: its values, as names of rows, or as labels of clusters.
    var form = Form.values
    /// Whether the column is left out if it cannot be read, instead of ending the run.
    var isOptional = false

    static let values = ColumnUse()
}

/// The columns to read, by name, each with its purpose.
typealias ColumnChoice = [String: ColumnUse]

/// Decides which columns to read once the outlines are known.
struct ColumnRequest {
    /// Chooses from the outlines what to read.
    var choose: (_ outlines: [ColumnOutline]) throws(EmbeddingFileError) -> ColumnChoice
    /// Whether to continue after a column that cannot be read, and list the problem.
    var isLenient = false
    /// The number of bytes that may be decoded in all.
    var limit = MemoryBudget.machineLimit
    /// Where large arrays go instead of into memory; nil keeps all.
    var blocks: RowBlocks?

    /// A request for all columns.
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
    /// The number as messages spell it: `nan`, `infinity`, `-infinity`, `0.5`.
    var spelled: String { isNaN ? "nan" : isInfinite ? (self < 0 ? "-infinity" : "infinity") : "\(self)" }
}
