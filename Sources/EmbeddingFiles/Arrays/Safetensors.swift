/// Reads a `.safetensors` file, which consists of eight bytes of length, a JSON header, and the elements without gaps.
///
/// The header's `__metadata__` may hold identifiers and groups under `id` and `group`, as JSON arrays of strings.
func readSafetensors(
    _ bytes: UnsafeRawBufferPointer, file: String, _ request: ColumnRequest
) throws(EmbeddingFileError) -> RawTable {
    let header = try SafetensorsHeader(bytes, file: file)
    var outlines = header.tensors.map { tensor in
        let place = EmbeddingFileError.Place(file, array: tensor.name)
        return switch tensor.header {
        case .success(let array): array.outline(place)
        case .failure(let problem): ColumnOutline(name: tensor.name, kind: .other, problem: problem)
        }
    }
    let names = Set(outlines.map(\.name))
    var texts: [RawColumn] = []
    for key in ["id", "group"] where !names.contains(key) {
        guard let text = header.metadata[key] else { continue }
        let column = try textColumn(key, text, file: file)
        texts.append(column)
        outlines.append(ColumnOutline(name: key, kind: .texts, shape: column.shape))
    }

    var table = RawTable(file: file, format: .safetensors, outlines: outlines, files: [file])
    table.metadata = header.metadata
    var budget = MemoryBudget(limit: request.limit)
    let chosen = try request.choose(outlines)
    for tensor in header.tensors where chosen[tensor.name] != nil {
        do throws(EmbeddingFileError) {
            let array = try tensor.header.get()
            let data = UnsafeRawBufferPointer(rebasing: bytes[tensor.range])
            table.columns.append(try array.column(from: data, in: file, isWholeFile: false, budget: &budget, blocks: request.blocks))
        } catch {
            if !request.isLenient { throw error }
            table.problems.append(error)
        }
    }
    table.columns += texts.filter { chosen[$0.name] != nil }
    return table
}

private func textColumn(_ key: String, _ text: String, file: String) throws(EmbeddingFileError) -> RawColumn {
    let place = EmbeddingFileError.Place(file, array: key)
    var text = text
    let value: JSONValue? = text.withUTF8 { buffer in
        var cursor = JSONCursor(UnsafeRawBufferPointer(buffer))
        guard let value = try? cursor.value(), (try? cursor.expectEnd()) != nil else { return nil }
        return value
    }
    var texts: [String] = []
    if case .array(let items) = value { texts = items.compactMap(\.identifier) }
    guard case .array(let items) = value, items.count == texts.count else {
        throw .malformedHeader(place, expected: "a JSON array of strings in __metadata__", found: "other text")
    }
    return RawColumn(
        name: key, kind: .texts, role: Role(name: key, kind: .texts), values: .texts(texts), shape: [texts.count],
        dtype: "text", file: file)
}

extension JSONValue {
    /// A string or a number as an identifier; integers keep their digits.
    var identifier: String? {
        switch self {
        case .string(let text): text
        case .number(let value, let digits): digits ?? value.identifier
        case .bool, .null, .array, .object: nil
        }
    }
}

extension Double {
    /// The number as an identifier: 17 and 17.0 both give `17`, and 0.5 gives `0.5`.
    var identifier: String { Int(exactly: self).map { "\($0)" } ?? "\(self)" }
}
