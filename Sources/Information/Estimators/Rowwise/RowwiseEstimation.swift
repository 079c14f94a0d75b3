import LinearAlgebra
import Statistics

/// The sets of a run under a rowwise estimator, which takes its directions and bandwidths from all sets pooled.
/// Standard errors come from row contributions if these are influences, and otherwise from leaving groups out (the jackknife). A
/// bootstrap would not do: its repeated rows would look like dependence.
package struct RowwiseEstimation: PreparedEstimator {
    /// Estimates I(X; Y_theta) and I(X; Y) from the queries of some rows of the pool, paired with the answers of as many rows. `detailed`
    /// asks for row contributions, which not every estimator has.
    typealias Pair =
        @Sendable (_ queries: [Int], _ answers: [Int], _ detailed: Bool) throws
        -> (model: RowwiseInformation, reference: RowwiseInformation)

    /// Estimates I(X; Y_theta) and I(X; Y) of rows of the pool, paired with their own answers, without each of some blocks of these rows;
    /// nil for a block without which the estimate needs all digits of the rows.
    typealias LeavingOut =
        @Sendable (_ rows: [Int], _ blocks: [[Int]], _ threadCount: Int) throws -> [InformationParts?]

    private let pair: Pair
    private let leavingOut: LeavingOut?
    private let pool: RowGroups
    private let estimator: any RowwiseEstimator
    private let sets: [SampleSet]
    private let blocks: JackknifeBlocks

    /// Pools the sets and prepares the estimator with them.
    ///
    /// - Throws: `EstimationError` or `LinearAlgebraError` when the data does not allow an estimate.
    init(_ estimator: any RowwiseEstimator, _ sets: [SampleSet]) throws {
        for set in sets { try estimator.check(set) }
        let pool = RowGroups(sets)
        self.pool = pool
        (pair, leavingOut) = try estimator.functions(sets, pool: pool)
        self.estimator = estimator
        self.sets = sets
        blocks = JackknifeBlocks(labels: pool.labels, seed: estimator.seed)
    }

    /// EMI of the set at `position` in the pool; a set without a position is estimated in a pool of its own.
    ///
    /// - Throws: `EstimationError.tooFewGroups` for a set of one group, and what the estimator throws.
    package func estimate(_ set: SampleSet, at position: Int?, threadCount: Int) throws -> EMIEstimate {
        guard let position else {
            return try RowwiseEstimation(estimator, [set]).estimate(0, threadCount: threadCount)
        }
        return try estimate(position, threadCount: threadCount)
    }

    /// EMI of one set of the pool.
    ///
    /// - Throws: `EstimationError.tooFewGroups` for a set of one group, and what the estimator throws.
    private func estimate(_ set: Int, threadCount: Int) throws -> EMIEstimate {
        let rows = Array(pool.blocks[set])
        let blocks = blocks.rows(of: pool.labels[set])
        guard blocks.count > 1 else { throw EstimationError.tooFewGroups(found: blocks.count) }
        let labels = pool.labels[set]
        let (model, reference) = try pair(rows, rows, true)
        if let modelTerms = model.contributions, let referenceTerms = reference.contributions,
            reference.contributionsAreInfluences
        {
            let estimate = EMIEstimate(
                InformationParts(model: model.value, reference: reference.value),
                modelInfluence: GroupInfluence(contributions: modelTerms, groups: labels, scale: model.errorScale),
                referenceInfluence: GroupInfluence(contributions: referenceTerms, groups: labels, scale: reference.errorScale),
                groups: labels,
                modelContributions: modelTerms, referenceContributions: referenceTerms, underPairing: underPairing(rows))
            try estimator.checkFinite([estimate], of: [sets[set]])
            return estimate
        }
        let known = try leavingOut?(rows, blocks.map { $0.rows.map { rows[$0] } }, threadCount)
        let without = try concurrentMap(count: blocks.count, threadCount: threadCount) { index in
            if let parts = known?[index] { return parts }
            let left = Set(blocks[index].rows)
            let kept = rows.indices.filter { !left.contains($0) }.map { rows[$0] }
            let (model, reference) = try pair(kept, kept, false)
            return InformationParts(model: model.value, reference: reference.value)
        }
        func influence(_ values: [Double]) -> GroupInfluence {
            GroupInfluence(leaveOneOut: Dictionary(uniqueKeysWithValues: zip(blocks.map(\.label), values)))
        }
        let estimate = EMIEstimate(
            InformationParts(model: model.value, reference: reference.value),
            modelInfluence: influence(without.map(\.model)), referenceInfluence: influence(without.map(\.reference)),
            groups: labels, modelContributions: model.contributions, referenceContributions: reference.contributions,
            underPairing: underPairing(rows))
        try estimator.checkFinite([estimate], of: [sets[set]])
        return estimate
    }

    /// The parts of EMI of some rows under any pairing of queries and answers.
    private func underPairing(_ rows: [Int]) -> PairedInformation {
        { [pair] answers in
            let (model, reference) = try pair(rows, answers.map { rows[$0] }, false)
            return InformationParts(model: model.value, reference: reference.value)
        }
    }

    /// The test of "answers do not depend on queries" in one set; it does not compute a standard error.
    ///
    /// - Returns: nil when `EMIEstimate.independenceTest` would be.
    /// - Throws: what the estimator throws.
    package func independenceTest(
        _ set: Int, pairingCount: Int, seed: UInt64, threadCount: Int = 1
    ) throws -> Independence? {
        let rows = Array(pool.blocks[set])
        let parts = underPairing(rows)
        return try Independence(
            try parts(Array(rows.indices)), parts, PairingDesign(groups: pool.labels[set]), pairingCount: pairingCount, seed: seed,
            threadCount: threadCount)
    }

    /// Like `PreparedEstimator.gap`; each relabelling is an estimate of its own. If relabelled rows do not allow an estimate (too few rows,
    /// or rows that repeat) although the sets themselves do, there is no p-value.
    ///
    /// - Throws: what `estimate` throws, except when only relabelled rows are at fault.
    package func gap<Relabellings>(
        _ positions: (Int?, Int?), _ estimates: (EMIEstimate, EMIEstimate), relabellings: Relabellings,
        intervals: IntervalMethod, threadCount: Int
    ) throws -> EMIDEstimate
    where Relabellings: RandomAccessCollection<Relabelling> & Sendable, Relabellings.Index == Int {
        guard let first = positions.0, let second = positions.1 else {
            return EMIDEstimate(estimates, null: [], intervals: intervals)
        }
        let rows = Array(pool.blocks[first]) + Array(pool.blocks[second])
        do {
            return try EMIDEstimate(
                estimates, relabellings: relabellings, intervals: intervals, threadCount: threadCount
            ) { splits in
                func effective(_ part: [Int]) throws -> Double {
                    let selected = part.map { rows[$0] }
                    let (model, reference) = try pair(selected, selected, false)
                    return model.value - reference.value
                }
                return try splits.map { try effective($0.first) - effective($0.second) }
            }
        } catch EstimationError.tooFewRows, LinearAlgebraError.notPositiveDefinite {
            return EMIDEstimate(estimates, null: [], intervals: intervals)
        }
    }
}
