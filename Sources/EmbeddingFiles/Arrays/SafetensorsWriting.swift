import LinearAlgebra

/// Writes arrays as doubles with string metadata, all or nothing (`writeAtomically`); the same input gives the same bytes.
///
/// Throws `unwritableArray` when a shape does not fit its elements or a name occurs twice, and whatever `writeAtomically` throws.
package func writeSafetensors(
    _ arrays: [NamedArray], metadata: [String: String], to path: String
) throws(EmbeddingFileError) {
    try writeAtomically(try safetensorsBytes(arrays, metadata: metadata, path: path), to: path)
}

/// Reads every array and the metadata of a safetensors file.
///
/// Throws an `EmbeddingFileError` that names the file and the array at fault. An array with more than two dimensions is refused unless the
/// others have length 1.
package func readSafetensors(
    _ path: String
) throws(EmbeddingFileError) -> (arrays: [NamedArray], metadata: [String: String]) {
    let file = try FileBytes(path: path)
    return try file.withBytes { (bytes) throws(EmbeddingFileError) in
        let header = try SafetensorsHeader(bytes, file: path)
        let names = Dictionary(header.tensors.map { ($0.name, ColumnUse.values) }) { first, _ in first }
        let table = try readSafetensors(bytes, file: path, ColumnRequest { _ in names })
        var arrays: [NamedArray] = []
        for column in table.columns {
            guard let matrix = column.matrix else { continue }
            try column.validate()
            arrays.append(
                NamedArray(name: column.name, shape: column.shape, dtype: column.dtype, matrix: matrix))
        }
        return (arrays, header.metadata)
    }
}

func safetensorsBytes(
    _ arrays: [NamedArray], metadata: [String: String], path: String
) throws(EmbeddingFileError) -> [UInt8] {
    var entries: [String] = []
    if !metadata.isEmpty {
        let texts = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
        entries.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    var names: Set<String> = ["__metadata__"]
    for array in arrays {
        let place = EmbeddingFileError.Place(path, array: array.name)
        let count = array.matrix.elements.count
        guard array.shape.reduce(1, &*) == count else {
            throw .unwritableArray(
                place, expected: "a shape of \(count) elements",
                found: "(\(array.shape.map { "\($0)" }.joined(separator: ", ")))")
        }
        guard names.insert(array.name).inserted else {
            throw .unwritableArray(place, expected: "a name that is used once", found: "'\(array.name)' again")
        }
        let end = offset + count * 8
        let shape = array.shape.map { "\($0)" }.joined(separator: ",")
        entries.append(
            "\(quoted(array.name)):{\"dtype\":\"F64\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
        offset = end
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    // Blanks pad the header so that the elements start at a multiple of eight.
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)

    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += header
    for array in arrays {
        #if _endian(little)
            array.matrix.elements.withUnsafeBytes { bytes.append(contentsOf: $0) }
        #else
            for element in array.matrix.elements {
                withUnsafeBytes(of: element.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            }
        #endif
    }
    return bytes
}

/// A JSON string with its quotes.
private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
