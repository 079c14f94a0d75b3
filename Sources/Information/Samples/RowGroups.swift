import LinearAlgebra

/// The rows of all sets of a run, one set after the other, with groups that may reach across sets.
///
/// Two rows belong to one group if they share a group name or an item name, within a set or across sets, directly or through other rows:
/// a q that judges one of them must not have seen any of the others. In sets without names, rows are recognised by their content (the
/// reference together with a modality), if that is unique in the set.
struct RowGroups: Sendable {
    /// All rows.
    let rowCount: Int
    /// The rows of each set.
    let blocks: [Range<Int>]
    /// The pooled rows of each group, groups in the order of their first row.
    let groups: [[Int]]
    /// For each set the group label of every row, which is a key of the group's first row.
    let labels: [[String]]
    /// The group label that belongs to each key, by which rows of other sets find their group.
    let labelByKey: [String: String]

    /// - Parameter knowsContent: whether `labelByKey` also holds the content of rows with names, so that sets without names can find them.
    init(_ sets: [SampleSet], knowsContent: Bool = false) {
        let keys = sets.enumerated().flatMap { $1.rowKeys(setIndex: $0, knowsContent: knowsContent) }
        var components = UnionFind(count: keys.count)
        var owners: [String: Int] = [:]
        for (row, keys) in keys.enumerated() {
            for key in keys.linking {
                if let owner = owners[key] { components.merge(owner, row) } else { owners[key] = row }
            }
        }
        let groups = components.sets()
        var flat = [String](repeating: "", count: keys.count)
        for rows in groups {
            for row in rows { flat[row] = keys[rows[0]].own }
        }
        var blocks: [Range<Int>] = []
        for set in sets {
            let start = blocks.last?.upperBound ?? 0
            blocks.append(start..<(start + set.rowCount))
        }
        var labelByKey: [String: String] = [:]
        for (row, keys) in keys.enumerated() {
            for key in keys.linking + keys.content where labelByKey[key] == nil { labelByKey[key] = flat[row] }
        }
        self.rowCount = keys.count
        self.blocks = blocks
        self.groups = groups
        self.labels = blocks.map { Array(flat[$0]) }
        self.labelByKey = labelByKey
    }
}

/// The keys by which a row can be recognised.
struct RowKeys: Sendable {
    /// A name for the row: that of its group, else that of its item, else its place in its set.
    let own: String
    /// Keys that put rows into one group: names, or content if the set has no names.
    let linking: [String]
    /// Hashes of what the row holds, if they were asked for.
    let content: [String]
}

extension SampleSet {
    /// The keys of every row. `setIndex` tells sets with the same name apart.
    func rowKeys(setIndex: Int, knowsContent: Bool) -> [RowKeys] {
        let isNamed = groups != nil || identifiers != nil
        let content = knowsContent || !isNamed ? contentKeys : [[String]](repeating: [], count: rowCount)
        return (0..<rowCount).map { row in
            let names = [groups.map { "group\u{1F}\($0[row])" }, identifiers.map { "item\u{1F}\($0[row])" }].compactMap { $0 }
            return RowKeys(
                own: names.first ?? "row\u{1F}\(setIndex)\u{1F}\(name)\u{1F}\(row)", linking: names.isEmpty ? content[row] : names,
                content: content[row])
        }
    }

    /// For each row the hashes of its reference together with each modality. A hash that occurs twice in the set is left out: equal answers
    /// to equal questions about different images are different items.
    private var contentKeys: [[String]] {
        let references = referenceFingerprints
        var keys = [[String]](repeating: [], count: rowCount)
        for modality in modalities {
            let rows = modality.fingerprints
            let own = (0..<rowCount).map { "content\u{1F}\(modality.name)\u{1F}\(references[$0])\u{1F}\(rows[$0])" }
            let counts = Dictionary(own.map { ($0, 1) }, uniquingKeysWith: +)
            for (row, key) in own.enumerated() where counts[key] == 1 { keys[row].append(key) }
        }
        return keys
    }
}
