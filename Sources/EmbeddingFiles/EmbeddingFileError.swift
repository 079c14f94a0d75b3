/// What is wrong with a file: one case for each condition, with what is needed to say it in one sentence.
///
/// `description` is "where: expected X, found Y"; `hint` says what to do; `code` names the condition in reports.
public enum EmbeddingFileError: Error, Sendable, Equatable {
    // The path.
    case missingFile(Place)
    case folderInsteadOfFile(Place)
    case fileInsteadOfFolder(Place)
    case unreadable(Place, reason: String)
    case emptyFile(Place)
    case unknownFormat(Place, found: String)

    // Headers and bodies.
    case wrongMagic(Place, format: String, found: String)
    case unsupportedVersion(Place, found: String)
    case truncatedHeader(Place, expectedBytes: Int, foundBytes: Int)
    case headerTooLong(Place, limitBytes: Int, foundBytes: UInt64)
    case malformedHeader(Place, expected: String, found: String)
    case truncatedData(Place, expectedBytes: Int, foundBytes: Int)
    case surplusData(Place, expectedBytes: Int, foundBytes: Int)
    case unsupportedElementType(Place, found: String)
    case pickledObjects(Place)

    // Shapes.
    case shapeOverflow(Place, shape: [UInt64])
    case tooManyDimensions(Place, shape: [Int])
    case noRows(Place, shape: [Int])
    case noColumns(Place, shape: [Int])
    case exceedsMemory(Place, neededBytes: Int, availableBytes: Int)

    // Archives.
    case damagedArchive(Place, reason: String)
    case declaredSizeMismatch(Place, expectedBytes: Int, declaredBytes: UInt64)
    case suspiciousCompression(Place, declaredBytes: UInt64, compressedBytes: UInt64)

    // Values.
    case notFinite(Place, found: String)
    case malformedText(Place, expected: String, found: String)
    case invalidUTF8(Place)
    case missingKey(Place, key: String, found: [String])
    case raggedVectors(Place, expectedLength: Int, foundLength: Int)
    case wrongKind(Place, expected: String, found: String)

    // Columns of a set.
    case missingRole(Place, role: String, aliases: [String], found: [String])
    case missingModality(Place, found: [String])
    case ambiguousRole(Place, role: String, names: [String])
    case missingArray(Place, name: String, found: [String])
    case ambiguousArray(Place, wanted: [String], found: [String])
    case missingPart(Place, expected: String, found: [String])
    case rowCountMismatch(Place, expectedCount: Int, other: Place, foundCount: Int)
    case widthMismatch(Place, expectedWidth: Int, other: Place, foundWidth: Int)
    case missingIdentifiers(Place, identifiers: [String], count: Int, other: Place)
    case duplicateIdentifiers(Place, identifiers: [String], count: Int)

    // Writing.
    case missingOutputFolder(Place, folder: String)
    case unwritable(Place, reason: String)
    case diskFull(Place, byteCount: Int)
    case unwritableArray(Place, expected: String, found: String)

    /// Where in which file something was found.
    public struct Place: Sendable, Equatable, CustomStringConvertible {
        /// The path, as given.
        public var file: String
        /// The array in the file; nil where the file is one array.
        public var array: String?
        /// The row of an array, counted from 0.
        public var row: Int?
        /// The line of a text file, counted from 1.
        public var line: Int?
        /// The key of a JSON object or the column of a table.
        public var key: String?
        /// The column of an array or the element of a vector, counted from 0.
        public var column: Int?

        /// A place in `file`; the more is given, the closer it is.
        public init(
            _ file: String, array: String? = nil, row: Int? = nil, line: Int? = nil, key: String? = nil,
            column: Int? = nil
        ) {
            self.file = file
            self.array = array
            self.row = row
            self.line = line
            self.key = key
            self.column = column
        }

        /// `clean.npz: array 'response', row 17, column 3 (0-based)` or `a.jsonl: line 18, key 'response', element 3 (0-based)`.
        public var description: String {
            let details = self.details
            return details.isEmpty ? file : "\(file): \(details)"
        }

        /// The place within the file: `array 'response', row 17, column 3 (0-based)`.
        var details: String {
            var parts: [String] = []
            if let array { parts.append("array '\(array)'") }
            if let line { parts.append("line \(line)") }
            if let key { parts.append("key '\(key)'") }
            if let row { parts.append("row \(row)") }
            if let column { parts.append(line == nil && key == nil ? "column \(column)" : "element \(column)") }
            return parts.joined(separator: ", ") + (row != nil || column != nil ? " (0-based)" : "")
        }

        /// `array 'response' of clean.npz`, as the subject of a sentence.
        var phrase: String {
            let details = self.details
            return details.isEmpty ? file : "\(details) of \(file)"
        }
    }
}
