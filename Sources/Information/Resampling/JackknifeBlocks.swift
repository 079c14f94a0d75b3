import Statistics

/// Blocks of groups that a jackknife leaves out together, the same for all sets of a run: equal labels in two sets are the same
/// groups, so that the difference of two estimates compares them within themselves.
struct JackknifeBlocks: Sendable, Equatable {
    /// The label of the block of each group: that of its first group.
    private let blockOfGroup: [String: String]

    /// At most so many leave-one-out estimates a set; groups are merged to reach it. Large sets get fewer: each
    /// estimate costs more, and the error of ten large blocks is known to a quarter of its size.
    static func limit(rowCount: Int) -> Int { rowCount > 1_000 ? 10 : 50 }

    /// The blocks of sets with these group labels of their rows.
    ///
    /// A block holds the groups of one "first set in which they appear", so that sets without common groups have blocks of their
    /// own. Groups are dealt to blocks at random (seeded): a set that holds a few of many groups then has them in
    /// different blocks, and blocks do not follow an order that the labels may have.
    init(labels: [[String]], seed: UInt64 = 0) {
        let limit = Self.limit(rowCount: labels.map(\.count).max() ?? 0)
        let sets = labels.map(Set.init)
        // Groups a block, as the set with most groups needs.
        let merged = max(1, ((sets.map(\.count).max() ?? 0) + limit - 1) / limit)
        var blocks: [String: String] = [:]
        for groups in sets {
            let own = groups.filter { blocks[$0] == nil }.sorted()
            guard merged > 1 else {
                for group in own { blocks[group] = group }
                continue
            }
            var generator = SeededGenerator(seed: seed, stream: "jackknife blocks")
            let blockCount = (own.count + merged - 1) / merged
            var names = [String?](repeating: nil, count: blockCount)
            let order = generator.permutation(of: own.count)
            for (rank, group) in own.enumerated() {
                let block = order[rank] % blockCount
                names[block] = names[block] ?? group
                blocks[group] = names[block]
            }
        }
        blockOfGroup = blocks
    }

    /// The rows of each block, by the group labels of a set's rows, in the order of the labels of blocks.
    ///
    /// A set whose groups all lie in one block is cut into its groups: a jackknife needs two.
    func rows(of labels: [String]) -> [(label: String, rows: [Int])] {
        let byBlock = Dictionary(grouping: labels.indices) { blockOfGroup[labels[$0]] ?? labels[$0] }
        let chosen = byBlock.count > 1 ? byBlock : Dictionary(grouping: labels.indices) { labels[$0] }
        return chosen.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
