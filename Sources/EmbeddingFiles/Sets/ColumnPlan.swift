/// What is known about the other files of a set when one of them is read.
struct OtherFiles: Sendable {
    /// Whether there are other files, so that rows have to be joined.
    var exist = false
    /// Normalised names (`Role.normalised`) of the columns that two of the files have; any of them may be the column that joins the files.
    var names: Set<String> = []

    static let none = OtherFiles()
}

/// Decides which columns of one file are used, and for what.
struct ColumnPlan {
    /// The columns to compare: the name under which each is used, and its key in the file.
    private(set) var content: [(name: String, key: String)] = []
    /// The columns that may name the rows, the likeliest first.
    private(set) var names: [String] = []
    /// Whether the user said which column names the rows.
    private(set) var namesAreAsked = false
    /// The column that clusters rows.
    private(set) var group: String?
    private(set) var groupIsAsked = false
    /// Whether only the looks of the column suggest that it clusters rows.
    private(set) var groupIsGuessed = false
    private(set) var score: String?
    private(set) var logProbability: String?
    /// The column of questions, which distinguishes rows of the same name when files are joined.
    private(set) var question: String?
    /// Whether another file has the questions under the same name, so that they could join the files.
    private(set) var sharesQuestion = false
    /// Columns of vectors that nothing identifies as a part of the query.
    private(set) var leftOut: [ColumnOutline] = []

    /// Columns that were not taken because another column has the name of the role itself.
    private var passedOver: [(name: String, taken: String, role: String)] = []

    /// The columns to read, and what each is for.
    private(set) var choice: ColumnChoice = [:]

    /// Plans a bundle: all content roles that no flag gives, then the modalities whose names are unknown.
    ///
    /// - Parameter shared: what the other files of the set hold.
    ///
    /// Throws `ambiguousRole` when two columns have one role.
    init(
        bundle outlines: [ColumnOutline], of file: String, for source: SampleSource, sharing shared: OtherFiles = .none
    ) throws(EmbeddingFileError) {
        try describeRows(outlines, file, groupKey: source.groupKey, nameKey: source.identifierKey)
        var given = Set(source.modalities.map(\.name))
        if source.response != nil { given.insert(Role.response.name) }
        if source.reference != nil { given.insert(Role.reference.name) }
        for role in [Role.visual, .text, .response, .reference] where !given.contains(role.name) {
            guard let key = try Self.key(role, outlines, file) else { continue }
            for other in outlines where other.role == role && other.name != key { passedOver.append((other.name, key, role.name)) }
            if !role.isModality || source.keeps(modality: role.name, key: key) { content.append((role.name, key)) }
        }
        takeAnswerAsReference(outlines, given: given)
        try takeModalities(outlines, file, source, given: given)
        choose(outlines, sharing: shared)
    }

    /// Plans a file that holds one column: `array` if it is given, else the first of `preferences` that exists, else the only candidate.
    ///
    /// Throws `missingArray`, `ambiguousArray` and `missingRole`.
    init(
        column name: String, array: String?, preferring preferences: [String], in outlines: [ColumnOutline],
        of file: String, groupKey: String?, nameKey: String? = nil, sharing shared: OtherFiles = .none
    ) throws(EmbeddingFileError) {
        try describeRows(outlines, file, groupKey: groupKey, nameKey: nameKey)
        content = [(name, try Self.key(array: array, preferring: preferences, outlines, file))]
        if groupKey == name { group = content[0].key }
        choose(outlines, sharing: shared)
    }

    /// Plans the sides of pairs in one bundle; `wanted` are names of arrays or roles.
    ///
    /// Throws `missingArray` for a name that no column has.
    init(
        sides wanted: [(side: String, name: String)], in outlines: [ColumnOutline], of file: String, groupKey: String?
    ) throws(EmbeddingFileError) {
        try describeRows(outlines, file, groupKey: groupKey, nameKey: nil)
        for (side, name) in wanted {
            guard let key = Self.named(name, outlines) else {
                throw .missingArray(.init(file), name: name, found: outlines.map(\.name))
            }
            content.append((side, key))
        }
        choose(outlines, sharing: .none)
    }

    /// Finds the columns that name rows, cluster them or describe them.
    private mutating func describeRows(
        _ outlines: [ColumnOutline], _ file: String, groupKey: String?, nameKey: String?
    ) throws(EmbeddingFileError) {
        if let nameKey, let key = Self.named(nameKey, outlines) {
            names = [key]
            namesAreAsked = true
        } else {
            names = outlines.filter { $0.role == .id }.sorted { Role.id.rank($0.name) < Role.id.rank($1.name) }.map(\.name)
        }
        question = outlines.first { $0.role == .text && $0.kind == .texts }?.name
        score = try Self.key(.score, outlines, file)
        logProbability = try Self.key(.logProbability, outlines, file)
        if let groupKey {
            group = Self.named(groupKey, outlines)
            groupIsAsked = true
            return
        }
        let groups = outlines.filter { $0.role == .group }.sorted { Role.group.rank($0.name) < Role.group.rank($1.name) }
        let meant = groups.filter { !Role.namesMedia($0.name, sample: nil) }
        if meant.count > 1 { throw .ambiguousRole(.init(file), role: Role.group.name, names: meant.map(\.name)) }
        group = meant.first?.name ?? groups.first?.name
        if group == nil {
            let media = outlines.first {
                guard $0.role == nil, $0.kind != .vectors, $0.shape == nil else { return false }
                return $0.kind == .numbers ? Role.numbersMedia($0.name) : Role.namesMedia($0.name, sample: $0.sample)
            }
            group = media?.name
            groupIsGuessed = media != nil
        }
    }

    /// If the model's answers come from elsewhere, an `answer` beside the questions is the accepted one.
    private mutating func takeAnswerAsReference(_ outlines: [ColumnOutline], given: Set<String>) {
        let isFree = !given.contains(Role.reference.name) && !content.contains { $0.name == Role.reference.name }
        guard isFree, given.contains(Role.response.name) else { return }
        let answers = outlines.filter { $0.role == .response }
        guard answers.count == 1, ["answer", "answers"].contains(Role.normalised(answers[0].name)) else { return }
        content.append((Role.reference.name, answers[0].name))
    }

    /// Takes vectors without a role as modalities if the user named them, if their name is that of a sense or an embedding, or if there is
    /// only one such column.
    private mutating func takeModalities(
        _ outlines: [ColumnOutline], _ file: String, _ source: SampleSource, given: Set<String>
    ) throws(EmbeddingFileError) {
        let selected = source.selectedModalities.map { Set($0.map(Role.normalised)) }
        var named: [(name: String, key: String)] = []
        for outline in outlines where outline.role == nil && outline.name != group {
            let isNamed = selected?.contains(Role.normalised(outline.name)) ?? false
            let name = Role.modalityName(outline.name)
            if isNamed && outline.kind != .other || outline.kind == .vectors && Role.saysModality(outline.name) {
                if !given.contains(name), source.keeps(modality: name, key: outline.name) { named.append((name, outline.name)) }
            } else if outline.kind == .vectors {
                leftOut.append(outline)
            }
        }
        named.sort { $0.name < $1.name }
        for (a, b) in zip(named, named.dropFirst()) where a.name == b.name {
            throw .ambiguousRole(.init(file), role: a.name, names: [a.key, b.key])
        }
        content += named
        let hasModality =
            !source.modalities.isEmpty
            || content.contains { $0.name != Role.response.name && $0.name != Role.reference.name }
        if !hasModality, selected == nil, leftOut.count == 1, source.holdsAnswers(content.map(\.name)) {
            content.append((Role.modalityName(leftOut[0].name), leftOut[0].name))
            leftOut = []
        }
    }

    private mutating func choose(_ outlines: [ColumnOutline], sharing shared: OtherFiles) {
        let isText = Set(outlines.filter { $0.shape == nil && $0.problem == nil }.map(\.name))
        let isUnnamed = names.isEmpty
        var strangers: [String] = []
        let taken = Set(content.map(\.key))
        for outline in outlines where !names.contains(outline.name) && outline.name != group {
            guard outline.role == nil, outline.kind == .texts || outline.kind == .numbers else { continue }
            guard !taken.contains(outline.name) else { continue }
            if shared.names.contains(Role.normalised(outline.name)) {
                if names.count < 64 { names.append(outline.name) }
            } else if isUnnamed, shared.exist, strangers.count < 8 {
                strangers.append(outline.name)
            }
        }
        names += strangers
        // A text table may hold keys for other programs, so they are optional; the arrays of a bundle are all meant.
        for name in names {
            choice[name] = ColumnUse(form: .names, isOptional: !namesAreAsked && isText.contains(name))
        }
        for key in [score, logProbability].compactMap({ $0 }) { choice[key] = ColumnUse(isOptional: isText.contains(key)) }
        if let group { choice[group] = ColumnUse(form: .labels, isOptional: !groupIsAsked && (groupIsGuessed || isText.contains(group))) }
        sharesQuestion = question.map { shared.names.contains(Role.normalised($0)) } ?? false
        if shared.exist, let question, choice[question] == nil { choice[question] = ColumnUse(form: .names, isOptional: true) }
        // This comes last, because compared columns must be read as values whatever else they are used for.
        for (_, key) in content { choice[key] = .values }
    }

    /// The columns that were passed over, one sentence each.
    func notes(_ file: String) -> [InputNote] {
        passedOver.map { name, taken, role in
            InputNote(
                code: nil,
                message: "\(file): '\(taken)' was taken as the \(role) and not '\(name)'; --id-\(role) \(file):\(name) takes the other")
        }
    }

    /// The column that a user named: by its exact name, else by its normalised name, else by its role.
    static func named(_ name: String, _ outlines: [ColumnOutline]) -> String? {
        outlines.first { $0.name == name }?.name
            ?? outlines.first { Role.normalised($0.name) == Role.normalised(name) }?.name
            ?? outlines.first { $0.role?.name == name || Role.modalityName($0.name) == name }?.name
    }

    private static func key(
        _ role: Role, _ outlines: [ColumnOutline], _ file: String
    ) throws(EmbeddingFileError) -> String? {
        let found = outlines.filter { $0.role == role }
        // Nobody asked for scores, so the first of several names will do.
        if found.count > 1, role == .score || role == .logProbability {
            return found.min { role.rank($0.name) < role.rank($1.name) }?.name
        }
        // A column called exactly like the role takes precedence over one called by an alias.
        if found.count > 1, role.isContent, let exact = found.first(where: { $0.name == role.name }) { return exact.name }
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
            // What a name means in this file takes precedence over the name itself: in LLaVA's files `text` is the answer.
            let meant = outlines.filter { $0.role?.name == preference }
            let found =
                !meant.isEmpty
                ? meant
                : outlines.filter {
                    Role.normalised($0.name) == Role.normalised(preference)
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

    /// The place of a modality among those of a set: `visual`, `text`, the others.
    static func place(ofModality name: String) -> Int {
        name == Role.visual.name ? 0 : name == Role.text.name ? 1 : 2
    }

    /// The place of a name among those of the role; names that are none of them come last.
    func rank(_ name: String) -> Int {
        aliases.firstIndex(of: Role.normalised(name)) ?? aliases.count
    }
}

extension SampleSource {
    /// Whether the user selected a modality, by its name or by its key in the file; true when nothing was selected.
    func keeps(modality name: String, key: String) -> Bool {
        selectedModalities?.contains { $0 == name || Role.normalised($0) == Role.normalised(key) } ?? true
    }

    /// Whether answers and references are among `names` or come from files of their own.
    fileprivate func holdsAnswers(_ names: [String]) -> Bool {
        (response != nil || names.contains(Role.response.name)) && (reference != nil || names.contains(Role.reference.name))
    }
}
