/// How the elements of a binary array are stored.
enum ElementType: Sendable, Equatable {
    case float16, bfloat16, float32, float64
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case bool
    /// UCS-4 code points, padded with zeros to `length` (numpy `<U`).
    case unicode(length: Int)
    /// Bytes padded with zeros to `length` (numpy `|S`).
    case bytes(length: Int)

    /// The number of bytes of one element.
    var byteCount: Int {
        switch self {
        case .int8, .uint8, .bool: 1
        case .float16, .bfloat16, .int16, .uint16: 2
        case .float32, .int32, .uint32: 4
        case .float64, .int64, .uint64: 8
        case .unicode(let length): length * 4
        case .bytes(let length): length
        }
    }

    /// Whether the elements are strings.
    var isText: Bool {
        switch self {
        case .unicode, .bytes: true
        default: false
        }
    }

    /// The type's name in reports, such as `float32`.
    var name: String {
        switch self {
        case .unicode(let length): "unicode\(length)"
        case .bytes(let length): "bytes\(length)"
        default: "\(self)"
        }
    }

    /// The type that a numpy `descr` such as `<f4`, `>i8`, `|b1` or `<U12` names, and whether its bytes are big-endian.
    static func numpy(_ descr: String) -> (type: ElementType, isBigEndian: Bool)? {
        let characters = Array(descr.utf8)
        guard characters.count >= 3, let size = Int(descr.dropFirst(2)), size >= 0, size <= 1 << 28 else { return nil }
        let isBigEndian: Bool
        switch characters[0] {
        case UInt8(ascii: "<"), UInt8(ascii: "|"), UInt8(ascii: "="): isBigEndian = false
        case UInt8(ascii: ">"): isBigEndian = true
        default: return nil
        }
        let type: ElementType? =
            switch (characters[1], size) {
            case (UInt8(ascii: "f"), 2): .float16
            case (UInt8(ascii: "f"), 4): .float32
            case (UInt8(ascii: "f"), 8): .float64
            case (UInt8(ascii: "i"), 1): .int8
            case (UInt8(ascii: "i"), 2): .int16
            case (UInt8(ascii: "i"), 4): .int32
            case (UInt8(ascii: "i"), 8): .int64
            case (UInt8(ascii: "u"), 1): .uint8
            case (UInt8(ascii: "u"), 2): .uint16
            case (UInt8(ascii: "u"), 4): .uint32
            case (UInt8(ascii: "u"), 8): .uint64
            case (UInt8(ascii: "b"), 1): .bool
            case (UInt8(ascii: "U"), _): .unicode(length: size)
            case (UInt8(ascii: "S"), _): .bytes(length: size)
            default: nil
            }
        return type.map { ($0, isBigEndian) }
    }

    /// The type that a safetensors header names.
    static func safetensors(_ name: String) -> ElementType? {
        switch name {
        case "F16": .float16
        case "BF16": .bfloat16
        case "F32": .float32
        case "F64": .float64
        case "I8": .int8
        case "I16": .int16
        case "I32": .int32
        case "I64": .int64
        case "U8": .uint8
        case "U16": .uint16
        case "U32": .uint32
        case "U64": .uint64
        case "BOOL": .bool
        default: nil
        }
    }
}
