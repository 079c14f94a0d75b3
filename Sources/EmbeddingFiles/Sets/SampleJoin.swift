/// Brings the parts of a sample set into one order of rows.
///
/// Two files are joined by a column that names every row of both and has the same values in both. Its name may say so (`Role.id`), or both
/// files may simply have the column. Without such a column rows are joined by position and a note says so, unless ids contradict it.
struct SampleJoin {
    /// The parts, each with its rows in the order of the anchor.
    private(set) var parts: [SamplePart]
    private(set) var notes: [InputNote] = []
    /// The part whose order of rows is kept, and the column by which other parts were joined to it.
    private(set) var anchor = 0
    private(set) var key: SamplePart.RowNames?
    /// Whether rows with the same name were joined by position, or by name and query, so that the name denotes a cluster.
    private(set) var namesAreClusters = false

    /// Aligns the rows of `parts`.
    ///
    /// The order of rows is that of the part with the response if it can be joined, else of the first part that can. No row is dropped,
    /// except references without a response; a note tells of those.
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

    /// A pair of columns by which two parts might be joined.
    fileprivate struct Candidate {
        var anchor: SamplePart.RowNames
        var other: SamplePart.RowNames
        var isAsked = false
        /// For each row of the anchor, the row of the other part; nil if these columns do not join the parts.
        var rows: [Int]?
        var surplusCount = 0
    }

    private mutating func join(_ index: Int) throws(EmbeddingFileError) {
        let part = parts[index]
        let anchorPart = parts[anchor]
        let holdsReferencesOnly = part.content.allSatisfy { $0.name == Role.reference.name }
        var candidates = pairs(anchorPart, part, allowingSurplus: holdsReferencesOnly)
        for index in candidates.indices { candidates[index].match(allowingSurplus: holdsReferencesOnly) }
        let isAsked = anchorPart.namesAreAsked || part.namesAreAsked
        if isAsked { candidates = Array(candidates.prefix(1)) }

        let best = candidates.first { $0.rows != nil }
        // A question may name every row although an id names several; the id then tells which rows belong together.
        if best?.anchor.isIdentifier != true,
            let named = candidates.first(where: { $0.anchor.isIdentifier && $0.other.isIdentifier }),
            // The names have the same order but the questions differ, so the rows of a name stand in another order.
            named.anchor.values != named.other.values || anchorPart.questions != part.questions, joinByNameAndQuery(index, named)
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

    /// Joins a part by a name that several rows share, together with their questions; false if these do not distinguish the rows.
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

    /// The pairs of columns to try. Pairs of the same name come first, led by those that the user named or whose names mark them as ids.
    /// Then come ids with different names and last, if one file has no ids, any columns that hold the same names of rows.
    private func pairs(_ anchor: SamplePart, _ part: SamplePart, allowingSurplus: Bool) -> [Candidate] {
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
        // `partition` is not stable, so both parts are sorted.
        pairs[..<isKnown].sort { Role.id.rank($0.anchor.key) < Role.id.rank($1.anchor.key) }
        pairs[isKnown...].sort { $0.anchor.key < $1.anchor.key }
        for wanted in anchor.names where wanted.isIdentifier {
            for own in part.names where own.isIdentifier && Role.normalised(own.key) != Role.normalised(wanted.key) {
                pairs.insert(Candidate(anchor: wanted, other: own), at: pairs.firstIndex { !$0.anchor.isIdentifier } ?? pairs.count)
            }
        }
        return pairs + strangers(anchor, part, allowingSurplus: allowingSurplus)
    }

    /// Pairs of columns with different names, at most one of them an id, that hold the same values. Numbers that merely count are no
    /// evidence, because they may just as well be ranks.
    private func strangers(_ anchor: SamplePart, _ part: SamplePart, allowingSurplus: Bool) -> [Candidate] {
        let isNamed = (anchor.names.contains(where: \.isIdentifier), part.names.contains(where: \.isIdentifier))
        guard !isNamed.0 || !isNamed.1 else { return [] }
        func columns(_ names: [SamplePart.RowNames], _ isNamed: Bool) -> [(SamplePart.RowNames, Int)] {
            names.filter { ($0.isIdentifier || !isNamed) && !$0.values.areCounters }.map {
                ($0, $0.values.reduce(0) { $0 &+ $1.hashValue })
            }
        }
        let others = columns(part.names, isNamed.1)
        return columns(anchor.names, isNamed.0).flatMap { wanted, sum in
            others.filter { own, otherSum in
                // More references than responses are no obstacle, as long as each response finds its own.
                let holdsAll =
                    otherSum == sum
                    || allowingSurplus && own.values.count > wanted.values.count
                        && Set(own.values).isSuperset(of: wanted.values)
                return holdsAll && Role.normalised(own.key) != Role.normalised(wanted.key)
            }.map { own, _ in Candidate(anchor: wanted, other: own) }
        }
    }

    /// The rows that name and question together identify, if the name alone has several rows; nil if they do not.
    private func rowsByNameAndQuery(_ named: Candidate, _ anchor: SamplePart, _ part: SamplePart) -> [Int]? {
        guard let wanted = anchor.questions, let own = part.questions else { return nil }
        func joined(_ names: [String], _ questions: [String]) -> [String] { zip(names, questions).map { "\($0)\u{1F}\($1)" } }
        var candidate = Candidate(
            anchor: .init(key: "", isIdentifier: true, values: joined(named.anchor.values, wanted)),
            other: .init(key: "", isIdentifier: true, values: joined(named.other.values, own)))
        candidate.match(allowingSurplus: part.content.allSatisfy { $0.name == Role.reference.name })
        return candidate.rows
    }

    /// Rows for several answers to one question, all of which take the single row of the other file; nil if that does not fit.
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
    /// Finds the row of each name of the anchor. Both columns must name every row and have the same names, except for surplus references.
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
            // A matched name is removed, so that a second row with this name finds nothing.
            guard let row = rowOf.removeValue(forKey: value) else { return }
            found.append(row)
        }
        rows = found
        surplusCount = rowOf.count
    }

    /// Whether a column without a known name still looks like names: its own name suggests it, it names every row of both files, and at
    /// least half of the smaller file's names are in both.
    fileprivate var looksLikeNames: Bool {
        let (a, b) = (Set(anchor.values), Set(other.values))
        guard a.count == anchor.values.count, b.count == other.values.count, !a.isEmpty else { return false }
        let words = Role.normalised(anchor.key).split(separator: "_")
        let isNamed = words.contains { ["id", "index", "idx", "no", "nr", "number", "name", "row", "key", "uid"].contains($0) }
        return isNamed && 2 * a.intersection(b).count >= min(a.count, b.count)
    }

    /// The reason why the names do not join the files.
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
        // Names that have nothing in common are the first thing to report.
        if Set(anchor.values).isDisjoint(with: other.values) { return mismatch(file, anchorFile) }
        return repeated(anchor.values, anchorFile) ?? repeated(other.values, file) ?? mismatch(file, anchorFile)
    }

    /// The error for names that one side lacks, with examples of both sides.
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
    /// Whether the texts are numbers that merely count: whole numbers from 0 or 1 on, and not many more than there are texts.
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
    /// The place of the first column, for messages about the number of rows.
    var place: EmbeddingFileError.Place { content.first?.column.place() ?? .init(file) }
}
