import LinearAlgebra
import RealModule
import Statistics

extension GaussianBottleneck {
    /// The permutation p-value of "X tells nothing about Y", which gives groups the answers of other groups of the same size in their fold;
    /// nil if fewer than 20 pairings exist.
    ///
    /// The rule of three standard errors keeps a direction of independent rows in 5.5 to 9 % of samples, so this test decides whether there
    /// is any direction at all.
    /// - Throws: what the initialiser throws.
    package static func permutationPValue(
        _ query: Matrix, _ answer: Matrix, groups: [String], settings: Settings = Settings(), pairingCount: Int,
        seed: UInt64,
        threadCount: Int = 1
    ) throws -> Double? {
        let axes = try CrossFittedAxes(query, answer, groups: groups, threadCount: threadCount)
        let classes = exchangeableGroups(axes.folds)
        let pairings = classes.reduce(0.0) { $0 + .logGamma(Double($1.count) + 1) }
        guard pairingCount > 0, pairings > .log(20) else { return nil }
        let observed = gaussianInformation(try axes.best(settings, threadCount: threadCount).resolved.correlations)
        let null = try concurrentMap(count: pairingCount, threadCount: threadCount) { index in
            var generator = SeededGenerator(seed: seed, stream: "bottleneck pairing", index: index)
            var pairing = Array(0..<query.rowCount)
            for members in classes {
                let order = generator.permutation(of: members.count)
                for (rows, other) in zip(members, order) {
                    for (row, source) in zip(rows, members[other]) { pairing[row] = source }
                }
            }
            return gaussianInformation(try axes.best(settings, pairing: pairing, threadCount: 1).resolved.correlations)
        }
        return Statistics.permutationPValue(observed: observed, null: null)
    }

    /// The rows of groups of one size in one fold, by class, with groups in the order of their labels.
    private static func exchangeableGroups(_ folds: GroupFolds) -> [[[Int]]] {
        var rows = [[Int]](repeating: [], count: folds.labels.count)
        for (row, label) in folds.labelIndexByRow.enumerated() { rows[label].append(row) }
        let keyed = rows.map { (key: [folds.foldByRow[$0[0]], $0.count], rows: $0) }
        let classes = Dictionary(grouping: keyed, by: \.key)
        return classes.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { (classes[$0] ?? []).map(\.rows) }
    }
}
