/// One record of a comma- or tab-separated file.
package struct TextRecord: Sendable, Equatable {
    /// The line on which the record starts, from 1.
    package let line: Int
    /// The fields, unquoted.
    package let fields: [String]
}

/// Reads a whole file as text; `-` is standard input.
///
/// Throws an `EmbeddingFileError` if the file cannot be opened, is larger than memory or is not UTF-8.
package func readText(_ path: String) throws(EmbeddingFileError) -> String {
    let place = EmbeddingFileError.Place(path)
    let file = try FileBytes(path: path, streamLimit: FileBytes.textLimit) { (bytes) throws(EmbeddingFileError) in
        if bytes.contains(0) { throw .invalidUTF8(place, found: wideEncoding(bytes)) }
    }
    return try file.withBytes { (bytes) throws(EmbeddingFileError) in
        if bytes.count > FileBytes.textLimit {
            throw .exceedsMemory(place, neededBytes: bytes.count, availableBytes: FileBytes.textLimit)
        }
        try checkText(bytes, place)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalidUTF8(place) }
        return text
    }
}

/// The raw records of a table, with RFC 4180's quoting; tabs separate fields in `.tsv` files, commas in all others.
///
/// Throws an `EmbeddingFileError` if the file cannot be opened or is no such table.
package func readRecords(_ path: String) throws(EmbeddingFileError) -> [TextRecord] {
    let file = try FileBytes(path: path, streamLimit: FileBytes.textLimit)
    let separator = FileFormat(path: path) == .tabSeparated ? UInt8(ascii: "\t") : UInt8(ascii: ",")
    return try file.withContent(of: path) { (bytes) throws(EmbeddingFileError) in
        try checkText(bytes, .init(path))
        var reader = DelimitedRecords(bytes, separator: separator, file: path)
        var fields: [DelimitedRecords.Field] = []
        var records: [TextRecord] = []
        while try reader.next(&fields) {
            var texts: [String] = []
            for field in fields { texts.append(try reader.string(field, key: "").trimmingBlanks()) }
            if texts != [""] { records.append(TextRecord(line: reader.line, fields: texts)) }
        }
        return records
    }
}

/// Throws for UTF-16 and UTF-32, and for what starts with zeros: a file that was made to its length and never written may hold gigabytes.
func checkText(_ bytes: UnsafeRawBufferPointer, _ place: EmbeddingFileError.Place) throws(EmbeddingFileError) {
    if let encoding = wideEncoding(bytes) { throw .invalidUTF8(place, found: encoding) }
    if bytes.prefix(4096).contains(0) { throw .malformedText(place, expected: "text", found: "bytes that are zero") }
}
