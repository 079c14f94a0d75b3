/// A fault of a JSON text: what was expected and what was found; the reader of the file adds the place.
struct JSONFailure: Error {
    var expected: String
    var found: String
    /// A more specific condition than a syntax error; nil when there is none.
    var condition: EmbeddingFileError?

    init(expected: String, found: String) {
        self.expected = expected
        self.found = found
    }

    init(_ condition: EmbeddingFileError) {
        self.init(expected: "", found: "")
        self.condition = condition
    }

    /// The failure as an error of a file.
    func at(_ place: EmbeddingFileError.Place) -> EmbeddingFileError {
        condition ?? .malformedText(place, expected: expected, found: found)
    }
}

/// A position in JSON text that moves forward value by value over raw bytes.
///
/// Accepts RFC 8259 and Python's `NaN`, `Infinity`, `-Infinity`, so that these can be reported as numbers that are not finite. Valid only
/// inside the closure that owns the bytes.
struct JSONCursor {
    let bytes: UnsafeRawBufferPointer
    var position: Int
    /// The end of the text; for JSON lines, the end of the line.
    let end: Int

    /// Deeper nesting is refused, because it could overflow the stack.
    static let depthLimit = 512

    init(_ bytes: UnsafeRawBufferPointer, from start: Int = 0, to end: Int? = nil) {
        self.bytes = bytes
        self.position = start
        self.end = end ?? bytes.count
    }

    /// The kind of the next value, which its first byte tells.
    enum Kind { case object, array, string, number, bool, null, nothing }

    /// Moves past blanks and returns the kind of the next value without moving past the value.
    @inline(__always)
    mutating func nextKind() -> Kind {
        switch peek() {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "N"), UInt8(ascii: "I"): .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        case UInt8(ascii: "n"): .null
        default: .nothing
        }
    }

    /// Moves past blanks and returns the next byte, or 0 at the end.
    @inline(__always)
    mutating func peek() -> UInt8 {
        while position < end {
            let byte = bytes[position]
            if byte != 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D { return byte }
            position &+= 1
        }
        return 0
    }

    /// Moves past `character` if it comes next, and returns whether it did.
    @inline(__always)
    mutating func take(_ character: UInt8) -> Bool {
        guard peek() == character, position < end else { return false }
        position &+= 1
        return true
    }

    /// The text at the position, for messages.
    mutating func found() -> String {
        let byte = peek()
        if position >= end { return "the end of the text" }
        switch nextKind() {
        case .object: return "an object"
        case .array: return "an array"
        case .string: return "a text"
        case .number: return "a number"
        case .bool, .null, .nothing: break
        }
        var ahead = self
        for word: StaticString in ["true", "false", "null"] where (try? ahead.word(word)) != nil { return "\(word)" }
        return byte > 0x20 && byte < 0x7F ? "'\(Unicode.Scalar(byte))'" : "the byte \(byte)"
    }

    mutating func failure(_ expected: String) -> JSONFailure {
        JSONFailure(expected: expected, found: found())
    }

    /// Calls `body` for each key of the next object; `body` must move past the value.
    mutating func object(
        _ body: (_ key: JSONText, inout JSONCursor) throws(JSONFailure) -> Void
    ) throws(JSONFailure) {
        guard take(UInt8(ascii: "{")) else { throw failure("a JSON object") }
        if take(UInt8(ascii: "}")) { return }
        repeat {
            guard peek() == UInt8(ascii: "\"") else { throw failure("a key in double quotes") }
            let key = try text()
            guard take(UInt8(ascii: ":")) else { throw failure("':' after a key") }
            try body(key, &self)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure("',' or '}' in an object") }
    }

    /// Moves past the next value of any kind and checks its syntax.
    mutating func skipValue(depth: Int = 0) throws(JSONFailure) {
        guard depth < Self.depthLimit else {
            throw JSONFailure(expected: "at most \(Self.depthLimit) levels of nesting", found: "more")
        }
        switch nextKind() {
        case .object: try object { (_, cursor) throws(JSONFailure) in try cursor.skipValue(depth: depth + 1) }
        case .array:
            position += 1
            if take(UInt8(ascii: "]")) { return }
            repeat { try skipValue(depth: depth + 1) } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw failure("',' or ']' in an array") }
        case .string: _ = try text()
        case .number: _ = try number()
        case .bool: _ = try bool()
        case .null: try word("null")
        case .nothing: throw failure("a JSON value")
        }
    }

    /// Reads the next `true` or `false`.
    mutating func bool() throws(JSONFailure) -> Bool {
        if peek() == UInt8(ascii: "t") {
            try word("true")
            return true
        }
        try word("false")
        return false
    }

    /// Moves past `word`; throws when something else comes next.
    mutating func word(_ word: StaticString) throws(JSONFailure) {
        _ = peek()
        let length = word.utf8CodeUnitCount
        let isThere =
            position + length <= end
            && (0..<length).allSatisfy { bytes[position + $0] == word.utf8Start[$0] }
        guard isThere else {
            throw JSONFailure(expected: "\(word)", found: position < end ? "other characters" : "the end of the text")
        }
        position += length
    }

    /// Checks that only blanks follow.
    mutating func expectEnd() throws(JSONFailure) {
        _ = peek()
        if position < end { throw failure("nothing after the value") }
    }
}
