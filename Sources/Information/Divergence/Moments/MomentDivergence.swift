import LinearAlgebra
import Statistics

/// The divergence of two samples of which only moments are known, under the linear kernel.
package struct MomentDivergence: Sendable {
    /// The divergence and its law under relabelling, in nats; its influences are by bucket.
    package let estimate: DivergenceEstimate
    /// A label for each bucket of the first sample; the same label in both samples is the same bucket of the same groups.
    package let firstLabels: [String]
    /// A label for each bucket of the second sample.
    package let secondLabels: [String]
    /// Whether the samples differ too much in size for relabelling.
    package let isTooUnequal: Bool
    /// Whether both samples have enough rows for what buckets tell of chance. With fewer, the p-value still holds, because buckets can be
    /// exchanged, but the excess is off: 0.20 where rows give 0.25, at 90 rows of 256 columns.
    package let hasEnoughRows: Bool

    /// The number of rows a column that both samples need.
    package static let rowsPerColumn = 8

    /// The debiased divergence with its standard error by bucket; nil without relabellings.
    package func uncertainExcess(confidence: Double) -> UncertainValue? {
        estimate.uncertainExcess(firstGroups: firstLabels, secondGroups: secondLabels, confidence: confidence)
    }
}

extension JensenShannonDivergence {
    /// Buckets of one sample may hold this many times the rows of those of the other.
    private static let bucketRatio = 1.5
    /// The fewest buckets of a sample: 4 against 32 can be relabelled in 58,905 ways.
    private static let fewestBuckets = 4

    /// The divergence of two samples from their moments, with its values under relabellings of buckets.
    ///
    /// The estimate is that of rows, with buckets in their place: plug-in values are the same to rounding, and so is everything else in
    /// expectation. Relabelled buckets give the mean and the spread of relabelled rows, because parts of many buckets hold as many rows;
    /// p-values are those of exchangeable buckets.
    ///
    /// - Parameters:
    ///   - areShared: whether groups of one label are in both samples, so that buckets swap places instead of being dealt out.
    ///   - relabellings: how many.
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    /// - Precondition: moments of one width, each of at least one row; rows divided by their norms for the cosine kernel.
    package func divergence(
        _ first: RowMoments, _ second: RowMoments, areShared: Bool, relabellings count: Int, threadCount: Int = 1
    ) throws -> MomentDivergence {
        precondition(first.width == second.width, "moments of different widths")
        let (left, right) = Self.withLikeBuckets(first, second)
        let pool = MomentPool(left, right)
        let meter = MomentMeter(pool: pool, weighting: weighting)
        let isTooUnequal = !Self.areAlike(left, right)
        let swaps = areShared && left.bucketCount == right.bucketCount
        let labels = [(left, "p"), (right, "q")].map { moments, name in
            moments.counts.indices.filter { moments.counts[$0] > 0 }.map { "\(swaps ? "" : name) bucket \($0)" }
        }
        let design = ExchangeDesign(
            firstCount: labels[0].count, secondCount: labels[1].count, firstIdentifiers: swaps ? labels[0] : nil,
            secondIdentifiers: swaps ? labels[1] : nil)
        let count = isTooUnequal ? 0 : count
        let corrects = weighting == .equal && count > 0
        let whole = try meter.measure(pool.ownSplit, corrected: corrects)
        let mixture = count > 0 && weighting == .equal ? try MomentMeter.Mixture(pool.ownSplit, in: pool) : nil
        let relabelled = design.lazyRelabellings(count: count, seed: seed)
        let null = try concurrentMap(count: count, threadCount: threadCount) { index in
            let split = RowSplit(first: relabelled[index].first, second: relabelled[index].second)
            let measure = try meter.measure(split, like: mixture, corrected: corrects)
            return (outcome: measure.outcome, discrepancy: pool.meanDiscrepancy(split))
        }
        let draws = design.lazyBalancedDraws(count: count, seed: seed)
        let balanced = try concurrentMap(count: draws.count, threadCount: threadCount) { index in
            let draw = draws[index]
            let mixture = weighting == .equal ? try MomentMeter.Mixture(draw.drawn, in: pool) : nil
            return (
                own: try meter.measure(draw.drawn, corrected: corrects).outcome,
                relabelled: try meter.measure(draw.relabelled, like: mixture, corrected: corrects).outcome
            )
        }
        let pairs: [(own: RowSplit, relabelled: RowSplit)] =
            draws.isEmpty
            ? relabelled.prefix(DivergenceInfluence.drawLimit).map {
                (pool.ownSplit, RowSplit(first: $0.first, second: $0.second))
            } : draws.prefix(DivergenceInfluence.drawLimit).map { ($0.drawn, $0.relabelled) }
        let covering = DivergenceInfluence.covering(pairs, rowCount: pool.counts.count)
        let debiasing =
            corrects && !covering.isEmpty
            ? try Debiasing(
                own: balanced.isEmpty ? [whole.outcome] : balanced.map(\.own),
                relabelled: balanced.isEmpty ? null.map(\.outcome) : balanced.map(\.relabelled), null: null.map(\.outcome)
            ) { factor in
                let details = try MomentInfluence(draws: covering, pool: pool, tailFactor: factor, threadCount: threadCount)
                return (details.influences, details.tilt)
            } : nil
        return MomentDivergence(
            estimate: DivergenceEstimate(
                plugIn: whole.value, observed: whole.value, null: null.map(\.outcome.value),
                balancedExcesses: balanced.map { $0.own.value - $0.relabelled.value }, correction: debiasing?.correction ?? 0,
                rowInfluences: debiasing?.influences, degenerateVariance: debiasing?.degenerateVariance,
                meanDiscrepancy: discrepancy(pool, null: null.map(\.discrepancy)), firstEntropy: whole.entropies.first,
                secondEntropy: whole.entropies.second, missingTrace: 0),
            firstLabels: labels[0], secondLabels: labels[1], isTooUnequal: isTooUnequal,
            hasEnoughRows: min(first.rowCount, second.rowCount) >= MomentDivergence.rowsPerColumn * first.width)
    }

    private func discrepancy(_ pool: MomentPool, null: [Double]) -> MaximumMeanDiscrepancy {
        let value = pool.meanDiscrepancy(pool.ownSplit)
        guard !null.isEmpty else { return MaximumMeanDiscrepancy(value: value, pValue: nil) }
        let scale = null.reduce(abs(value)) { max($0, abs($1)) }
        return MaximumMeanDiscrepancy(value: value, pValue: permutationPValue(observed: value, null: null, tolerance: 1e-12 * scale))
    }

    /// The moments with buckets of about the same number of rows: the smaller sample gets fewer.
    private static func withLikeBuckets(_ first: RowMoments, _ second: RowMoments) -> (RowMoments, RowMoments) {
        var (left, right) = (first, second)
        while left.rowsPerBucket > bucketRatio * right.rowsPerBucket, right.bucketCount >= 2 * fewestBuckets {
            right = right.coarsened(to: right.bucketCount / 2)
        }
        while right.rowsPerBucket > bucketRatio * left.rowsPerBucket, left.bucketCount >= 2 * fewestBuckets {
            left = left.coarsened(to: left.bucketCount / 2)
        }
        return (left, right)
    }

    private static func areAlike(_ first: RowMoments, _ second: RowMoments) -> Bool {
        let ratio = first.rowsPerBucket / second.rowsPerBucket
        return ratio <= 2 && ratio >= 0.5
    }
}

extension RowMoments {
    fileprivate var rowsPerBucket: Double { Double(rowCount) / Double(bucketCount) }
}
