/// The rows of all sets of a run, one after the other, with their groups across sets.
struct RowPool: Sendable {
    /// All rows.
    let rowCount: Int
    /// The rows of each set.
    let blocks: [Range<Int>]
    /// The pooled rows of each group; a label that comes in several sets is one group.
    let groups: [[Int]]
    /// The group label of each row, by set.
    let labels: [[String]]

    init(_ sets: [SampleSet]) {
        var blocks: [Range<Int>] = []
        var positions: [String: Int] = [:]
        var groups: [[Int]] = []
        var start = 0
        let labels = sets.enumerated().map { $1.dependenceLabels(setIndex: $0) }
        for (set, labels) in zip(sets, labels) {
            for (row, label) in labels.enumerated() {
                if let position = positions[label] {
                    groups[position].append(start + row)
                } else {
                    positions[label] = groups.count
                    groups.append([start + row])
                }
            }
            blocks.append(start..<(start + set.rowCount))
            start += set.rowCount
        }
        (self.rowCount, self.blocks, self.groups, self.labels) = (start, blocks, groups, labels)
    }
}

extension SampleSet {
    /// The label of what each row depends on: its group, else its item (the same item in two sets is one), else itself.
    func dependenceLabels(setIndex: Int) -> [String] {
        groups ?? identifiers ?? (0..<rowCount).map { "set \(setIndex), row \($0)" }
    }
}
