/// The parts of a sample set, brought to one order of rows.
///
/// Two files are joined by a column that names every row of both and has the same values in both: one whose name says so (`Role.id`),
/// or any other that both have. Otherwise they are joined by position, and a note says so, unless ids contradict it.
struct SampleJoin {
    /// The parts, each with the rows of the anchor.
    private(set) var parts: [SamplePart]
    private(set) var notes: [InputNote] = []
    /// The part whose order of rows is kept, and the column by which others were joined to it.
    private(set) var anchor = 0
    private(set) var key: SamplePart.RowNames?
    /// Whether rows of one name were joined by position or by name and query, so that the name is that of a cluster.
    private(set) var namesAreClusters = false

    /// Aligns `parts`.
    ///
    /// The order of rows is that of the part with the response if it can be joined, else of the first part that can. Rows are never
    /// dropped, except references for which there is no response; a note says so.
    ///
    /// Throws `missingIdentifiers`, `duplicateIdentifiers`, `missingArray`, `rowCountMismatch`.
    init(_ parts: [SamplePart]) throws(EmbeddingFileError) {
        self.parts = parts
        let response = parts.firstIndex { $0.content.contains { $0.name == Role.response.name } }
        let named = parts.indices.filter { !parts[$0].names.isEmpty }
        anchor = response.flatMap { named.contains($0) ? $0 : nil } ?? named.first ?? response ?? 0
        guard parts.count > 1 else { return }

        var unnamed: [Int] = []
        for index in parts.indices where index != anchor && parts[index].file != parts[anchor].file {
            if parts[index].names.isEmpty || parts[anchor].names.isEmpty {
                unnamed.append(index)
            } else {
                try join(index)
            }
        }
        for index in unnamed { try checkRowCount(index) }
        if !unnamed.isEmpty { noteOnPositions(unnamed) }
    }

    /// One pair of columns by which two parts could be joined.
    fileprivate struct Candidate {
        var anchor: SamplePart.RowNames
        var other: SamplePart.RowNames
        var isAsked = false
        /// For each row of the anchor, that of the other part; nil where this is no join.
        var rows: [Int]?
        var surplusCount = 0
    }

    private mutating func join(_ index: Int) throws(EmbeddingFileError) {
        let part = parts[index]
        let anchorPart = parts[anchor]
        let holdsReferencesOnly = part.content.allSatisfy { $0.name == Role.reference.name }
        var candidates = pairs(anchorPart, part)
        for index in candidates.indices { candidates[index].match(allowingSurplus: holdsReferencesOnly) }
        let isAsked = anchorPart.namesAreAsked || part.namesAreAsked
        if isAsked { candidates = Array(candidates.prefix(1)) }

        let best = candidates.first { $0.rows != nil }
        // A question may name every row where an id names several: the id then says which rows belong together.
        if best?.anchor.isIdentifier != true,
            let named = candidates.first(where: { $0.anchor.isIdentifier && $0.other.isIdentifier }),
            named.anchor.values != named.other.values, joinByNameAndQuery(index, named)
        {
            return
        }
        if let best, let rows = best.rows {
            noteOnChoice(best, among: candidates, part.file)
            if best.surplusCount > 0 {
                notes.append(
                    "\(part.file): \(best.surplusCount) of \(part.rowCount) references have no response in \(anchorPart.file) and were left out"
                )
            }
            if key == nil { key = best.anchor }
            if rows != Array(0..<part.rowCount) { parts[index] = part.rows(rows) }
            return
        }
        guard let named = candidates.first(where: { isAsked || $0.anchor.isIdentifier && $0.other.isIdentifier }) else {
            if let likely = candidates.first(where: \.looksLikeNames) { throw likely.mismatch(part.file, anchorPart.file) }
            try checkRowCount(index)
            return noteOnPositions([index])
        }
        if named.anchor.values == named.other.values {
            namesAreClusters = true
            if key == nil { key = named.anchor }
            return notes.append(
                InputNote(
                    code: nil,
                    message:
                        "\(part.file): '\(named.other.key)' names several rows and stands in the same order in \(anchorPart.file): rows were "
                        + "joined by position, and those of one '\(named.anchor.key)' are a group"))
        }
        if joinByNameAndQuery(index, named) { return }
        if let rows = rowsOfRepeats(named, allowingSurplus: holdsReferencesOnly) {
            if key == nil { key = named.anchor }
            parts[index] = part.rows(rows)
            return notes.append(
                InputNote(
                    code: nil,
                    message:
                        "\(anchorPart.file): '\(named.anchor.key)' names several rows: each has the row of \(part.file) with its name, and "
                        + "those of one name are one item"))
        }
        throw named.fault(part.file, anchorPart.file)
    }

    /// Joins a part by a name that several rows have and by their questions; false where these do not tell rows apart.
    private mutating func joinByNameAndQuery(_ index: Int, _ named: Candidate) -> Bool {
        guard let rows = rowsByNameAndQuery(named, parts[anchor], parts[index]) else { return false }
        namesAreClusters = true
        if key == nil { key = named.anchor }
        notes.append(
            InputNote(
                code: nil,
                message:
                    "\(parts[index].file): '\(named.other.key)' names several rows: they were joined to \(parts[anchor].file) by it and the "
                    + "question, and those of one '\(named.anchor.key)' are a group"))
        parts[index] = parts[index].rows(rows)
        return true
    }

    /// Pairs of columns of one name, those that the user named or whose names say that they name rows first; then ids under different
    /// names, and at last any columns that hold the same names of rows, where one file has no ids.
    private func pairs(_ anchor: SamplePart, _ part: SamplePart) -> [Candidate] {
        if anchor.namesAreAsked || part.namesAreAsked {
            let own = part.namesAreAsked ? part.names.first : part.names.first { $0.isIdentifier }
            let wanted = anchor.namesAreAsked ? anchor.names.first : anchor.names.first { $0.isIdentifier }
            if let own, let wanted { return [Candidate(anchor: wanted, other: own, isAsked: true)] }
        }
        let others = Dictionary(part.names.map { (Role.normalised($0.key), $0) }) { first, _ in first }
        var pairs = anchor.names.compactMap { names in
            others[Role.normalised(names.key)].map { Candidate(anchor: names, other: $0) }
        }
        let isKnown = pairs.partition { !$0.anchor.isIdentifier }
        // `partition` does not keep the order.
        pairs[..<isKnown].sort { Role.id.rank($0.anchor.key) < Role.id.rank($1.anchor.key) }
        pairs[isKnown...].sort { $0.anchor.key < $1.anchor.key }
        for wanted in anchor.names where wanted.isIdentifier {
            for own in part.names where own.isIdentifier && Role.normalised(own.key) != Role.normalised(wanted.key) {
                pairs.insert(Candidate(anchor: wanted, other: own), at: pairs.firstIndex { !$0.anchor.isIdentifier } ?? pairs.count)
            }
        }
        return pairs + strangers(anchor, part)
    }

    /// Pairs of columns under different names, one of them no id, that hold the same values. Numbers that merely count are a rank as often
    /// as a name, and are no sign.
    private func strangers(_ anchor: SamplePart, _ part: SamplePart) -> [Candidate] {
        let isNamed = (anchor.names.contains(where: \.isIdentifier), part.names.contains(where: \.isIdentifier))
        guard !isNamed.0 || !isNamed.1 else { return [] }
        func columns(_ names: [SamplePart.RowNames], _ isNamed: Bool) -> [(SamplePart.RowNames, Int)] {
            names.filter { ($0.isIdentifier || !isNamed) && !$0.values.areCounters }.map {
                ($0, $0.values.reduce(0) { $0 &+ $1.hashValue })
            }
        }
        let others = columns(part.names, isNamed.1)
        return columns(anchor.names, isNamed.0).flatMap { wanted, sum in
            others.filter { own, otherSum in otherSum == sum && Role.normalised(own.key) != Role.normalised(wanted.key) }.map { own, _ in
                Candidate(anchor: wanted, other: own)
            }
        }
    }

    /// Where a name has several rows, the name together with the question may have one each.
    private func rowsByNameAndQuery(_ named: Candidate, _ anchor: SamplePart, _ part: SamplePart) -> [Int]? {
        guard let wanted = anchor.questions, let own = part.questions else { return nil }
        func joined(_ names: [String], _ questions: [String]) -> [String] { zip(names, questions).map { "\($0)\u{1F}\($1)" } }
        var candidate = Candidate(
            anchor: .init(key: "", isIdentifier: true, values: joined(named.anchor.values, wanted)),
            other: .init(key: "", isIdentifier: true, values: joined(named.other.values, own)))
        candidate.match(allowingSurplus: part.content.allSatisfy { $0.name == Role.reference.name })
        return candidate.rows
    }

    /// Several answers to one question, each of which has the one row of the other file.
    private func rowsOfRepeats(_ named: Candidate, allowingSurplus: Bool) -> [Int]? {
        let rowOf = Dictionary(named.other.values.enumerated().map { ($1, $0) }) { first, _ in first }
        let wanted = Set(named.anchor.values)
        guard rowOf.count == named.other.values.count, wanted.count < named.anchor.values.count,
            allowingSurplus || rowOf.count == wanted.count
        else { return nil }
        let rows = named.anchor.values.compactMap { rowOf[$0] }
        return rows.count == named.anchor.values.count ? rows : nil
    }

    private func checkRowCount(_ index: Int) throws(EmbeddingFileError) {
        guard parts[index].rowCount != parts[anchor].rowCount else { return }
        throw .rowCountMismatch(
            parts[index].place, expectedCount: parts[anchor].rowCount, other: parts[anchor].place,
            foundCount: parts[index].rowCount)
    }

    private mutating func noteOnPositions(_ indices: [Int]) {
        let files = indices.map { parts[$0].file }
        let shown = files.prefix(4).joined(separator: ", ") + (files.count > 4 ? ", …" : "")
        let named = ([anchor] + indices).filter { index in parts[index].names.contains(where: \.isIdentifier) }
        let ids = named.isEmpty ? "no column names the rows of both" : "only \(parts[named[0]].file) names its rows"
        notes.append(
            InputNote(
                code: nil, message: "rows of \(shown) were joined to those of \(parts[anchor].file) by position, since \(ids)"))
    }

    private mutating func noteOnChoice(_ best: Candidate, among candidates: [Candidate], _ file: String) {
        let others = candidates.filter { $0.rows != nil && $0.rows != best.rows }.map(\.anchor.key)
        if !others.isEmpty {
            notes.append(
                InputNote(
                    code: nil,
                    message: "\(file): rows were joined by '\(best.other.key)', and '\(others[0])' would join them otherwise; choose with "
                        + "--id-key or --ood-key, in a manifest with key"))
        } else if !best.anchor.isIdentifier || best.anchor.key != best.other.key {
            let words = best.anchor.key == best.other.key ? "" : ", which is '\(best.anchor.key)' in \(parts[anchor].file)"
            notes.append(InputNote(code: nil, message: "\(file): rows were joined by '\(best.other.key)'\(words)"))
        }
    }
}

extension SampleJoin.Candidate {
    /// Finds the row of each name of the anchor, where both columns name every row and, but for surplus references, have the same names.
    fileprivate mutating func match(allowingSurplus: Bool) {
        guard other.values.count >= anchor.values.count, allowingSurplus || other.values.count == anchor.values.count else { return }
        if other.values == anchor.values {
            if Set(anchor.values).count == anchor.values.count { rows = Array(anchor.values.indices) }
            return
        }
        var rowOf: [String: Int] = [:]
        rowOf.reserveCapacity(other.values.count)
        for (row, value) in other.values.enumerated() where rowOf.updateValue(row, forKey: value) != nil { return }
        var found: [Int] = []
        found.reserveCapacity(anchor.values.count)
        for value in anchor.values {
            // Taken out, so that a second row of the name finds none.
            guard let row = rowOf.removeValue(forKey: value) else { return }
            found.append(row)
        }
        rows = found
        surplusCount = rowOf.count
    }

    /// Whether a column without a known name is one all the same: whole numbers or words that name every row of both, most of them in both.
    fileprivate var looksLikeNames: Bool {
        let (a, b) = (Set(anchor.values), Set(other.values))
        guard a.count == anchor.values.count, b.count == other.values.count, !a.isEmpty else { return false }
        let words = Role.normalised(anchor.key).split(separator: "_")
        let isNamed = words.contains { ["id", "index", "idx", "no", "nr", "number", "name", "row", "key", "uid"].contains($0) }
        return isNamed && 2 * a.intersection(b).count >= min(a.count, b.count)
    }

    /// What is wrong with names that do not join.
    fileprivate func fault(_ file: String, _ anchorFile: String) -> EmbeddingFileError {
        func repeated(_ values: [String], _ file: String) -> EmbeddingFileError? {
            var counts: [String: Int] = [:]
            var twice: [String] = []
            for value in values {
                counts[value, default: 0] += 1
                if counts[value] == 2 { twice.append(value) }
            }
            return twice.isEmpty ? nil : .duplicateIdentifiers(.init(file), identifiers: Array(twice.prefix(3)), count: twice.count)
        }
        // Names that do not meet at all are the first thing to say.
        if Set(anchor.values).isDisjoint(with: other.values) { return mismatch(file, anchorFile) }
        return repeated(anchor.values, anchorFile) ?? repeated(other.values, file) ?? mismatch(file, anchorFile)
    }

    /// Names of one side that the other lacks, with examples of both.
    fileprivate func mismatch(_ file: String, _ anchorFile: String) -> EmbeddingFileError {
        let (wanted, own) = (Set(anchor.values), Set(other.values))
        let missing = anchor.values.filter { !own.contains($0) }
        let surplus = other.values.filter { !wanted.contains($0) }
        if missing.isEmpty {
            return .missingIdentifiers(.init(anchorFile), identifiers: Array(surplus.prefix(3)), count: surplus.count, other: .init(file))
        }
        return .missingIdentifiers(
            .init(file), identifiers: Array(missing.prefix(3)), count: missing.count, other: .init(anchorFile),
            instead: Array(surplus.prefix(3)))
    }
}

extension [String] {
    /// Whether the texts are numbers that merely count: whole, from 0 or 1 on, and few more than there are texts.
    package var areCounters: Bool {
        var values: Set<Int> = []
        for name in self {
            guard let value = Int(name), value >= 0 else { return false }
            values.insert(value)
        }
        guard let least = values.min(), let most = values.max() else { return false }
        return least <= 1 && most <= 2 * count + 1
    }
}

extension SamplePart {
    /// The first column, for messages about the number of rows.
    var place: EmbeddingFileError.Place { content.first?.column.place() ?? .init(file) }
}
