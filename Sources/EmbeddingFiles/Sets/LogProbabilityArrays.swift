import LinearAlgebra

/// The matrices of log-probabilities in a file, with the labels of their items.
package struct LogProbabilityArrays: Sendable, Equatable {
    /// A matrix, and what messages call it: `clean.npz: array 'response'`.
    package struct Scores: Sendable, Equatable {
        package var place: String
        package var matrix: Matrix
    }

    /// The matrix of the model's answers; NaN marks what was not scored. Nil if the file has none.
    package var response: Scores?
    /// The matrix of the references.
    package var reference: Scores?
    /// The group of each item; nil if the file has none.
    package var groups: [String]?
    /// The name of each item; nil if the file has none.
    package var identifiers: [String]?
}

/// Reads matrices of log-probabilities: the arrays with names of responses and of references, or the only matrix of a file, as the
/// responses'. `path` may be `FILE:array` to read one of them. Values are not checked.
///
/// - Parameter group: the array with the groups of items; nil takes one with a known name.
/// - Throws: `missingRole` and `missingArray`, which list the arrays of the file, `rowCountMismatch` for labels of other items, and all
///   errors of reading.
package func readLogProbabilities(_ path: String, group: String? = nil) throws(EmbeddingFileError) -> LogProbabilityArrays {
    let (file, array) = splitArrayName(path)
    var names: (response: String?, reference: String?, group: String?, id: String?)
    let request = ColumnRequest { (outlines) throws(EmbeddingFileError) in
        let all = outlines.map(\.name)
        for name in [array, group].compactMap({ $0 }) where !all.contains(name) { throw .missingArray(.init(file), name: name, found: all) }
        func name(_ role: Role, _ kinds: [ColumnKind]) throws(EmbeddingFileError) -> String? {
            let found = outlines.filter { $0.role == role && kinds.contains($0.kind) }.map(\.name)
            if found.count > 1 { throw .ambiguousRole(.init(file), role: role.name, names: found) }
            return found.first
        }
        let matrices = outlines.filter { $0.kind == .vectors }
        if let array {
            names.response = array
        } else if matrices.count == 1, outlines.count == 1 {
            // A file of one array is what the user says it is, whatever its name.
            names.response = matrices[0].name
        } else {
            names.response = try name(.response, [.vectors])
            names.reference = try name(.reference, [.vectors])
            if names.response == nil, names.reference == nil, matrices.count == 1 { names.response = matrices[0].name }
        }
        if names.response == nil, names.reference == nil {
            throw .missingRole(.init(file), role: Role.response.name, aliases: Role.response.aliases, found: all)
        }
        names.group = if let group { group } else { try name(.group, [.texts, .numbers]) }
        names.id = try name(.id, [.texts, .numbers])
        let content = [names.response, names.reference].compactMap { $0 }.map { ($0, ColumnUse.values) }
        let labels = [(names.group, ColumnUse(form: .labels)), (names.id, ColumnUse(form: .names))]
        return Dictionary(content + labels.compactMap { name, use in name.map { ($0, use) } }) { first, _ in first }
    }
    let table = try readRawTable(file, request)
    func column(_ name: String?) -> RawColumn? { name.flatMap { name in table.columns.first { $0.name == name } } }
    func scores(_ name: String?) throws(EmbeddingFileError) -> LogProbabilityArrays.Scores? {
        guard let column = column(name) else { return nil }
        guard let matrix = column.matrix else { throw .wrongKind(column.place(), expected: "a matrix of numbers", found: "texts") }
        if matrix.rowCount == 0 { throw .noRows(column.place(), shape: column.shape) }
        return .init(place: column.place().description, matrix: matrix)
    }
    var arrays = LogProbabilityArrays(response: try scores(names.response), reference: try scores(names.reference))
    for (name, isGroup) in [(names.group, true), (names.id, false)] {
        guard let labels = column(name), let items = column(names.response ?? names.reference) else { continue }
        guard labels.rowCount == items.rowCount else {
            throw .rowCountMismatch(labels.place(), expectedCount: items.rowCount, other: items.place(), foundCount: labels.rowCount)
        }
        if isGroup { arrays.groups = try labels.groupLabels() } else { arrays.identifiers = try labels.identifiers() }
    }
    return arrays
}
