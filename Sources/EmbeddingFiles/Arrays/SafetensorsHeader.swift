/// The header of a safetensors file, after checks: lengths multiply without overflow, and byte ranges are contiguous and within the file.
struct SafetensorsHeader {
    /// Longer headers are refused, as the reference implementation does.
    static let byteLimit = 100_000_000

    /// One array and the range of its bytes; a failure is thrown only when someone asks for the array.
    struct Tensor {
        var name: String
        var header: Result<ArrayHeader, EmbeddingFileError>
        var range: Range<Int>
    }

    /// The arrays, in the order of their bytes.
    var tensors: [Tensor] = []
    /// The strings under `__metadata__`.
    var metadata: [String: String] = [:]

    init(_ bytes: UnsafeRawBufferPointer, file: String) throws(EmbeddingFileError) {
        let place = EmbeddingFileError.Place(file)
        guard bytes.count >= 8 else { throw .truncatedHeader(place, expectedBytes: 8, foundBytes: bytes.count) }
        let stored = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        guard stored <= UInt64(Self.byteLimit) else {
            throw bytes.count > 8 && bytes[8] == UInt8(ascii: "{")
                ? .headerTooLong(place, limitBytes: Self.byteLimit, foundBytes: stored)
                : .wrongMagic(place, format: "a safetensors file", found: firstBytes(bytes))
        }
        let start = 8 + Int(stored)
        guard start <= bytes.count else {
            throw .truncatedHeader(place, expectedBytes: start, foundBytes: bytes.count)
        }
        let entries = try Self.entries(UnsafeRawBufferPointer(rebasing: bytes[8..<start]), place)
        for (name, value) in entries {
            if name == "__metadata__" {
                metadata = try Self.metadata(value, place)
            } else {
                tensors.append(try Self.tensor(name, value, start: start, file: file))
            }
        }
        tensors.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        try checkRanges(start: start, end: bytes.count, file: file)
    }

    private static func entries(
        _ header: UnsafeRawBufferPointer, _ place: EmbeddingFileError.Place
    ) throws(EmbeddingFileError) -> [(key: String, value: JSONValue)] {
        guard header.first == UInt8(ascii: "{") else {
            throw .malformedHeader(place, expected: "a JSON object as header", found: firstBytes(header))
        }
        var cursor = JSONCursor(header)
        do throws(JSONFailure) {
            let value = try cursor.value()
            try cursor.expectEnd()
            if case .object(let entries) = value {
                var names: Set<String> = []
                if let twice = entries.first(where: { !names.insert($0.key).inserted }) {
                    throw JSONFailure(expected: "each array once in the header", found: "'\(twice.key)' twice")
                }
                return entries
            }
            throw JSONFailure(expected: "a JSON object as header", found: "another value")
        } catch {
            throw .malformedHeader(place, expected: error.expected, found: error.found + " in the header")
        }
    }

    private static func metadata(
        _ value: JSONValue, _ place: EmbeddingFileError.Place
    ) throws(EmbeddingFileError) -> [String: String] {
        var metadata: [String: String] = [:]
        guard case .object(let entries) = value else {
            throw .malformedHeader(place, expected: "an object under __metadata__", found: "another value")
        }
        for (key, value) in entries {
            guard case .string(let text) = value else {
                throw .malformedHeader(
                    place, expected: "strings under __metadata__", found: "another value for '\(key)'")
            }
            metadata[key] = text
        }
        return metadata
    }

    private static func tensor(
        _ name: String, _ value: JSONValue, start: Int, file: String
    ) throws(EmbeddingFileError) -> Tensor {
        let place = EmbeddingFileError.Place(file, array: name)
        guard case .string(let dtype) = value["dtype"], case .array(let lengths) = value["shape"],
            case .array(let offsets) = value["data_offsets"], offsets.count == 2,
            let from = offsets[0].length.flatMap({ Int(exactly: $0) }),
            let to = offsets[1].length.flatMap({ Int(exactly: $0) })
        else {
            throw .malformedHeader(
                place, expected: "'dtype', 'shape' and two 'data_offsets'", found: "an entry without them")
        }
        let shape = lengths.compactMap(\.length)
        guard shape.count == lengths.count else {
            throw .malformedHeader(place, expected: "lengths in 'shape'", found: "a value that is none")
        }
        guard from <= to, to <= .max - start else {
            throw .malformedHeader(place, expected: "offsets in ascending order", found: "\(from) and \(to)")
        }
        let range = (start + from)..<(start + to)
        guard let type = ElementType.safetensors(dtype) else {
            return Tensor(name: name, header: .failure(.unsupportedElementType(place, found: "the element type '\(dtype)'")), range: range)
        }
        let header = try ArrayHeader(name: name, type: type, shape: shape, place)
        guard header.dataByteCount == range.count else {
            throw .malformedHeader(
                place,
                expected: "\(header.dataByteCount) bytes for the shape (\(shape.map { "\($0)" }.joined(separator: ", "))) of \(dtype)",
                found: "offsets \(range.count) bytes apart")
        }
        return Tensor(name: name, header: .success(header), range: range)
    }

    private func checkRanges(start: Int, end: Int, file: String) throws(EmbeddingFileError) {
        var position = start
        for tensor in tensors {
            guard tensor.range.lowerBound == position else {
                throw .malformedHeader(
                    .init(file, array: tensor.name), expected: "data from byte \(position - start), where the array before ends",
                    found: "byte \(tensor.range.lowerBound - start)")
            }
            position = tensor.range.upperBound
        }
        let place = EmbeddingFileError.Place(file)
        if position > end { throw .truncatedData(place, expectedBytes: position - start, foundBytes: end - start) }
        if position < end { throw .surplusData(place, expectedBytes: position - start, foundBytes: end - start) }
    }
}
