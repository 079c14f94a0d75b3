import LinearAlgebra

/// EMI by an estimator that is computed set by set and has no row contributions: standard errors come from leaving
/// groups out (the jackknife), because a bootstrap's repeated rows would look like dependence.
struct SetwiseEstimation: Sendable {
    /// I(X; Y_theta) and I(X; Y) of some rows of the pool.
    typealias Pair = @Sendable (_ rows: [Int]) throws -> (model: Double, reference: Double)

    /// At most so many leave-one-out estimates a set; smaller groups are merged to reach it. Large sets get fewer: each
    /// estimate costs more, and the error of ten large blocks is known to a quarter of its size.
    static func blockLimit(rowCount: Int) -> Int { rowCount > 1_000 ? 10 : 50 }

    let estimate: Pair
    let threadCount: Int

    /// EMI of every set of the pool.
    ///
    /// - Throws: `EstimationError.tooFewGroups` for a set of one group, and what the estimator throws.
    func estimate(_ pool: RowPool) throws -> [EffectiveMutualInformation] {
        try zip(pool.blocks, pool.labels).map { block, labels in
            let rows = Array(block)
            let (model, reference) = try estimate(rows)
            let blocks = Self.jackknifeBlocks(labels)
            guard blocks.count > 1 else { throw EstimationError.tooFewGroups(found: blocks.count) }
            let without = try concurrentMap(count: blocks.count, threadCount: threadCount) { index in
                let left = Set(blocks[index].rows)
                return try estimate(rows.indices.filter { !left.contains($0) }.map { rows[$0] })
            }
            func influence(_ value: KeyPath<(model: Double, reference: Double), Double>) -> GroupInfluence {
                GroupInfluence(
                    leaveOneOut: Dictionary(
                        uniqueKeysWithValues: zip(blocks, without).map { ($0.label, $1[keyPath: value]) }))
            }
            return EffectiveMutualInformation(
                model: model, reference: reference, modelInfluence: influence(\.model),
                referenceInfluence: influence(\.reference))
        }
    }

    /// The rows of each group, neighbouring groups merged until there are at most `blockLimit(rowCount:)`. Labels are those of the
    /// first group, so that two sets with the same groups get the same blocks.
    private static func jackknifeBlocks(_ labels: [String]) -> [(label: String, rows: [Int])] {
        var order: [String] = []
        var rows: [String: [Int]] = [:]
        for (row, label) in labels.enumerated() {
            if rows[label] == nil { order.append(label) }
            rows[label, default: []].append(row)
        }
        let limit = blockLimit(rowCount: labels.count)
        let merged = (order.count + limit - 1) / limit
        return stride(from: 0, to: order.count, by: max(1, merged)).map { first in
            let members = order[first..<min(first + merged, order.count)]
            return (members[members.startIndex], members.flatMap { rows[$0] ?? [] })
        }
    }
}
