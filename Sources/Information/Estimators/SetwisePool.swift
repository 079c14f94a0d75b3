import LinearAlgebra

/// The sets of a run under an estimator that is computed set by set and has no row contributions: directions and bandwidths are
/// those of all sets pooled, and standard errors come from leaving groups out (the jackknife), because a bootstrap's repeated
/// rows would look like dependence.
public struct SetwisePool: Sendable {
    /// I(X; Y_theta) and I(X; Y) of the queries of some rows of the pool with the answers of as many rows.
    typealias Pair = @Sendable (_ queries: [Int], _ answers: [Int]) throws -> InformationParts

    private let pair: Pair
    private let pool: RowPool
    private let estimator: Estimator
    private let sets: [SampleSet]
    private let blocks: JackknifeBlocks

    /// A pool of sets.
    ///
    /// - Throws: `EstimationError` or `LinearAlgebraError` where the data does not allow an estimate.
    /// - Precondition: `estimator.isSetwise`.
    public init(_ estimator: Estimator, _ sets: [SampleSet]) throws {
        pair = try estimator.setwisePair(sets)
        pool = RowPool(sets)
        self.estimator = estimator
        self.sets = sets
        blocks = JackknifeBlocks(labels: pool.labels)
    }

    /// EMI of one set of the pool.
    ///
    /// - Throws: `EstimationError.tooFewGroups` for a set of one group, and what the estimator throws.
    public func estimate(_ set: Int, threadCount: Int = 1) throws -> EffectiveMutualInformation {
        let rows = Array(pool.blocks[set])
        let parts = try pair(rows, rows)
        let blocks = blocks.rows(of: pool.labels[set])
        guard blocks.count > 1 else { throw EstimationError.tooFewGroups(found: blocks.count) }
        let without = try concurrentMap(count: blocks.count, threadCount: threadCount) { index in
            let left = Set(blocks[index].rows)
            let kept = rows.indices.filter { !left.contains($0) }.map { rows[$0] }
            return try pair(kept, kept)
        }
        func influence(_ value: KeyPath<InformationParts, Double>) -> GroupInfluence {
            GroupInfluence(
                leaveOneOut: Dictionary(
                    uniqueKeysWithValues: zip(blocks, without).map { ($0.label, $1[keyPath: value]) }))
        }
        let estimate = EffectiveMutualInformation(
            parts, modelInfluence: influence(\.model), referenceInfluence: influence(\.reference),
            groups: pool.labels[set]
        ) { [pair] answers in try pair(rows, answers.map { rows[$0] }) }
        try estimator.checkFinite([estimate], of: [sets[set]])
        return estimate
    }

    /// The gap between two sets of the pool, with its permutation law. Where relabelled rows do not allow an estimate that the
    /// sets themselves do (too few rows, or rows that repeat), there is no p-value.
    ///
    /// - Parameter relabellings: of the rows of the first set, then those of the second.
    /// - Throws: as `estimate`, but for what only relabelled rows lack.
    public func gap<Relabellings>(
        _ first: Int, _ second: Int, estimates: (EffectiveMutualInformation, EffectiveMutualInformation),
        relabellings: Relabellings, intervals: IntervalMethod = IntervalMethod(), threadCount: Int = 1
    ) throws -> EffectiveMutualInformationGap
    where Relabellings: RandomAccessCollection<Relabelling> & Sendable, Relabellings.Index == Int {
        let rows = Array(pool.blocks[first]) + Array(pool.blocks[second])
        do {
            return try EffectiveMutualInformationGap(
                estimates, relabellings: relabellings, intervals: intervals, threadCount: threadCount
            ) { splits in
                func effective(_ part: [Int]) throws -> Double {
                    let selected = part.map { rows[$0] }
                    let parts = try pair(selected, selected)
                    return parts.model - parts.reference
                }
                return try splits.map { try effective($0.first) - effective($0.second) }
            }
        } catch EstimationError.tooFewRows, LinearAlgebraError.notPositiveDefinite {
            return EffectiveMutualInformationGap(estimates, null: [], intervals: intervals)
        }
    }
}
