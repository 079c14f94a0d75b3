import LinearAlgebra

/// Reads `.csv` (separated by commas) or `.tsv` (by tabs) with a header line: columns of text, or vectors as numbered
/// columns.
func readDelimitedText(
    _ bytes: UnsafeRawBufferPointer, file: String, format: FileFormat, _ request: ColumnRequest
) throws(EmbeddingFileError) -> RawTable {
    let separator = format == .tabSeparated ? UInt8(ascii: "\t") : UInt8(ascii: ",")
    var records = DelimitedRecords(bytes, separator: separator, file: file)
    var fields: [DelimitedRecords.Field] = []
    guard try records.next(&fields) else { throw .emptyFile(.init(file)) }
    let place = EmbeddingFileError.Place(file, line: 1)
    var header: [String] = []
    for field in fields { header.append(try records.string(field, key: "").trimmingBlanks()) }
    var seen: Set<String> = []
    if let twice = header.first(where: { !seen.insert($0).inserted }) {
        throw .malformedText(place, expected: "each column once", found: "'\(twice)' twice")
    }

    var firstRecord = records
    let hasRows = try firstRecord.next(&fields)
    let firstFields = fields
    let columns = try DelimitedColumn.columns(
        header: header,
        isNumber: { !hasRows || ($0 < firstFields.count && firstRecord.number(firstFields[$0]) != nil) }, place)
    let outlines = columns.map { ColumnOutline(name: $0.name, kind: $0.kind) }
    var table = RawTable(file: file, format: format, outlines: outlines, files: [file])
    let chosen = try request.choose(outlines)
    if chosen.isEmpty { return table }
    var budget = MemoryBudget(limit: request.limit)
    try budget.spend(elementCount: bytes.count / 2, .init(file))

    var reader = DelimitedReader(file: file, columns: columns.filter { chosen.contains($0.name) })
    while true {
        do throws(EmbeddingFileError) {
            guard try records.next(&fields) else { break }
            if header.count > 1, fields.count == 1, !fields[0].isQuoted, fields[0].start == fields[0].end { continue }
            guard fields.count == header.count else {
                let found = fields.count == 1 ? "1 field" : "\(fields.count) fields"
                throw .malformedText(
                    .init(file, line: records.line), expected: "\(header.count) fields, as in the header",
                    found: found)
            }
            try reader.read(fields, records)
        } catch {
            if !request.isLenient { throw error }
            if table.problems.count < 20 { table.problems.append(error) }
            reader.takeBackRecord()
        }
    }
    table.columns = reader.finished()
    return table
}

/// The chosen columns of a table while its records are read.
private struct DelimitedReader {
    let file: String
    let columns: [DelimitedColumn]
    var numbers: [[Double]]
    var texts: [[String]]
    var lines: [Int] = []

    init(file: String, columns: [DelimitedColumn]) {
        self.file = file
        self.columns = columns
        numbers = Array(repeating: [], count: columns.count)
        texts = Array(repeating: [], count: columns.count)
    }

    mutating func read(
        _ fields: [DelimitedRecords.Field], _ records: DelimitedRecords
    ) throws(EmbeddingFileError) {
        for (index, column) in columns.enumerated() {
            if column.kind == .texts {
                texts[index].append(try records.string(fields[column.positions[0]], key: column.name))
                continue
            }
            for (element, position) in column.positions.enumerated() {
                let field = fields[position]
                guard let value = records.number(field), value.isFinite else {
                    let place = EmbeddingFileError.Place(
                        file, line: records.line, key: column.name, column: column.kind == .vectors ? element : nil)
                    let text = String(decoding: records.bytes[field.start..<field.end].prefix(40), as: UTF8.self)
                    throw records.number(field) == nil
                        ? .wrongKind(place, expected: "a number", found: text.isEmpty ? "an empty field" : "'\(text)'")
                        : .notFinite(place, found: text)
                }
                numbers[index].append(value)
            }
        }
        lines.append(records.line)
    }

    /// Forgets what was read of a record that is at fault.
    mutating func takeBackRecord() {
        for index in columns.indices {
            texts[index].removeLast(max(0, texts[index].count - lines.count))
            numbers[index].removeLast(max(0, numbers[index].count - lines.count * columns[index].positions.count))
        }
    }

    func finished() -> [RawColumn] {
        columns.indices.map { index in
            let column = columns[index]
            let width = column.positions.count
            let isText = column.kind == .texts
            let values: ColumnValues =
                isText
                ? .texts(texts[index])
                : .vectors(Matrix(rowCount: lines.count, columnCount: width, elements: numbers[index]))
            return RawColumn(
                name: column.name, kind: column.kind, role: Role(name: column.name, kind: column.kind), values: values,
                shape: column.kind == .vectors ? [lines.count, width] : [lines.count],
                dtype: isText ? "text" : "number", file: file, lines: lines)
        }
    }
}
