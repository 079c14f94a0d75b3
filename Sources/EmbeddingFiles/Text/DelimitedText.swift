import LinearAlgebra

/// Reads a `.csv` file (separated by commas) or a `.tsv` file (by tabs) with a header line; its columns are texts, or vectors in numbered
/// columns.
func readDelimitedText(
    _ bytes: UnsafeRawBufferPointer, file: String, format: FileFormat, _ request: ColumnRequest
) throws(EmbeddingFileError) -> RawTable {
    let separator = format == .tabSeparated ? UInt8(ascii: "\t") : UInt8(ascii: ",")
    var records = DelimitedRecords(bytes, separator: separator, file: file)
    var fields: [DelimitedRecords.Field] = []
    guard try records.next(&fields) else { throw .emptyFile(.init(file)) }
    let place = EmbeddingFileError.Place(file, line: 1)
    try checkSeparator(fields, bytes, format, file)
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
    var outlines: [ColumnOutline] = []
    for column in columns {
        var outline = ColumnOutline(name: column.name, kind: column.kind)
        if hasRows, column.kind == .texts, column.positions[0] < firstFields.count {
            outline.sample = try? firstRecord.string(firstFields[column.positions[0]], key: column.name)
        }
        outlines.append(outline)
    }
    outlines.resolveAnswerRoles()
    var table = RawTable(file: file, format: format, outlines: outlines, files: [file])
    let chosen = try request.choose(outlines)
    if chosen.isEmpty { return table }
    var budget = MemoryBudget(limit: request.limit)
    try budget.spend(elementCount: bytes.count / 2, .init(file))

    var reader = DelimitedReader(
        file: file,
        columns: zip(columns, outlines).compactMap { column, outline in
            chosen[column.name].map { use in (use.form == .values ? column : column.asTexts, outline, use) }
        })
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
    let read = reader.finished()
    table.columns = read.columns
    table.dropped = read.dropped
    return table
}

/// Throws `otherSeparator` if the header line has more fields when split by another separator than by the one that the name implies.
private func checkSeparator(
    _ fields: [DelimitedRecords.Field], _ bytes: UnsafeRawBufferPointer, _ format: FileFormat, _ file: String
) throws(EmbeddingFileError) {
    let line = bytes[..<(bytes.firstIndex(of: 0x0A) ?? bytes.count)]
    for (byte, name) in [(UInt8(ascii: ";"), "';'"), (0x09, "tabs"), (UInt8(ascii: "|"), "'|'"), (UInt8(ascii: ","), "','")] {
        let count = line.count { $0 == byte }
        let isOwn = byte == (format == .tabSeparated ? 0x09 : UInt8(ascii: ","))
        if !isOwn, count >= fields.count, fields.count == 1 || count > 2 * fields.count {
            throw .otherSeparator(.init(file, line: 1), expected: format == .tabSeparated ? "tabs" : "','", found: name)
        }
    }
}

/// Reads the chosen columns of a table record by record.
private struct DelimitedReader {
    let file: String
    let columns: [DelimitedColumn]
    let outlines: [ColumnOutline]
    let isOptional: [Bool]
    var failures: [EmbeddingFileError?]
    var numbers: [[Double]]
    var texts: [[String]]
    var lines: [Int] = []

    init(file: String, columns chosen: [(DelimitedColumn, ColumnOutline, ColumnUse)]) {
        self.file = file
        columns = chosen.map(\.0)
        outlines = chosen.map(\.1)
        isOptional = chosen.map(\.2.isOptional)
        failures = Array(repeating: nil, count: columns.count)
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
            if failures[index] != nil { continue }
            for (element, position) in column.positions.enumerated() {
                let field = fields[position]
                guard let value = records.number(field), value.isFinite else {
                    let place = EmbeddingFileError.Place(
                        file, line: records.line, key: column.name, column: column.kind == .vectors ? element : nil)
                    let text = String(decoding: records.bytes[field.start..<field.end].prefix(40), as: UTF8.self)
                    let failure: EmbeddingFileError =
                        records.number(field) == nil
                        ? .wrongKind(place, expected: "a number", found: text.isEmpty ? "an empty field" : "'\(text)'")
                        : .notFinite(place, found: text)
                    guard isOptional[index] else { throw failure }
                    failures[index] = failure
                    break
                }
                numbers[index].append(value)
            }
        }
        lines.append(records.line)
    }

    /// Removes what was read of a faulty record.
    mutating func takeBackRecord() {
        for index in columns.indices {
            texts[index].removeLast(max(0, texts[index].count - lines.count))
            numbers[index].removeLast(max(0, numbers[index].count - lines.count * columns[index].positions.count))
        }
    }

    /// The finished columns, and those that were left out.
    func finished() -> (columns: [RawColumn], dropped: [RawTable.Dropped]) {
        let dropped = columns.indices.compactMap { index in
            failures[index].map { RawTable.Dropped(outline: outlines[index], reason: $0) }
        }
        let read = columns.indices.filter { failures[$0] == nil }.map { index in
            let column = columns[index]
            let width = column.positions.count
            let isText = column.kind == .texts
            let values: ColumnValues =
                isText
                ? .texts(texts[index])
                : .vectors(Matrix(rowCount: lines.count, columnCount: width, elements: numbers[index]))
            return RawColumn(
                name: column.name, kind: column.kind, role: outlines[index].role, values: values,
                shape: column.kind == .vectors ? [lines.count, width] : [lines.count],
                dtype: isText ? "text" : "number", file: file, lines: lines)
        }
        return (read, dropped)
    }
}
