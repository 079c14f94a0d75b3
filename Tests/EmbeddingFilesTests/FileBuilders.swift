import Foundation

/// The bytes of a `.npy` file, written from the description of the format.
func npy(
    _ descr: String, _ shape: String, _ data: [UInt8] = [], fortran: Bool = false, version: UInt8 = 1
) -> [UInt8] {
    npy(header: "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }", data, version: version)
}

/// The bytes of a `.npy` file with any text as its header.
func npy(header: String, _ data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    let start = version == 1 ? 10 : 12
    let padding = String(repeating: " ", count: 63 - (start + header.utf8.count) % 64)
    let text = Array((header + padding + "\n").utf8)
    let length = version == 1 ? littleEndian(UInt16(text.count)) : littleEndian(UInt32(text.count))
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + data
}

/// A float32 array in C order.
func npy(floats rows: [[Float]]) -> [UInt8] {
    npy("<f4", "(\(rows.count), \(rows.first?.count ?? 0))", rows.flatMap { $0.flatMap { littleEndian($0.bitPattern) } })
}

/// A one-dimensional array of texts.
func npy(texts: [String]) -> [UInt8] {
    let width = texts.map(\.unicodeScalars.count).max() ?? 0
    let data = texts.flatMap { text in
        let codes = text.unicodeScalars.map(\.value)
        return (codes + [UInt32](repeating: 0, count: width - codes.count)).flatMap { littleEndian($0) }
    }
    return npy("<U\(width)", "(\(texts.count),)", data)
}

func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
func bigEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

/// One member of a zip archive and what its entries claim.
struct ZipMember {
    var name: String
    /// As stored in the archive.
    var data: [UInt8]
    /// 0 for stored, 8 for deflated.
    var method: UInt16 = 0
    var declaredByteCount: UInt32?
    var checksum: UInt32?
}

/// The bytes of a zip archive, written from the description of the format.
func zip(_ members: [ZipMember]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
        let offset = UInt32(bytes.count)
        let name = Array(member.name.utf8)
        var common = littleEndian(UInt16(20)) + littleEndian(UInt16(0)) + littleEndian(member.method)
        common += littleEndian(UInt32(0x0021_0000))
        common += littleEndian(member.checksum ?? crc32(member.data))
        common += littleEndian(UInt32(member.data.count))
        common += littleEndian(member.declaredByteCount ?? UInt32(member.data.count))
        common += littleEndian(UInt16(name.count)) + littleEndian(UInt16(0))
        bytes += littleEndian(UInt32(0x0403_4B50)) + common + name + member.data
        directory += littleEndian(UInt32(0x0201_4B50)) + littleEndian(UInt16(20)) + common
        directory += [UInt8](repeating: 0, count: 10) + littleEndian(offset) + name
    }
    let start = UInt32(bytes.count)
    bytes += directory + littleEndian(UInt32(0x0605_4B50)) + littleEndian(UInt32(0))
    bytes += littleEndian(UInt16(members.count)) + littleEndian(UInt16(members.count))
    bytes += littleEndian(UInt32(directory.count)) + littleEndian(start) + littleEndian(UInt16(0))
    return bytes
}

/// An archive of stored npy members.
func npz(_ arrays: KeyValuePairs<String, [UInt8]>) -> [UInt8] {
    zip(arrays.map { ZipMember(name: $0.key + ".npy", data: $0.value) })
}

/// A deflate stream that holds `data` uncompressed.
func deflated(_ data: [UInt8]) -> [UInt8] {
    let length = UInt16(data.count)
    return [1] + littleEndian(length) + littleEndian(~length) + data
}

func crc32(_ data: [UInt8]) -> UInt32 {
    var checksum = ~UInt32(0)
    for byte in data {
        checksum ^= UInt32(byte)
        for _ in 0..<8 {
            let isOdd = checksum & 1 == 1
            checksum >>= 1
            if isOdd { checksum ^= 0xEDB8_8320 }
        }
    }
    return ~checksum
}

/// The bytes of a safetensors file.
func safetensors(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + data
}

/// A good npz with `count` rows of `width`, for tests of everything else.
func goodBundle(rows count: Int = 3, width: Int = 2) -> [UInt8] {
    func array(_ offset: Float) -> [UInt8] {
        npy(floats: (0..<count).map { row in (0..<width).map { Float(row * width + $0) + offset } })
    }
    return npz(["visual": array(0), "text": array(0.25), "response": array(0.5), "reference": array(0.75)])
}
