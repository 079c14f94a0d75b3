import LinearAlgebra

/// The sets of a run under an estimator that is computed set by set: directions and bandwidths are those of all sets pooled.
/// Standard errors come from row contributions where these are influences, and else from leaving groups out (the jackknife),
/// because a bootstrap's repeated rows would look like dependence.
public struct SetwisePool: Sendable {
    /// I(X; Y_theta) and I(X; Y) of some rows of the pool, with row contributions where they are asked for and exist.
    typealias Pair = @Sendable (_ rows: [Int], _ detailed: Bool) throws
        -> (model: SetwiseInformation, reference: SetwiseInformation)

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
        let pool = RowPool(sets)
        self.pool = pool
        pair = try estimator.setwisePair(sets, pool: pool)
        self.estimator = estimator
        self.sets = sets
        blocks = JackknifeBlocks(labels: pool.labels)
    }

    /// EMI of one set of the pool.
    ///
    /// - Throws: `EstimationError.tooFewGroups` for a set of one group, and what the estimator throws.
    public func estimate(_ set: Int, threadCount: Int = 1) throws -> EffectiveMutualInformation {
        let rows = Array(pool.blocks[set])
        let blocks = blocks.rows(of: pool.labels[set])
        guard blocks.count > 1 else { throw EstimationError.tooFewGroups(found: blocks.count) }
        let (model, reference) = try pair(rows, true)
        if let modelTerms = model.contributions, let referenceTerms = reference.contributions,
            reference.contributionsAreInfluences
        {
            let estimate = EffectiveMutualInformation(
                modelContributions: modelTerms, referenceContributions: referenceTerms, groups: pool.labels[set])
            try estimator.checkFinite([estimate], of: [sets[set]])
            return estimate
        }
        let without = try concurrentMap(count: blocks.count, threadCount: threadCount) { index in
            let left = Set(blocks[index].rows)
            return try pair(rows.indices.filter { !left.contains($0) }.map { rows[$0] }, false)
        }
        func influence(_ values: [Double]) -> GroupInfluence {
            GroupInfluence(leaveOneOut: Dictionary(uniqueKeysWithValues: zip(blocks.map(\.label), values)))
        }
        let estimate = EffectiveMutualInformation(
            model: model.value, reference: reference.value, modelInfluence: influence(without.map(\.model.value)),
            referenceInfluence: influence(without.map(\.reference.value)), modelContributions: model.contributions,
            referenceContributions: reference.contributions)
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
        relabellings: Relabellings, confidence: Double = 0.95, threadCount: Int = 1
    ) throws -> EffectiveMutualInformationGap
    where Relabellings: RandomAccessCollection<Relabelling> & Sendable, Relabellings.Index == Int {
        let rows = Array(pool.blocks[first]) + Array(pool.blocks[second])
        do {
            return try EffectiveMutualInformationGap(
                estimates, relabellings: relabellings, confidence: confidence, threadCount: threadCount
            ) { split in
                let (a, b) = (try pair(split.first.map { rows[$0] }, false), try pair(split.second.map { rows[$0] }, false))
                return (a.model.value - a.reference.value) - (b.model.value - b.reference.value)
            }
        } catch EstimationError.tooFewRows, LinearAlgebraError.notPositiveDefinite {
            return EffectiveMutualInformationGap(estimates, null: [], confidence: confidence)
        }
    }
}
