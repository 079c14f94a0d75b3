import LinearAlgebra

/// Reads all numeric arrays of a file: the one of a `.npy` file, those of a bundle, or the numbered columns of a table.
///
/// `path` may be `FILE:array` to read one of them. Arrays of strings are skipped. Shapes with more than two dimensions are refused unless
/// the others have length 1.
///
/// Throws an `EmbeddingFileError` that names the file, the array and the row at fault.
package func readArrays(_ path: String) throws(EmbeddingFileError) -> [NamedArray] {
    let (file, array) = splitArrayName(path)
    let request = ColumnRequest { (outlines) throws(EmbeddingFileError) in
        let names = outlines.filter { $0.kind != .texts || isTable(file) }.map(\.name)
        guard let array else { return Dictionary(names.map { ($0, .values) }) { first, _ in first } }
        if outlines.contains(where: { $0.name == array }) { return [array: .values] }
        throw .missingArray(.init(file), name: array, found: outlines.map(\.name))
    }
    let table = try readRawTable(file, request)
    var arrays: [NamedArray] = []
    for column in table.columns {
        guard let column = column.asNumbers, let matrix = column.matrix else { continue }
        try column.validate()
        arrays.append(NamedArray(name: column.name, shape: column.shape, dtype: column.dtype, matrix: matrix))
    }
    if arrays.isEmpty {
        throw .missingRole(.init(file), role: "data", aliases: ["data"], found: table.outlines.map(\.name))
    }
    return arrays
}

/// Reads one column of a file, for the commands `emi mi` and `emi jsd`.
///
/// `pathWithOptionalArrayName` may be `FILE:array`. Without an array name, the first of `names` that the file has is taken, under any of
/// its aliases, otherwise the only possible column. A table's column is read as numbers if all its fields are numbers.
///
/// Throws `missingArray` and `ambiguousArray`, which list the columns of the file, and all errors of reading.
package func readColumn(
    _ pathWithOptionalArrayName: String, preferring names: [String] = []
) throws(EmbeddingFileError) -> Column {
    try readGroupedColumn(pathWithOptionalArrayName, preferring: names).column
}

/// Reads one column of a file with the clusters of its rows. `group` names the array or key that holds the clusters; nil takes one with a
/// known name and as many rows as the column.
///
/// Throws what `readColumn` throws, and `rowCountMismatch` for a named group of another length.
package func readGroupedColumn(
    _ pathWithOptionalArrayName: String, preferring names: [String] = [], group: String? = nil
) throws(EmbeddingFileError) -> GroupedColumn {
    let (table, plan) = try readColumnTable(
        pathWithOptionalArrayName, as: names.first ?? "data", preferring: names, groupKey: group)
    guard let key = plan.content.first?.key, let read = table.columns.first(where: { $0.name == key }) else {
        throw .emptyFile(.init(table.file))
    }
    let column = read.asNumbers ?? read
    try column.validate()
    var groups: [String]?
    if group != nil || plan.group != key, let labels = table.columns.first(where: { $0.name == plan.group }) {
        if labels.rowCount == column.rowCount {
            groups = try labels.groupLabels()
        } else if group != nil {
            throw .rowCountMismatch(
                labels.place(), expectedCount: column.rowCount, other: column.place(), foundCount: labels.rowCount)
        }
    }
    return GroupedColumn(
        column: Column(name: names.first ?? key, values: column.values, file: column.file, key: key), groups: groups,
        arrayNames: table.outlines.map(\.name))
}

private func isTable(_ path: String) -> Bool {
    switch FileFormat(path: path) {
    case .commaSeparated, .tabSeparated: true
    default: false
    }
}

extension RawColumn {
    /// The column as numbers: numbers as they are, and a table's texts if all of them spell numbers; nil otherwise.
    var asNumbers: RawColumn? {
        guard case .texts(let texts) = values else { return self }
        guard isTable(file), role != .id else { return nil }
        let numbers = texts.compactMap { Double($0.trimmingBlanks()) }
        guard numbers.count == texts.count else { return nil }
        var column = self
        column.values = .vectors(Matrix(rowCount: numbers.count, columnCount: 1, elements: numbers))
        column.dtype = "number"
        column.kind = .numbers
        return column
    }
}
