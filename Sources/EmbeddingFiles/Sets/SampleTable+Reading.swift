/// Reads the files of one sample set into aligned, validated columns.
///
/// Parts in different files are joined by identifier where two of them have any, otherwise by position; see
/// `SampleJoin`. Arrays of a bundle are told by name; see `Role.aliases`.
///
/// Throws an `EmbeddingFileError` that names the file, the array and the row at fault.
package func readSampleTable(_ source: SampleSource) throws(EmbeddingFileError) -> SampleTable {
    var parts: [SamplePart] = []
    if let bundle = source.bundle { parts.append(try readBundle(bundle, source)) }
    for (name, file) in source.modalities {
        if source.modalities.count(where: { $0.name == name }) > 1 {
            let files = source.modalities.filter { $0.name == name }.map(\.file)
            throw .ambiguousRole(.init(file), role: name, names: files)
        }
        guard source.keeps(modality: name, key: name) else { continue }
        parts.append(try readPart(file, as: name, preferring: [name], source))
    }
    if let file = source.response {
        parts.append(try readPart(file, as: Role.response.name, preferring: ["response"], source))
    }
    if let file = source.reference {
        parts.append(try readPart(file, as: Role.reference.name, preferring: ["reference", "response"], source))
    }
    let join = try SampleJoin(parts)
    return try sampleTable(join, source)
}

private func readBundle(_ path: String, _ source: SampleSource) throws(EmbeddingFileError) -> SamplePart {
    var plan: ColumnPlan?
    let request = ColumnRequest { (outlines) throws(EmbeddingFileError) in
        let found = try ColumnPlan(bundle: outlines, of: path, for: source)
        plan = found
        return found.keys
    }
    let table = try readRawTable(path, request)
    guard let plan else { throw .emptyFile(.init(path)) }
    return try SamplePart(table, plan)
}

private func readPart(
    _ path: String, as name: String, preferring preferences: [String], _ source: SampleSource
) throws(EmbeddingFileError) -> SamplePart {
    let (table, plan) = try readColumnTable(path, as: name, preferring: preferences, groupKey: source.groupKey)
    return try SamplePart(table, plan)
}

/// Reads one column and those that describe its rows; `path` may be `FILE:array`.
func readColumnTable(
    _ path: String, as name: String, preferring preferences: [String], groupKey: String? = nil
) throws(EmbeddingFileError) -> (RawTable, ColumnPlan) {
    let (file, array) = splitArrayName(path)
    if array == nil, PathKind(file) == .folder { throw .folderInsteadOfFile(.init(file)) }
    var plan: ColumnPlan?
    let request = ColumnRequest { (outlines) throws(EmbeddingFileError) in
        let found = try ColumnPlan(
            column: name, array: array, preferring: preferences, in: outlines, of: file, groupKey: groupKey)
        plan = found
        return found.keys
    }
    let table = try readRawTable(file, request)
    guard let plan else { throw .emptyFile(.init(file)) }
    return (table, plan)
}

/// `clean.npz:response` as a file and an array in it; a path that exists is a path as it stands.
func splitArrayName(_ path: String) -> (file: String, array: String?) {
    guard PathKind(path) == .nothing, let colon = path.lastIndex(of: ":") else { return (path, nil) }
    let file = String(path[..<colon])
    let array = String(path[path.index(after: colon)...])
    let namesFile = file == "-" || FileFormat(path: file) != nil || PathKind(file) != .nothing
    return namesFile && !array.isEmpty ? (file, array) : (path, nil)
}

private func sampleTable(_ join: SampleJoin, _ source: SampleSource) throws(EmbeddingFileError) -> SampleTable {
    let parts = join.parts
    let place = EmbeddingFileError.Place(source.bundle ?? source.response ?? parts.first?.file ?? "sample set")
    var found: [String] = []
    for name in parts.flatMap(\.names) where !found.contains(name) { found.append(name) }
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

    let modalities = parts.flatMap(\.content)
        .filter { $0.name != Role.response.name && $0.name != Role.reference.name }
    for selected in source.selectedModalities ?? []
    where !modalities.contains(where: {
        $0.name == selected || Role.normalised($0.column.name) == Role.normalised(selected)
    }) {
        throw .missingArray(place, name: selected, found: found)
    }
    if modalities.isEmpty { throw .missingModality(place, found: found) }
    let groups = parts.lazy.compactMap(\.groups).first
    if groups == nil, let key = source.groupKey { throw .missingArray(place, name: key, found: found) }
    let identifiers = parts.first { $0.content.contains { $0.name == Role.response.name } }?.identifiers
        ?? parts.lazy.compactMap(\.identifiers).first
    var files: [String] = []
    for file in parts.flatMap(\.files) where !files.contains(file) { files.append(file) }

    let queries = modalities.map { Column($0.name, $0.column) }
    let answers = (Column(Role.response.name, response), Column(Role.reference.name, reference))
    return SampleTable(
        name: source.name, modalities: queries, response: answers.0, reference: answers.1,
        identifiers: identifiers, groups: groups,
        scores: parts.lazy.compactMap(\.scores).first,
        logProbabilities: parts.lazy.compactMap(\.logProbabilities).first, files: files,
        notes: parts.flatMap(\.notes) + join.notes
            + (queries + [answers.0, answers.1]).compactMap(\.emptyTextNote))
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
    /// What the set is called where nobody names it: its file without extension, or its folder.
    package var name: String {
        guard let path = bundle ?? response ?? reference else { return "set" }
        let file = splitArrayName(path).file
        if file == "-" { return "standard input" }
        return PathKind(file) == .folder ? lastComponent(file) : fileStem(file)
    }
}

extension Column {
    init(_ name: String, _ column: RawColumn) {
        self.init(name: name, values: column.values, file: column.file, key: column.name)
    }
}
