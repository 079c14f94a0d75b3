/// Reads the files of one sample set into aligned, validated columns.
///
/// Parts in different files are joined by a column that names the rows of both, otherwise by position; see `SampleJoin`. The names of
/// arrays in a bundle tell their roles; see `Role.aliases`.
///
/// Throws an `EmbeddingFileError` that names the file, the array and the row at fault.
package func readSampleTable(_ source: SampleSource) throws(EmbeddingFileError) -> SampleTable {
    try readSampleTable(source, blocks: nil)
}

/// - Parameter blocks: where large arrays go; their columns then have no rows.
func readSampleTable(_ source: SampleSource, blocks: RowBlocks?) throws(EmbeddingFileError) -> SampleTable {
    let shared = try otherFiles(source)
    var parts: [SamplePart] = []
    if let bundle = source.bundle { parts.append(try readBundle(bundle, source, sharing: shared, blocks)) }
    let files = Dictionary(grouping: source.modalities, by: \.name).mapValues { $0.map(\.file) }
    for (name, file) in source.modalities {
        if let several = files[name], several.count > 1 { throw .ambiguousRole(.init(file), role: name, names: several) }
        guard source.keeps(modality: name, key: name) else { continue }
        parts.append(try readPart(file, as: name, preferring: [name], source, sharing: shared, blocks))
    }
    if let file = source.response {
        parts.append(try readPart(file, as: Role.response.name, preferring: ["response"], source, sharing: shared, blocks))
    }
    if let file = source.reference {
        parts.append(
            try readPart(file, as: Role.reference.name, preferring: ["reference", "response"], source, sharing: shared, blocks))
    }
    if let key = source.identifierKey, !parts.contains(where: \.namesAreAsked) {
        throw .missingArray(source.place, name: key, found: parts.flatMap(\.columnNames).uniqued)
    }
    return try sampleTable(try SampleJoin(parts), source)
}

private func otherFiles(_ source: SampleSource) throws(EmbeddingFileError) -> OtherFiles {
    let paths = [source.bundle, source.response, source.reference].compactMap { $0 } + source.modalities.map(\.file)
    let files = Set(paths.map { splitArrayName($0).file }).sorted()
    // A pipe can be read only once, so there is nothing to look up in advance.
    guard files.count > 1, !files.contains(where: { PathKind($0) == .file && isStream($0) || $0 == "-" }) else { return .none }
    var counts: [String: Int] = [:]
    for file in files {
        // A file that cannot be read is skipped here; reading it properly reports the error.
        guard let table = try? readRawTable(file, ColumnRequest { _ in [:] }) else { continue }
        for name in Set(table.outlines.map { Role.normalised($0.name) }) { counts[name, default: 0] += 1 }
    }
    return OtherFiles(exist: true, names: Set(counts.filter { $0.value > 1 }.keys))
}

private func readBundle(
    _ path: String, _ source: SampleSource, sharing shared: OtherFiles, _ blocks: RowBlocks?
) throws(EmbeddingFileError) -> SamplePart {
    var plan: ColumnPlan?
    var request = ColumnRequest { (outlines) throws(EmbeddingFileError) in
        let found = try ColumnPlan(bundle: outlines, of: path, for: source, sharing: shared)
        plan = found
        return found.choice
    }
    request.blocks = blocks
    let table = try readRawTable(path, request)
    guard let plan else { throw .emptyFile(.init(path)) }
    return try SamplePart(table, plan)
}

private func readPart(
    _ path: String, as name: String, preferring preferences: [String], _ source: SampleSource, sharing shared: OtherFiles,
    _ blocks: RowBlocks?
) throws(EmbeddingFileError) -> SamplePart {
    let (table, plan) = try readColumnTable(
        path, as: name, preferring: preferences, groupKey: source.groupKey, nameKey: source.identifierKey, sharing: shared,
        blocks: blocks)
    return try SamplePart(table, plan)
}

/// Reads one column and those that describe its rows; `path` may be `FILE:array`, and a folder of numbered parts counts as one array.
func readColumnTable(
    _ path: String, as name: String, preferring preferences: [String], groupKey: String? = nil, nameKey: String? = nil,
    sharing shared: OtherFiles = .none, blocks: RowBlocks? = nil
) throws(EmbeddingFileError) -> (RawTable, ColumnPlan) {
    let (file, array) = splitArrayName(path)
    var plan: ColumnPlan?
    var request = ColumnRequest { (outlines) throws(EmbeddingFileError) in
        let found = try ColumnPlan(
            column: name, array: array, preferring: preferences, in: outlines, of: file, groupKey: groupKey, nameKey: nameKey,
            sharing: shared)
        plan = found
        return found.choice
    }
    request.blocks = blocks
    let table = try readRawTable(file, request)
    guard let plan else { throw .emptyFile(.init(file)) }
    return (table, plan)
}

/// Splits `clean.npz:response` into a file and an array; an existing path is never split.
func splitArrayName(_ path: String) -> (file: String, array: String?) {
    guard PathKind(path) == .nothing, let colon = path.lastIndex(of: ":") else { return (path, nil) }
    let file = String(path[..<colon])
    let array = String(path[path.index(after: colon)...])
    let namesFile = file == "-" || FileFormat(path: file) != nil || PathKind(file) != .nothing
    return namesFile && !array.isEmpty ? (file, array) : (path, nil)
}

private func sampleTable(_ join: SampleJoin, _ source: SampleSource) throws(EmbeddingFileError) -> SampleTable {
    let place = source.place
    let found = join.parts.flatMap(\.columnNames).uniqued
    let labels = try join.labels(source.groupKey, place, found)
    var naming = try RowNaming(
        join.names, isChosen: join.namesAreChosen, labels: labels, file: join.parts.first?.file ?? "",
        rowCount: join.parts.isEmpty ? 0 : join.parts[join.anchor].rowCount)
    var notes = join.parts.flatMap(\.notes) + join.notes + naming.notes
    if join.namesAreClusters { naming.useNamesAsClusters() }
    var parts = join.parts
    let samples = parts.rowsBySample(naming: &naming, file: place.file)
    if let indices = samples { parts = parts.map { $0.rows(indices).settled(indices) } }
    if let rows = source.rows {
        let count = parts.first?.rowCount ?? 0
        let indices = try rows.indices(rowCount: count, identifiers: naming.identifiers, place)
        naming.keep(indices)
        parts = parts.map { $0.rows(indices) }
    }

    func column(_ role: Role) throws(EmbeddingFileError) -> RawColumn {
        let last = parts.last { $0.content.contains { $0.name == role.name } }
        guard let column = last?.content.first(where: { $0.name == role.name })?.column else {
            throw .missingRole(place, role: role.name, aliases: role.aliases, found: found)
        }
        return column
    }
    let response = try column(.response)
    let reference = try column(.reference)
    try checkComparable(response, reference)

    // In one order, wherever each comes from: sets are compared array by array.
    let modalities = parts.flatMap(\.content)
        .filter { $0.name != Role.response.name && $0.name != Role.reference.name }
        .sorted { (Role.place(ofModality: $0.name), $0.name) < (Role.place(ofModality: $1.name), $1.name) }
    for selected in source.selectedModalities ?? []
    where !modalities.contains(where: {
        $0.name == selected || Role.normalised($0.column.name) == Role.normalised(selected)
    }) {
        // The answers are there, and are no part of the query.
        let answers = [response, reference].map(\.name) + [Role.response.name, Role.reference.name]
        if answers.map(Role.normalised).contains(Role.normalised(selected)) {
            throw .wrongKind(place, expected: "the modalities of the query to choose from", found: "'\(selected)', which holds answers")
        }
        throw .missingArray(place, name: selected, found: found.filter { !answers.contains($0) })
    }
    if modalities.isEmpty { throw .missingModality(place, found: found) }

    let queries = modalities.map { Column($0.name, $0.column.onePerRow) }
    let answers = (Column(Role.response.name, response), Column(Role.reference.name, reference))
    notes += (queries + [answers.0, answers.1]).compactMap(\.emptyTextNote)
    var table = SampleTable(
        name: source.name, modalities: queries, response: answers.0, reference: answers.1,
        identifiers: naming.identifiers, groups: naming.groups,
        scores: parts.lazy.compactMap(\.scores).first,
        logProbabilities: parts.lazy.compactMap(\.logProbabilities).first, files: parts.flatMap(\.files).uniqued,
        notes: notes, unusable: parts.reduce(into: [:]) { all, part in all.merge(part.unusable) { first, _ in first } })
    table.hasSamples = samples != nil
    // Columns that were handed on have no rows of their own.
    table.rowCount = response.rowCount
    table.arePassedRowsInPlace = parts.allSatisfy { $0.content.allSatisfy { !$0.column.arePassedRowsMoved } }
    return table
}

extension SampleJoin {
    /// The columns that may name the rows: the one that joined the files, or those of the part with the response.
    var names: [SamplePart.RowNames] {
        if let key { return [key] }
        let response = parts.first { $0.content.contains { $0.name == Role.response.name } && !$0.names.isEmpty }
        return (response ?? parts.first { !$0.names.isEmpty })?.names ?? []
    }

    var namesAreChosen: Bool { key != nil || parts.contains(where: \.namesAreAsked) }

    /// The clusters of rows, from the first part that has any.
    func labels(
        _ groupKey: String?, _ place: EmbeddingFileError.Place, _ found: [String]
    ) throws(EmbeddingFileError) -> SamplePart.RowLabels? {
        let all = parts.compactMap(\.groups)
        if all.isEmpty, let groupKey { throw .missingArray(place, name: groupKey, found: found) }
        return all.first { !$0.isGuessed } ?? all.first
    }
}

extension SampleSource {
    fileprivate var place: EmbeddingFileError.Place { .init(bundle ?? response ?? modalities.first?.file ?? "sample set") }
}

extension [String] {
    /// Each text once, in the order of first occurrence.
    var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}

private func checkComparable(_ response: RawColumn, _ reference: RawColumn) throws(EmbeddingFileError) {
    switch (response.values.width, reference.values.width) {
    case (let a?, let b?) where a != b:
        throw .widthMismatch(reference.place(), expectedWidth: a, other: response.place(), foundWidth: b)
    case (_?, nil):
        throw .wrongKind(
            reference.place(), expected: "vectors, as in \(response.place().phraseBeside(reference.place()))",
            found: "texts")
    case (nil, _?):
        throw .wrongKind(
            reference.place(), expected: "texts, as in \(response.place().phraseBeside(reference.place()))",
            found: "vectors")
    default: return
    }
}

extension SampleSource {
    /// The name of the set if nobody gives one: the file's name without its ending, or the folder's name.
    package var name: String {
        guard let path = bundle ?? response ?? reference else { return "set" }
        let file = splitArrayName(path).file
        if file == "-" { return "standard input" }
        return PathKind(file) == .folder ? lastComponent(file) : fileStem(file)
    }
}

extension Column {
    init(_ name: String, _ column: RawColumn) {
        self.init(name: name, values: column.values, file: column.file, key: column.name, several: column.several)
    }
}
