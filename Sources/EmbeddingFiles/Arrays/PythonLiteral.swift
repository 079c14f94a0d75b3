/// Reads the few Python literals that npy headers contain.
struct PythonLiteral {
    /// One value of the dictionary.
    enum Value: CustomStringConvertible {
        case string(String), bool(Bool), tuple([UInt64])
        /// A list of fields, or any other value; the parser skips it.
        case other

        var description: String {
            switch self {
            case .string(let text): "'\(text)'"
            case .bool(let flag): flag ? "True" : "False"
            case .tuple(let lengths): "(\(lengths.map { "\($0)" }.joined(separator: ", ")))"
            case .other: "another value"
            }
        }
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The entries of a dictionary that fills the text up to trailing blanks; nil when the text is no dictionary.
    mutating func dictionary() -> [(key: String, value: Value)]? {
        guard take("{") else { return nil }
        var entries: [(key: String, value: Value)] = []
        while !take("}") {
            guard let key = string(), take(":"), let value = value() else { return nil }
            guard !entries.contains(where: { $0.key == key }) else { return nil }
            entries.append((key, value))
            guard take(",") || peek() == UInt8(ascii: "}") else { return nil }
        }
        skipBlanks()
        return position == bytes.count ? entries : nil
    }

    /// The strings of a list as Python's `str` writes it, such as `['net', "fisher's net"]`; nil for anything else.
    static func texts(_ literal: String) -> [String]? {
        guard literal.hasPrefix("["), literal.hasSuffix("]") else { return nil }
        var texts: [String] = []
        var characters = literal.unicodeScalars.dropFirst().makeIterator()
        var next = characters.next()
        func isBlank(_ scalar: Unicode.Scalar?) -> Bool { scalar == " " || scalar == "\n" }
        while true {
            while isBlank(next) { next = characters.next() }
            guard let quote = next, quote == "'" || quote == "\"" else { return nil }
            var text = String.UnicodeScalarView()
            next = characters.next()
            while let scalar = next, scalar != quote {
                if scalar == "\\" {
                    switch characters.next() {
                    case "n"?: text.append("\n")
                    case "t"?: text.append("\t")
                    case let escaped? where escaped == "'" || escaped == "\"" || escaped == "\\": text.append(escaped)
                    default: return nil
                    }
                } else {
                    text.append(scalar)
                }
                next = characters.next()
            }
            guard next != nil else { return nil }
            texts.append(String(text))
            next = characters.next()
            while isBlank(next) { next = characters.next() }
            if next == "," {
                next = characters.next()
            } else {
                return next == "]" && characters.next() == nil ? texts : nil
            }
        }
    }

    private mutating func value() -> Value? {
        switch peek() {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): string().map { .string($0) }
        case UInt8(ascii: "T"): takeWord("True") ? .bool(true) : nil
        case UInt8(ascii: "F"): takeWord("False") ? .bool(false) : nil
        case UInt8(ascii: "("): tuple().map { .tuple($0) }
        case UInt8(ascii: "["): skipBrackets() ? .other : nil
        default: nil
        }
    }

    private mutating func string() -> String? {
        skipBlanks()
        guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
        let start = position + 1
        guard let end = bytes[start...].firstIndex(of: quote) else { return nil }
        position = end + 1
        let text = bytes[start..<end]
        return text.contains(UInt8(ascii: "\\")) ? nil : String(validating: text, as: UTF8.self)
    }

    /// Reads `()`, `(90,)` or `(90, 768)`; Python 2 wrote long integers with an L.
    private mutating func tuple() -> [UInt64]? {
        guard take("(") else { return nil }
        var lengths: [UInt64] = []
        while !take(")") {
            skipBlanks()
            let digits = bytes[position...].prefix { $0 >= 0x30 && $0 <= 0x39 }
            guard let length = UInt64(String(decoding: digits, as: UTF8.self)), lengths.count < 64 else { return nil }
            position += digits.count
            lengths.append(length)
            _ = take("L")
            guard take(",") || peek() == UInt8(ascii: ")") else { return nil }
        }
        return lengths
    }

    private mutating func skipBrackets() -> Bool {
        var depth = 0
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "[") { depth += 1 }
            if bytes[position] == UInt8(ascii: "]") { depth -= 1 }
            position += 1
            if depth == 0 { return true }
        }
        return false
    }

    private mutating func skipBlanks() {
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x0A { position += 1 }
    }

    private mutating func peek() -> UInt8? {
        skipBlanks()
        return position < bytes.count ? bytes[position] : nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let byte = peek(), byte == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func takeWord(_ word: StaticString) -> Bool {
        skipBlanks()
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count else { return false }
        for i in 0..<length where bytes[position + i] != word.utf8Start[i] { return false }
        position += length
        return true
    }
}
