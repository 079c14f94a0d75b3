/// The header of the npy format: magic, version, length, and a Python dictionary with `descr`, `fortran_order`, `shape`.
///
/// The format is described in `numpy.lib.format`. The parser knows only the literals that numpy writes and evaluates nothing.
enum NpyHeader {
    static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

    /// Longer headers are refused: numpy itself stops at 10,000 characters.
    static let lengthLimit = 1 << 20

    /// The number of bytes up to the first element, from at least the first 12 bytes of a file.
    ///
    /// Throws `wrongMagic`, `truncatedHeader`, `unsupportedVersion`, `headerTooLong`.
    static func byteCount(
        _ bytes: UnsafeRawBufferPointer, totalByteCount: Int, _ place: EmbeddingFileError.Place
    ) throws(EmbeddingFileError) -> Int {
        guard bytes.starts(with: magic.prefix(bytes.count)) else {
            throw .wrongMagic(place, format: "an npy array", found: firstBytes(bytes))
        }
        guard bytes.count >= 10 else { throw .truncatedHeader(place, expectedBytes: 10, foundBytes: totalByteCount) }
        let start: Int
        let length: Int
        switch bytes[6] {
        case 1:
            start = 10
            length = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
        case 2, 3:
            start = 12
            guard bytes.count >= 12 else {
                throw .truncatedHeader(place, expectedBytes: 12, foundBytes: totalByteCount)
            }
            length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
        default: throw .unsupportedVersion(place, found: "\(bytes[6]).\(bytes[7])")
        }
        guard start + length <= totalByteCount else {
            throw .truncatedHeader(place, expectedBytes: start + length, foundBytes: totalByteCount)
        }
        guard length <= lengthLimit else {
            throw .headerTooLong(place, limitBytes: lengthLimit, foundBytes: UInt64(length))
        }
        return start + length
    }

    /// Parses the header in `bytes`, which hold the whole header and nothing else.
    ///
    /// Throws `malformedHeader`, `pickledObjects`, `unsupportedElementType`, `shapeOverflow`.
    static func parse(
        _ bytes: UnsafeRawBufferPointer, name: String, _ place: EmbeddingFileError.Place
    ) throws(EmbeddingFileError) -> ArrayHeader {
        let text = bytes.dropFirst(bytes[6] == 1 ? 10 : 12)
        var literal = PythonLiteral(UnsafeRawBufferPointer(rebasing: text))
        guard let entries = literal.dictionary() else {
            throw .malformedHeader(
                place, expected: "a dictionary with 'descr', 'fortran_order' and 'shape'", found: excerpt(text.prefix { $0 != 0x0A }))
        }
        var descr: String?
        var isFortranOrder: Bool?
        var shape: [UInt64]?
        for (key, value) in entries {
            switch (key, value) {
            case ("descr", .string(let text)): descr = text
            case ("descr", .other): throw .unsupportedElementType(place, found: "a structure with fields")
            case ("fortran_order", .bool(let flag)): isFortranOrder = flag
            case ("shape", .tuple(let lengths)): shape = lengths
            default:
                throw .malformedHeader(
                    place, expected: "the entries 'descr', 'fortran_order' and 'shape'", found: "the entry '\(key)': \(value)")
            }
        }
        guard let descr, let isFortranOrder, let shape else {
            let found = entries.map { "'\($0.key)'" }.joined(separator: ", ")
            throw .malformedHeader(
                place, expected: "the entries 'descr', 'fortran_order' and 'shape'",
                found: found.isEmpty ? "no entries" : "only \(found)")
        }
        guard let (type, isBigEndian) = ElementType.numpy(descr) else {
            if descr.hasSuffix("O") || descr.hasPrefix("O") || descr.hasPrefix("|O") { throw .pickledObjects(place) }
            throw .unsupportedElementType(place, found: "the element type '\(descr)'")
        }
        return try ArrayHeader(
            name: name, type: type, isBigEndian: isBigEndian, isFortranOrder: isFortranOrder, shape: shape, place)
    }

    private static func excerpt(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        let text = String(decoding: bytes.prefix(100), as: UTF8.self).trimmingBlanks()
        return text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F } ? "\"\(text)\"" : "other bytes"
    }
}

/// The first bytes of a file for messages: as text if they are text, otherwise in hexadecimal.
func firstBytes(_ bytes: UnsafeRawBufferPointer) -> String {
    let start = bytes.prefix(6)
    if start.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return "\"\(String(decoding: start, as: UTF8.self))\"" }
    let digits = Array("0123456789abcdef")
    return start.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined(separator: " ")
}
