import LinearAlgebra

/// Describes a whole file or folder and does not stop at the first problem.
///
/// Throws only when nothing can be read at all: the file does not exist, its format is unknown, or it has no readable header.
package func inspectFile(_ path: String) throws(EmbeddingFileError) -> FileSummary {
    // Columns that no run would compare may hold anything; a column that a run would use is a problem if it cannot be read.
    var request = ColumnRequest(
        choose: { outlines in
            Dictionary(outlines.map { ($0.name, ColumnUse(isOptional: $0.role == nil && $0.problem == nil && $0.shape == nil)) }) {
                first, _ in first
            }
        }, isLenient: true)
    // Large arrays are looked through and not kept.
    var scans: [String: RowScan] = [:]
    request.blocks = RowBlocks { (name, block) throws(EmbeddingFileError) in
        scans[name, default: RowScan(rowCount: block.arrayRowCount, columnCount: block.rows.columnCount)].add(block)
    }
    let table = try readRawTable(path, request)
    var problems = table.problems.map(\.description)
    var arrays: [ArraySummary] = []
    let content = table.content
    for column in table.columns {
        let scan = scans[column.name] ?? RowScan(column)
        var summary = ArraySummary(column, scan)
        if content == nil {
            problems += column.problems(summary, scan)
        } else {
            summary.role = nil
        }
        arrays.append(summary)
    }
    arrays += (table.unused + table.dropped.map(\.outline)).map { ArraySummary(unused: $0) }
    let order = Dictionary(table.outlines.enumerated().map { ($1.name, $0) }) { first, _ in first }
    arrays.sort { order[$0.name, default: .max] < order[$1.name, default: .max] }
    if content == nil { problems += table.problemsBetweenColumns() }
    return FileSummary(
        path: path, format: table.format.rawValue, content: content, arrays: arrays, problems: problems)
}

extension ArraySummary {
    /// A summary of a key whose values cannot become a column.
    init(unused outline: ColumnOutline) {
        self.init(
            name: outline.name, role: nil, shape: [], dtype: outline.valueType ?? "other", order: "C", statistics: nil,
            duplicateRowCount: 0, previewValues: [], previewTexts: [])
    }

    init(_ column: RawColumn, _ scan: RowScan?) {
        self.init(
            name: column.name,
            role: column.role?.name
                ?? (column.kind == .vectors && Role.saysModality(column.name) ? Role.modalityName(column.name) : nil),
            shape: column.shape, dtype: column.dtype, order: column.order, statistics: nil, duplicateRowCount: 0,
            previewValues: [], previewTexts: [])
        if let scan {
            (statistics, duplicateRowCount, previewValues) = (scan.result, scan.duplicateRowCount, scan.preview)
        } else if case .texts(let texts) = column.values {
            duplicateRowCount = texts.count - Set(texts).count
            previewTexts = Array(texts.prefix(3))
        }
    }
}

extension RawColumn {
    /// The problems of the values, one sentence each.
    fileprivate func problems(_ summary: ArraySummary, _ scan: RowScan?) -> [String] {
        var problems: [String] = []
        do throws(EmbeddingFileError) {
            try validate()
            if passedRowCount != nil, let problem = scan?.firstProblem { throw problem }
        } catch { problems.append(error.description) }
        guard let statistics = summary.statistics else { return problems }
        let place = place()
        if statistics.nonFiniteRowCount > 1 {
            let rows = statistics.nonFiniteRows.map { "\($0)" }.joined(separator: ", ")
            problems.append("\(place): \(statistics.nonFiniteRowCount) rows are not finite, among them \(rows) (from 0)")
        }
        if statistics.zeroRowCount > 0 && kind == .vectors {
            problems.append("\(place): \(statistics.zeroRowCount) of \(rowCount) rows have norm zero")
        }
        if kind == .vectors && rowCount > 1 && summary.duplicateRowCount == rowCount - 1 {
            problems.append("\(place): all \(rowCount) rows are equal")
        }
        return problems
    }
}

extension RawTable {
    /// The problems between columns, such as row counts and roles that do not fit together, one sentence each.
    fileprivate func problemsBetweenColumns() -> [String] {
        var problems: [String] = []
        for role in Role.allCases where role.isContent {
            let names = outlines.filter { $0.role == role }.map(\.name)
            if names.count > 1 {
                problems.append(EmbeddingFileError.ambiguousRole(.init(file), role: role.name, names: names).description)
            }
        }
        let used = columns.filter { $0.role != nil }
        if let first = used.first {
            for column in used where column.rowCount != first.rowCount {
                let error = EmbeddingFileError.rowCountMismatch(
                    column.place(), expectedCount: first.rowCount, other: first.place(), foundCount: column.rowCount)
                problems.append(error.description)
            }
        }
        return problems
    }
}
