/// A whole JSON value, for headers and nested answers; rows of vectors are read without it.
indirect enum JSONValue: Sendable, Equatable {
    case object([(key: String, value: JSONValue)])
    case array([JSONValue])
    case string(String)
    /// A number, with its digits as written if it is an integer without an exponent.
    case number(Double, digits: String?)
    case bool(Bool)
    case null

    static func == (a: JSONValue, b: JSONValue) -> Bool {
        switch (a, b) {
        case (.object(let a), .object(let b)):
            a.elementsEqual(b) { $0.key == $1.key && $0.value == $1.value }
        case (.array(let a), .array(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        case (.number(let a, _), .number(let b, _)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.null, .null): true
        default: false
        }
    }

    /// The value under a key, if the value is an object.
    subscript(key: String) -> JSONValue? {
        guard case .object(let entries) = self else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// The number as a length: a non-negative integer that a double holds exactly; nil for anything else.
    var length: UInt64? {
        guard case .number(let value, _) = self else { return nil }
        return UInt64(exactly: value)
    }

    /// The texts in the value, depth first; numbers and nulls are skipped.
    var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let items): items.flatMap(\.texts)
        case .object(let entries): entries.flatMap { $0.value.texts }
        case .number, .bool, .null: []
        }
    }
}

extension JSONCursor {
    /// Reads the next value.
    mutating func value(depth: Int = 0) throws(JSONFailure) -> JSONValue {
        guard depth < Self.depthLimit else {
            throw JSONFailure(expected: "at most \(Self.depthLimit) levels of nesting", found: "more")
        }
        switch nextKind() {
        case .object:
            var entries: [(key: String, value: JSONValue)] = []
            try object { (key, cursor) throws(JSONFailure) in
                let name = try cursor.validString(key)
                entries.append((name, try cursor.value(depth: depth + 1)))
            }
            return .object(entries)
        case .array:
            position += 1
            var items: [JSONValue] = []
            if take(UInt8(ascii: "]")) { return .array(items) }
            repeat { items.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw failure("',' or ']' in an array") }
            return .array(items)
        case .string:
            let text = try text()
            return .string(try validString(text))
        case .number:
            let (value, digits) = try numberWithDigits()
            return .number(value, digits: digits)
        case .bool: return .bool(try bool())
        case .null:
            try word("null")
            return .null
        case .nothing: throw failure("a JSON value")
        }
    }

    /// Reads the next number, with its digits if it is written as an integer.
    mutating func numberWithDigits() throws(JSONFailure) -> (Double, digits: String?) {
        _ = peek()
        let start = position
        let value = try number()
        let token = bytes[start..<position]
        let isInteger = token.allSatisfy { $0 == UInt8(ascii: "-") || ($0 >= 0x30 && $0 <= 0x39) }
        return (value, isInteger ? String(decoding: token, as: UTF8.self) : nil)
    }

    /// The characters of a string that the cursor has passed; throws when they are not UTF-8.
    func validString(_ text: JSONText) throws(JSONFailure) -> String {
        guard let string = try string(text) else {
            throw JSONFailure(expected: "UTF-8 text", found: "bytes that are not UTF-8")
        }
        return string
    }
}
