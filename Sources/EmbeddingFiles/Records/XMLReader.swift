/// Reads an XML text piece by piece, as much of XML 1.0 as the parts of a workbook use.
///
/// It refuses document types and all entities except XML's five and characters by number, so that nothing can expand.
struct XMLReader {
    enum Piece: Equatable {
        case start(name: String, attributes: [String: String])
        case text(String)
        case end(name: String)
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var pendingEnd: String?

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The next piece, with names without prefixes; nil at the end.
    mutating func next() throws(JSONFailure) -> Piece? {
        if let name = pendingEnd {
            pendingEnd = nil
            return .end(name: name)
        }
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else { return .text(try text()) }
            if starts("<!--") {
                try skip(past: "-->")
            } else if starts("<?") {
                try skip(past: "?>")
            } else if starts("<![CDATA[") {
                let start = position + 9
                try skip(past: "]]>")
                return .text(String(decoding: bytes[start..<(position - 3)], as: UTF8.self))
            } else if starts("<!") {
                throw JSONFailure(expected: "XML without a document type", found: "one")
            } else {
                return try tag()
            }
        }
        return nil
    }

    private mutating func tag() throws(JSONFailure) -> Piece {
        position += 1
        let isEnd = position < bytes.count && bytes[position] == UInt8(ascii: "/")
        if isEnd { position += 1 }
        let name = try self.name()
        var attributes: [String: String] = [:]
        while true {
            skipBlanks()
            guard position < bytes.count else { throw JSONFailure(expected: "'>' after a tag", found: "the end of the text") }
            switch bytes[position] {
            case UInt8(ascii: ">"):
                position += 1
                return isEnd ? .end(name: name) : .start(name: name, attributes: attributes)
            case UInt8(ascii: "/"):
                position += 1
                skipBlanks()
                guard position < bytes.count, bytes[position] == UInt8(ascii: ">") else {
                    throw JSONFailure(expected: "'>' after '/'", found: "other characters")
                }
                position += 1
                pendingEnd = name
                return .start(name: name, attributes: attributes)
            default:
                let key = try self.name()
                skipBlanks()
                guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else {
                    throw JSONFailure(expected: "'=' after an attribute", found: "other characters")
                }
                position += 1
                skipBlanks()
                guard position < bytes.count, case let quote = bytes[position],
                    quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
                    let end = bytes[(position + 1)...].firstIndex(of: quote)
                else { throw JSONFailure(expected: "an attribute in quotes", found: "other characters") }
                attributes[key] = try unescaped(bytes[(position + 1)..<end])
                position = end + 1
            }
        }
    }

    /// Reads a name up to a blank, '=', '/' or '>' and drops everything up to its last colon.
    private mutating func name() throws(JSONFailure) -> String {
        let start = position
        while position < bytes.count, bytes[position] > 0x20, ![0x3D, 0x2F, 0x3E, 0x3C].contains(bytes[position]) { position += 1 }
        guard position > start else { throw JSONFailure(expected: "a name in a tag", found: "other characters") }
        let part = bytes[start..<position]
        let local = part.lastIndex(of: UInt8(ascii: ":")).map { part[($0 + 1)...] } ?? part
        return String(decoding: local, as: UTF8.self)
    }

    private mutating func text() throws(JSONFailure) -> String {
        let start = position
        position = bytes[start...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        return try unescaped(bytes[start..<position])
    }

    private func unescaped(_ part: Slice<UnsafeRawBufferPointer>) throws(JSONFailure) -> String {
        guard part.contains(UInt8(ascii: "&")) else { return String(decoding: part, as: UTF8.self) }
        var text: [UInt8] = []
        var index = part.startIndex
        while index < part.endIndex {
            guard part[index] == UInt8(ascii: "&") else {
                text.append(part[index])
                index += 1
                continue
            }
            guard let end = part[index...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
                throw JSONFailure(expected: "';' after '&'", found: "other characters")
            }
            let name = String(decoding: part[(index + 1)..<end], as: UTF8.self)
            let scalar: Unicode.Scalar? =
                switch name {
                case "amp": "&"
                case "lt": "<"
                case "gt": ">"
                case "quot": "\""
                case "apos": "'"
                case _ where name.hasPrefix("#x"): UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
                case _ where name.hasPrefix("#"): UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
                default: nil
                }
            guard let scalar else { throw JSONFailure(expected: "an entity of XML itself", found: "'&\(name);'") }
            text.append(contentsOf: String(Character(scalar)).utf8)
            index = end + 1
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func starts(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        return position + length <= bytes.count && (0..<length).allSatisfy { bytes[position + $0] == word.utf8Start[$0] }
    }

    private mutating func skip(past word: StaticString) throws(JSONFailure) {
        while position < bytes.count {
            if starts(word) {
                position += word.utf8CodeUnitCount
                return
            }
            position += 1
        }
        throw JSONFailure(expected: "\(word)", found: "the end of the text")
    }

    private mutating func skipBlanks() {
        while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
    }
}
