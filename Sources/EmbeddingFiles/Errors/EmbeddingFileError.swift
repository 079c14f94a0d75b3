/// What is wrong with a file: one case for each condition, with everything that its message needs.
///
/// `description` is "where: expected X, found Y"; `hint` says what to do; `code` names the condition in reports.
package enum EmbeddingFileError: Error, Sendable, Equatable {
    // The path.
    /// There is nothing at the path.
    case missingFile(Place)
    /// The path is a folder where one file or array is needed.
    case folderInsteadOfFile(Place)
    /// A part of the path that should be a folder is a file.
    case fileInsteadOfFolder(Place)
    /// The file exists but cannot be read; the reason comes from the system.
    case unreadable(Place, reason: String)
    /// The path leads to a device or a socket, which holds no file and may have no end.
    case specialFile(Place, found: String)
    /// The file has no bytes, or a text file no lines.
    case emptyFile(Place)
    /// Neither the ending of the name nor, for a pipe, the first bytes belong to a known format.
    case unknownFormat(Place, found: String)

    // Headers and bodies.
    /// The first bytes are not those of the format that the name says.
    case wrongMagic(Place, format: String, found: String)
    /// A version of the npy format that does not exist yet.
    case unsupportedVersion(Place, found: String)
    /// The file ends before its header does.
    case truncatedHeader(Place, expectedBytes: Int, foundBytes: Int)
    /// The header claims a length that no sound file has.
    case headerTooLong(Place, limitBytes: Int, foundBytes: UInt64)
    /// The header can be read but lacks what it must say.
    case malformedHeader(Place, expected: String, found: String)
    /// There are fewer bytes of elements than the shape needs.
    case truncatedData(Place, expectedBytes: Int, foundBytes: Int)
    /// There are more bytes of elements than the shape needs.
    case surplusData(Place, expectedBytes: Int, foundBytes: Int)
    /// Elements that are neither numbers nor strings.
    case unsupportedElementType(Place, found: String)
    /// Python objects, which would have to be executed to be read.
    case pickledObjects(Place)

    // Shapes.
    /// The product of the shape is beyond 64 bits.
    case shapeOverflow(Place, shape: [UInt64])
    /// More than two dimensions longer than 1.
    case tooManyDimensions(Place, shape: [Int])
    /// A length of zero where there must be a row.
    case noRows(Place, shape: [Int])
    /// A width of zero where there must be a column.
    case noColumns(Place, shape: [Int])
    /// The decoded elements would exceed the memory.
    case exceedsMemory(Place, neededBytes: Int, availableBytes: Int)

    // Archives.
    /// The archive lacks the directory that belongs at its end.
    case truncatedArchive(Place, foundBytes: Int)
    /// The archive is damaged; the reason comes from libzip or zlib.
    case damagedArchive(Place, reason: String)
    /// A member of an archive declares a size that differs from what the header of its array needs.
    case declaredSizeMismatch(Place, expectedBytes: Int, declaredBytes: UInt64)
    /// More than 256 MB compressed more than 1000 to 1.
    case suspiciousCompression(Place, declaredBytes: UInt64, compressedBytes: UInt64)

    // Values.
    /// A NaN or an infinity.
    case notFinite(Place, found: String)
    /// A syntax error of JSON or of a table.
    case malformedText(Place, expected: String, found: String)
    /// A text that is not UTF-8; `found` names the encoding that it seems to have.
    case invalidUTF8(Place, found: String? = nil)
    /// A table that separates its fields by another character than its file name says.
    case otherSeparator(Place, expected: String, found: String)
    /// A line of JSON without a key that other lines have.
    case missingKey(Place, key: String, found: [String])
    /// A vector whose length differs from that of the vectors before.
    case raggedVectors(Place, expectedLength: Int, foundLength: Int)
    /// A value of the wrong kind: a text instead of a vector, or several texts instead of one.
    case wrongKind(Place, expected: String, found: String)

    // Columns of a set.
    /// No array for the response or the reference.
    case missingRole(Place, role: String, aliases: [String], found: [String])
    /// No array for any part of the query.
    case missingModality(Place, found: [String])
    /// Two arrays have the same role.
    case ambiguousRole(Place, role: String, names: [String])
    /// The user named an array that does not exist.
    case missingArray(Place, name: String, found: [String])
    /// Several arrays could be meant, and the user named none.
    case ambiguousArray(Place, wanted: [String], found: [String])
    /// A gap in numbered files or columns.
    case missingPart(Place, expected: String, found: [String])
    /// Two arrays of different length.
    case rowCountMismatch(Place, expectedCount: Int, other: Place, foundCount: Int)
    /// Two arrays that must have the same width differ.
    case widthMismatch(Place, expectedWidth: Int, other: Place, foundWidth: Int)
    /// Identifiers of one file that the other lacks; `instead` gives some that only the other has.
    case missingIdentifiers(Place, identifiers: [String], count: Int, other: Place, instead: [String] = [])
    /// Identifiers that occur more than once although rows are joined by them.
    case duplicateIdentifiers(Place, identifiers: [String], count: Int)

    // Writing.
    /// The folder of an output file does not exist.
    case missingOutputFolder(Place, folder: String)
    /// The file cannot be written; the reason comes from the system.
    case unwritable(Place, reason: String)
    /// There is no room for an output file.
    case diskFull(Place, byteCount: Int)
    /// An array whose shape or name cannot be written.
    case unwritableArray(Place, expected: String, found: String)

    /// A place in a file: the file, and as far as known the array, row, line, key and column.
    package struct Place: Sendable, Equatable, CustomStringConvertible {
        /// The path, as given.
        package var file: String
        /// The array in the file; nil if the file is a single array.
        package var array: String?
        /// The row of an array, counted from 0.
        package var row: Int?
        /// The line of a text file, counted from 1.
        package var line: Int?
        /// The item of a list in a JSON file, counted from 1.
        package var item: Int?
        /// The key of a JSON object or the column of a table.
        package var key: String?
        /// The column of an array or the element of a vector, counted from 0.
        package var column: Int?

        /// A place in `file`, as precise as the arguments say.
        package init(
            _ file: String, array: String? = nil, row: Int? = nil, line: Int? = nil, item: Int? = nil,
            key: String? = nil, column: Int? = nil
        ) {
            self.file = file
            self.array = array
            self.row = row
            self.line = line
            self.item = item
            self.key = key
            self.column = column
        }

        /// The place in words: `clean.npz: array 'response', row 17, column 3 (from 0)` or `a.jsonl: line 18, key 'response', element 3
        /// (from 0)`.
        package var description: String {
            let details = self.details
            let name = file.isEmpty ? "''" : file == "-" ? "standard input" : file
            return details.isEmpty ? name : "\(name): \(details)"
        }

        /// The place within the file: `array 'response', row 17, column 3 (from 0)`.
        var details: String {
            var parts: [String] = []
            if let array { parts.append("array '\(array)'") }
            if let line { parts.append("line \(line)") }
            if let item { parts.append("item \(item)") }
            if let key { parts.append("key '\(key)'") }
            if let row { parts.append("row \(row)") }
            if let column { parts.append(line == nil && key == nil ? "column \(column)" : "element \(column)") }
            return parts.joined(separator: ", ") + (row != nil || column != nil ? " (from 0)" : "")
        }

        /// The place as the subject of a sentence: `array 'response' of clean.npz`.
        var phrase: String {
            let details = self.details
            return details.isEmpty ? file : "\(details) of \(file)"
        }
    }
}
