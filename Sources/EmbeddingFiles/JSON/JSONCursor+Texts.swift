/// A JSON string that the cursor has passed: its position, and whether it has escapes.
struct JSONText {
    /// The range of the bytes between the quotes.
    var start: Int
    var end: Int
    var hasEscapes: Bool
}

extension JSONCursor {
    /// Moves past the next string and returns its position.
    @inline(__always)
    mutating func text() throws(JSONFailure) -> JSONText {
        guard take(UInt8(ascii: "\"")) else { throw failure("a text in double quotes") }
        let start = position
        var hasEscapes = false
        while position < end {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position &+= 1
                return JSONText(start: start, end: position &- 1, hasEscapes: hasEscapes)
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                position &+= 1
            } else if byte < 0x20 {
                throw JSONFailure(expected: "control characters in a text as escapes", found: "the byte \(byte)")
            }
            position &+= 1
        }
        position = end
        throw JSONFailure(expected: "a closing quote", found: "the end of the text")
    }

    /// The characters of a string that the cursor has passed; nil when its bytes are not UTF-8.
    func string(_ text: JSONText) throws(JSONFailure) -> String? {
        if !text.hasEscapes { return String(validating: bytes[text.start..<text.end], as: UTF8.self) }
        var unescaped: [UInt8] = []
        unescaped.reserveCapacity(text.end - text.start)
        var index = text.start
        while index < text.end {
            let byte = bytes[index]
            index += 1
            if byte != UInt8(ascii: "\\") {
                unescaped.append(byte)
                continue
            }
            let escape = index < text.end ? bytes[index] : 0
            index += 1
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(escape)
            case UInt8(ascii: "n"): unescaped.append(0x0A)
            case UInt8(ascii: "t"): unescaped.append(0x09)
            case UInt8(ascii: "r"): unescaped.append(0x0D)
            case UInt8(ascii: "b"): unescaped.append(0x08)
            case UInt8(ascii: "f"): unescaped.append(0x0C)
            case UInt8(ascii: "u"):
                let scalar = try unicodeEscape(&index, text.end)
                unescaped.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            default:
                throw JSONFailure(expected: "one of the escapes of JSON", found: "'\\\(Unicode.Scalar(escape))'")
            }
        }
        return String(validating: unescaped, as: UTF8.self)
    }

    /// Whether a string that the cursor has passed consists of exactly these bytes, without escapes.
    @inline(__always)
    func matches(_ text: JSONText, _ key: [UInt8]) -> Bool {
        let length = text.end &- text.start
        guard !text.hasEscapes && length == key.count else { return false }
        for i in 0..<length where bytes[text.start &+ i] != key[i] { return false }
        return true
    }

    private func unicodeEscape(_ index: inout Int, _ end: Int) throws(JSONFailure) -> Unicode.Scalar {
        let high = try hexadecimal(&index, end)
        if let scalar = Unicode.Scalar(high) { return scalar }
        let isPair =
            high < 0xDC00 && index + 1 < end && bytes[index] == UInt8(ascii: "\\")
            && bytes[index + 1] == UInt8(ascii: "u")
        if isPair {
            index += 2
            let low = try hexadecimal(&index, end)
            if low >= 0xDC00 && low < 0xE000,
                let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
            {
                return scalar
            }
        }
        throw JSONFailure(
            expected: "surrogates in pairs", found: "\\u\(String(high, radix: 16)) alone")
    }

    private func hexadecimal(_ index: inout Int, _ end: Int) throws(JSONFailure) -> UInt32 {
        guard index + 4 <= end else {
            throw JSONFailure(expected: "four hexadecimal digits after \\u", found: "the end of the text")
        }
        var value: UInt32 = 0
        for byte in bytes[index..<(index + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw JSONFailure(
                    expected: "four hexadecimal digits after \\u", found: "'\(Unicode.Scalar(byte))'")
            }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }
}
