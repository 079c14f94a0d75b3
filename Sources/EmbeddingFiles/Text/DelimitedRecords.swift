/// Reads the records of comma- or tab-separated text one after the other, with the quoting of RFC 4180.
///
/// A field in double quotes may hold separators, line ends and doubled quotes. Records end with LF or CRLF. A byte order mark is skipped.
struct DelimitedRecords {
    /// The range of the bytes of one field, without its quotes.
    struct Field {
        var start: Int
        var end: Int
        /// Whether the field contains doubled quotes, each of which stands for a single one.
        var hasDoubledQuotes = false
        var isQuoted = false
    }

    let bytes: UnsafeRawBufferPointer
    private let file: String
    private let separator: UInt8
    private var position: Int
    private var nextLine = 1
    /// The line on which the last record started, from 1.
    private(set) var line = 0

    init(_ bytes: UnsafeRawBufferPointer, separator: UInt8, file: String) {
        self.bytes = bytes
        self.file = file
        self.separator = separator
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// Reads the fields of the next record into `fields`; returns false at the end.
    mutating func next(_ fields: inout [Field]) throws(EmbeddingFileError) -> Bool {
        fields.removeAll(keepingCapacity: true)
        if position >= bytes.count { return false }
        line = nextLine
        while true {
            fields.append(
                position < bytes.count && bytes[position] == UInt8(ascii: "\"") ? try quotedField() : plainField())
            guard position < bytes.count else { return true }
            let byte = bytes[position]
            position += 1
            if byte == separator { continue }
            // The field ended before an LF or a CRLF.
            if byte == 0x0D { position += 1 }
            nextLine += 1
            return true
        }
    }

    /// The characters of a field.
    func string(_ field: Field, key: String) throws(EmbeddingFileError) -> String {
        let content = bytes[field.start..<field.end]
        let text: String?
        if field.hasDoubledQuotes {
            var unquoted: [UInt8] = []
            var index = field.start
            while index < field.end {
                unquoted.append(bytes[index])
                index += bytes[index] == UInt8(ascii: "\"") ? 2 : 1
            }
            text = String(validating: unquoted, as: UTF8.self)
        } else {
            text = String(validating: content, as: UTF8.self)
        }
        guard let text else { throw .invalidUTF8(.init(file, line: line, key: key)) }
        return text
    }

    /// The number in a field, which may be `nan` or infinite; nil if the field holds no number.
    func number(_ field: Field) -> Double? {
        var cursor = JSONCursor(bytes, from: field.start, to: field.end)
        if let value = try? cursor.number(), (try? cursor.expectEnd()) != nil { return value }
        let text = String(decoding: bytes[field.start..<field.end], as: UTF8.self)
        return Double(text.trimmingBlanks())
    }

    private mutating func plainField() -> Field {
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == separator || byte == 0x0A { break }
            if byte == 0x0D && (position + 1 == bytes.count || bytes[position + 1] == 0x0A) { break }
            position &+= 1
        }
        return Field(start: start, end: position)
    }

    private mutating func quotedField() throws(EmbeddingFileError) -> Field {
        let startLine = nextLine
        position += 1
        var field = Field(start: position, end: position, isQuoted: true)
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                guard position + 1 < bytes.count, bytes[position + 1] == byte else { break }
                field.hasDoubledQuotes = true
                position += 1
            } else if byte == 0x0A {
                nextLine += 1
            }
            position += 1
        }
        guard position < bytes.count else {
            throw .malformedText(
                .init(file, line: startLine), expected: "a closing quote", found: "the end of the file")
        }
        field.end = position
        position += 1
        let isAtEnd =
            position == bytes.count || bytes[position] == separator || bytes[position] == 0x0A
            || bytes[position] == 0x0D
        guard isAtEnd else {
            throw .malformedText(
                .init(file, line: nextLine), expected: "a separator after a closing quote",
                found: "'\(Unicode.Scalar(bytes[position]))'")
        }
        return field
    }
}

extension String {
    /// The text without blanks around it.
    func trimmingBlanks() -> String {
        let start = firstIndex { $0 != " " && $0 != "\t" } ?? endIndex
        let end = lastIndex { $0 != " " && $0 != "\t" }.map { index(after: $0) } ?? endIndex
        return String(self[start..<max(start, end)])
    }
}
