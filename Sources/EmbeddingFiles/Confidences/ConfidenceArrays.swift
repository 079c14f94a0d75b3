import LinearAlgebra

/// Reads emi's own rows from arrays: `options` (n x K; a row with fewer options ends in NaN) and `label`, or `confidence` and `correct` (n
/// numbers each), with `id`, `group`, `answerable`, `abstained` and `pair`.
///
/// - Throws: `ConfidenceFileError`, and `EmbeddingFileError` for arrays that cannot be read or whose numbers of rows differ.
func readConfidenceArrays(_ path: String, _ request: ConfidenceRequest) throws -> ConfidenceTable {
    var found: [String] = []
    let table = try readRawTable(
        path,
        ColumnRequest { outlines in
            found = outlines.map(\.name)
            let wanted = outlines.filter { OwnRowReader.Column.named($0.name, request) != nil && $0.kind != .other }
            return Dictionary(wanted.map { ($0.name, .values) }) { first, _ in first }
        })
    try checkNames(found, request, path)
    var columns: [OwnRowReader.Column: RawColumn] = [:]
    for column in table.columns {
        guard let kind = OwnRowReader.Column.named(column.name, request), columns[kind] == nil else { continue }
        columns[kind] = column
    }
    guard columns[.confidence] != nil || columns[.options] != nil, let first = columns[.options] ?? columns[.confidence] else {
        throw ConfidenceFileError.noConfidences(file: path, found: found)
    }
    for column in columns.values.sorted(by: { $0.name < $1.name }) where column.rowCount != first.rowCount {
        throw EmbeddingFileError.rowCountMismatch(
            column.place(), expectedCount: first.rowCount, other: first.place(), foundCount: column.rowCount)
    }
    var builder = ConfidenceBuilder(file: path, layout: .rows, request, unit: .row)
    for index in 0..<first.rowCount {
        var row = ConfidenceRow()
        row.id = columns[.id]?.label(index)
        row.group = columns[.group]?.label(index)
        row.pairKey = columns[.pair]?.label(index)
        row.confidence = columns[.confidence]?.field(index) ?? .missing
        row.correct = columns[.correct]?.field(index) ?? .missing
        row.label = columns[.label]?.field(index) ?? .missing
        row.answerable = columns[.answerable]?.field(index) ?? .missing
        row.abstained = columns[.abstained]?.field(index) ?? .missing
        if case .vectors(let matrix)? = columns[.options]?.values {
            var scores = Array(matrix.row(index))
            while scores.last?.isNaN == true { scores.removeLast() }
            row.options = scores
        }
        builder.append(row, line: index)
    }
    return try builder.finished()
}

extension RawColumn {
    /// A row's value as a name.
    fileprivate func label(_ row: Int) -> String {
        switch values {
        case .texts(let texts): texts[row]
        case .vectors(let matrix): matrix[row, 0].identifier
        }
    }

    /// A row's value as a field.
    fileprivate func field(_ row: Int) -> ConfidenceRow.Field {
        switch values {
        case .texts(let texts): .text(texts[row])
        case .vectors(let matrix): matrix.columnCount == 1 ? .number(matrix[row, 0]) : .text("\(matrix.columnCount) numbers")
        }
    }
}
