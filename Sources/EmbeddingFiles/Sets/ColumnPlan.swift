/// Which columns of one file are used, and as what.
struct ColumnPlan {
    /// The compared columns: the name they are used by and their key in the file.
    var content: [(name: String, key: String)] = []
    var identifier: String?
    var group: String?
    var score: String?
    var logProbability: String?

    /// The keys of all columns that are used.
    var keys: Set<String> {
        Set(content.map(\.key) + [identifier, group, score, logProbability].compactMap { $0 })
    }

    /// The plan for a bundle: every content role that no flag gives, then the modalities without a known name.
    ///
    /// Throws `ambiguousRole` when two columns have one role.
    init(
        bundle outlines: [ColumnOutline], of file: String, for source: SampleSource
    ) throws(EmbeddingFileError) {
        try self.init(describing: outlines, of: file, groupKey: source.groupKey)
        var given = Set(source.modalities.map(\.name))
        if source.response != nil { given.insert(Role.response.name) }
        if source.reference != nil { given.insert(Role.reference.name) }
        for role in [Role.visual, .text, .response, .reference] where !given.contains(role.name) {
            guard let key = try Self.key(role, outlines, file) else { continue }
            if !role.isModality || source.keeps(modality: role.name, key: key) { content.append((role.name, key)) }
        }
        let further = outlines.filter { outline in
            let isNamed = source.selectedModalities.map { selected in
                selected.contains { Role.normalised($0) == Role.normalised(outline.name) }
            }
            return outline.role == nil && outline.name != group
                && (outline.kind == .vectors || (isNamed ?? false) && outline.kind != .other)
        }
        let named = further.map { (name: Role.modalityName($0.name), key: $0.name) }
            .filter { !given.contains($0.name) && source.keeps(modality: $0.name, key: $0.key) }
            .sorted { $0.name < $1.name }
        for (a, b) in zip(named, named.dropFirst()) where a.name == b.name {
            throw .ambiguousRole(.init(file), role: a.name, names: [a.key, b.key])
        }
        content += named
    }

    /// The plan for a file that holds one column: `array` when it is given, else the first of `preferences` that there
    /// is, else the only candidate.
    ///
    /// Throws `missingArray`, `ambiguousArray` and `missingRole`.
    init(
        column name: String, array: String?, preferring preferences: [String], in outlines: [ColumnOutline],
        of file: String, groupKey: String?
    ) throws(EmbeddingFileError) {
        try self.init(describing: outlines, of: file, groupKey: groupKey)
        content = [(name, try Self.key(array: array, preferring: preferences, outlines, file))]
        if groupKey == name { group = content[0].key }
    }

    /// The plan for sides of pairs that stand in one bundle: `wanted` are names of arrays or roles, nil for none of the bundle.
    ///
    /// Throws `missingArray` for a name that no column has.
    init(
        sides wanted: [(side: String, name: String)], in outlines: [ColumnOutline], of file: String, groupKey: String?
    ) throws(EmbeddingFileError) {
        try self.init(describing: outlines, of: file, groupKey: groupKey)
        for (side, name) in wanted {
            guard let key = Self.column(called: name, in: outlines) else {
                throw .missingArray(.init(file), name: name, found: outlines.map(\.name))
            }
            content.append((side, key))
        }
    }

    /// The column of this name, else of this role, else the modality of this name.
    static func column(called name: String, in outlines: [ColumnOutline]) -> String? {
        outlines.first { $0.name == name }?.name
            ?? outlines.first { $0.role?.name == name && $0.kind != .other }?.name
            ?? outlines.first { Role.normalised($0.name) == Role.normalised(name) }?.name
            ?? outlines.first { $0.role == nil && $0.kind == .vectors && Role.modalityName($0.name) == name }?.name
    }

    private init(
        describing outlines: [ColumnOutline], of file: String, groupKey: String?
    ) throws(EmbeddingFileError) {
        identifier = try Self.key(.id, outlines, file)
        score = try Self.key(.score, outlines, file)
        logProbability = try Self.key(.logProbability, outlines, file)
        if let groupKey {
            group = outlines.first { $0.name == groupKey }?.name
                ?? outlines.first { Role.normalised($0.name) == Role.normalised(groupKey) }?.name
                ?? outlines.first { $0.role?.name == groupKey || Role.modalityName($0.name) == groupKey }?.name
        } else {
            group = try Self.key(.group, outlines, file)
        }
    }

    private static func key(
        _ role: Role, _ outlines: [ColumnOutline], _ file: String
    ) throws(EmbeddingFileError) -> String? {
        let found = outlines.filter { $0.role == role }
        if found.count > 1 { throw .ambiguousRole(.init(file), role: role.name, names: found.map(\.name)) }
        return found.first?.name
    }

    private static func key(
        array: String?, preferring preferences: [String], _ outlines: [ColumnOutline], _ file: String
    ) throws(EmbeddingFileError) -> String {
        let names = outlines.map(\.name)
        if let array {
            guard names.contains(array) else { throw .missingArray(.init(file), name: array, found: names) }
            return array
        }
        if names.count == 1 { return names[0] }
        for preference in preferences {
            let found = outlines.filter {
                $0.role?.name == preference || Role.normalised($0.name) == Role.normalised(preference)
                    || ($0.role == nil && $0.kind == .vectors && Role.modalityName($0.name) == preference)
            }
            if found.count > 1 { throw .ambiguousArray(.init(file), wanted: preferences, found: found.map(\.name)) }
            if let name = found.first?.name { return name }
        }
        let vectors = outlines.filter { $0.role?.isContent ?? ($0.kind == .vectors) }
        let candidates = vectors.isEmpty ? outlines.filter { $0.role == nil && $0.kind == .numbers } : vectors
        if candidates.count > 1 {
            throw .ambiguousArray(.init(file), wanted: preferences, found: candidates.map(\.name))
        }
        guard let name = candidates.first?.name else {
            let role = preferences.first ?? "data"
            throw .missingRole(
                .init(file), role: role, aliases: Role(rawValue: role)?.aliases ?? preferences, found: names)
        }
        return name
    }
}

extension Role {
    /// Whether the column is a part of the query.
    var isModality: Bool { self == .visual || self == .text }
}

extension SampleSource {
    /// Whether a modality is among those selected, by its name or by its key in the file.
    func keeps(modality name: String, key: String) -> Bool {
        selectedModalities?.contains { $0 == name || Role.normalised($0) == Role.normalised(key) } ?? true
    }
}
