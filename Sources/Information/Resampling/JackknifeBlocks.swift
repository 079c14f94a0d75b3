import Statistics

/// Blocks of groups that a jackknife leaves out together. All sets of a run use the same blocks: equal labels in two sets are the same
/// group, so the difference of two estimates compares each block with itself.
struct JackknifeBlocks: Sendable, Equatable {
    /// For each group the label of its block, which is the label of the block's first group.
    private let blockOfGroup: [String: String]

    /// The most leave-one-out estimates for a set; groups are merged into blocks to stay below it. Large sets get fewer, because each
    /// estimate costs more, and ten large blocks already give the standard error to a quarter of its size.
    static func limit(rowCount: Int) -> Int { rowCount > 1_000 ? 10 : 50 }

    /// Makes the blocks from the group labels of every set's rows.
    ///
    /// A block only holds groups that appear first in the same set, so sets without common groups have separate blocks. Groups are dealt
    /// to blocks at random (seeded): a set that holds a few of many groups then has them in different blocks, and blocks do not follow
    /// any order of the labels.
    init(labels: [[String]], seed: UInt64 = 0) {
        let limit = Self.limit(rowCount: labels.map(\.count).max() ?? 0)
        let sets = labels.map(Set.init)
        // How many groups a block has to hold, decided by the set with most groups.
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

    /// The rows of each block, given the group labels of a set's rows; blocks are sorted by label.
    ///
    /// If all groups of a set lie in one block, each group becomes a block, since a jackknife needs two.
    func rows(of labels: [String]) -> [(label: String, rows: [Int])] {
        let byBlock = Dictionary(grouping: labels.indices) { blockOfGroup[labels[$0]] ?? labels[$0] }
        let chosen = byBlock.count > 1 ? byBlock : Dictionary(grouping: labels.indices) { labels[$0] }
        return chosen.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
