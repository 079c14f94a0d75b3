import Statistics

/// Assigns each row to a held-out fold. Groups stay whole, the choice is seeded, and the order of rows does not matter.
package enum FoldPartition {
    /// Permutes the groups in the order of their names and deals each to the fold with the fewest rows so far.
    ///
    /// - Returns: a fold number for each row.
    package static func folds(groups: [String], count: Int, seed: UInt64) -> [Int] {
        let rows = Dictionary(grouping: groups.indices) { groups[$0] }
        let names = rows.keys.sorted()
        var generator = SeededGenerator(seed: seed, stream: "attribution folds")
        var sizes = [Int](repeating: 0, count: max(1, min(count, names.count)))
        var folds = [Int](repeating: 0, count: groups.count)
        for position in generator.permutation(of: names.count) {
            let fold = sizes.indices.min { (sizes[$0], $0) < (sizes[$1], $1) } ?? 0
            for row in rows[names[position]] ?? [] { folds[row] = fold }
            sizes[fold] += rows[names[position]]?.count ?? 0
        }
        return folds
    }
}
