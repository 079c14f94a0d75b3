/// Turns a `.json` file into JSON lines with the same content: its objects one below the other.
///
/// | form | from |
/// |---|---|
/// | a list of objects | `json.dump`, pandas `orient="records"`, VLMEvalKit's option |
/// | an object with a list of objects under one key | lmms-eval's logs (`logs`), Inspect (`samples`), VQA (`annotations`) |
/// | an object of columns, lists or objects by row | pandas `to_json`, `datasets.Dataset.to_dict` |
/// | an object of objects | results by question id; the key becomes the id |
/// | objects one below the other | JSON lines under the wrong name |
///
/// Returns nil for a file that already is JSON lines.
func jsonLines(of bytes: UnsafeRawBufferPointer, file: String) throws(EmbeddingFileError) -> [UInt8]? {
    let place = EmbeddingFileError.Place(file)
    var cursor = JSONCursor(bytes, from: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
    do throws(JSONFailure) {
        if cursor.nextKind() == .array { return try items(&cursor, bytes) }
        guard cursor.nextKind() == .object else { throw cursor.failure("a list of objects") }
        let start = cursor
        try cursor.skipValue()
        if cursor.peek() != 0 { return try objects(from: start, bytes) }
        var whole = start
        return try rows(of: try whole.value(), place)
    } catch {
        throw error.at(place)
    }
}

/// The items of a list, each on its own line; blanks replace line ends within an item.
private func items(_ cursor: inout JSONCursor, _ bytes: UnsafeRawBufferPointer) throws(JSONFailure) -> [UInt8] {
    var lines: [UInt8] = []
    lines.reserveCapacity(bytes.count)
    cursor.position += 1
    if !cursor.take(UInt8(ascii: "]")) {
        repeat {
            guard cursor.nextKind() == .object else { throw cursor.failure("a list of objects") }
            try append(&cursor, bytes, to: &lines)
        } while cursor.take(UInt8(ascii: ","))
        guard cursor.take(UInt8(ascii: "]")) else { throw cursor.failure("',' or ']' in a list") }
    }
    try cursor.expectEnd()
    return lines
}

/// Objects one below the other, whatever their line breaks.
private func objects(from start: JSONCursor, _ bytes: UnsafeRawBufferPointer) throws(JSONFailure) -> [UInt8] {
    var cursor = start
    var lines: [UInt8] = []
    lines.reserveCapacity(bytes.count)
    while cursor.peek() != 0 {
        guard cursor.nextKind() == .object else { throw cursor.failure("a JSON object") }
        try append(&cursor, bytes, to: &lines)
    }
    return lines
}

private func append(
    _ cursor: inout JSONCursor, _ bytes: UnsafeRawBufferPointer, to lines: inout [UInt8]
) throws(JSONFailure) {
    let start = cursor.position
    try cursor.skipValue()
    for byte in bytes[start..<cursor.position] { lines.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte) }
    lines.append(0x0A)
}

/// The rows that one object describes.
private func rows(of value: JSONValue, _ place: EmbeddingFileError.Place) throws(JSONFailure) -> [UInt8] {
    guard case .object(let entries) = value else { return [] }
    var writer = RecordWriter()
    let lists = entries.filter { $0.value.isListOfObjects }
    let preferred = ["samples", "logs", "data", "rows", "records", "results", "predictions", "annotations", "questions", "instances"]
    if lists.count == 1 || lists.contains(where: { preferred.contains($0.key) }),
        !entries.isEmpty, let list = preferred.lazy.compactMap({ name in lists.first { $0.key == name } }).first ?? lists.first,
        case .array(let items) = list.value, !isRow(entries, lists)
    {
        for (index, item) in items.enumerated() {
            guard case .object(let row) = item else { continue }
            writer.write(row, line: index + 1)
        }
        return writer.bytes
    }
    // The layout of pandas' orient="split".
    if case .array(let columns)? = value["columns"], case .array(let data)? = value["data"] {
        let names = columns.map(\.label)
        for (index, item) in data.enumerated() {
            guard case .array(let cells) = item, cells.count == names.count else {
                throw JSONFailure(expected: "\(names.count) cells in row \(index) (from 0), as 'columns' has names", found: item.kind)
            }
            writer.write(Array(zip(names, cells)).map { (key: $0.0, value: $0.1) }, line: index + 1)
        }
        return writer.bytes
    }
    if let table = columns(entries) {
        for row in 0..<table.rowCount {
            writer.write(table.columns.map { (key: $0.key, value: $0.cells[row]) }, line: row + 1)
        }
        return writer.bytes
    }
    let objects = entries.filter { if case .object = $0.value { true } else { false } }
    if objects.count == entries.count, entries.count > 1 {
        for (index, entry) in entries.enumerated() {
            guard case .object(let row) = entry.value else { continue }
            let isNamed = row.contains { Role(name: $0.key, kind: .texts) == .id }
            writer.write((isNamed ? [] : [(key: "id", value: .string(entry.key))]) + row, line: index + 1)
        }
        return writer.bytes
    }
    writer.write(entries, line: 1)
    return writer.bytes
}

/// Whether an object is a single row, such as a chat with its turns.
private func isRow(
    _ entries: [(key: String, value: JSONValue)], _ lists: [(key: String, value: JSONValue)]
) -> Bool {
    lists.contains { ["messages", "conversations", "choices"].contains($0.key) }
        || entries.contains { Role(name: $0.key, kind: .texts) == .response && !$0.value.isListOfObjects }
}

/// The rows of columns of one length, which are lists or objects with the same keys.
private func columns(
    _ entries: [(key: String, value: JSONValue)]
) -> (columns: [(key: String, cells: [JSONValue])], rowCount: Int)? {
    var columns: [(key: String, cells: [JSONValue])] = []
    var names: [String]?
    for (key, value) in entries {
        switch value {
        case .array(let cells): columns.append((key, cells))
        case .object(let cells):
            let keys = cells.map(\.key)
            guard names == nil || names == keys else { return nil }
            names = keys
            columns.append((key, cells.map(\.value)))
        default: return nil
        }
    }
    guard let count = columns.first?.cells.count, count > 0, columns.count > 1,
        columns.allSatisfy({ $0.cells.count == count }),
        columns.contains(where: { Role(name: $0.key, kind: .texts) != nil || Role(name: $0.key, kind: .vectors) != nil })
    else { return nil }
    return (columns, count)
}

extension JSONValue {
    fileprivate var isListOfObjects: Bool {
        guard case .array(let items) = self, !items.isEmpty else { return false }
        return items.allSatisfy { if case .object = $0 { true } else { false } }
    }
}
