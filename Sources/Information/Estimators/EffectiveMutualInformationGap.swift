import LinearAlgebra

/// EMID = EMI(P) - EMI(Q) with its uncertainty, in nats (2502.00577). Positive: the model lost relevance under the shift.
public struct EffectiveMutualInformationGap: Sendable {
    /// The gap with its standard error and interval; groups that both sets share are compared within themselves.
    public let gap: UncertainValue
    /// The permutation p-value of "no gap" against either sign; nil without relabellings.
    public let pValue: Double?
}

extension Estimator {
    /// The gap between two sets, with the permutation law of "both sets have one distribution" over `relabellings`.
    ///
    /// q, bandwidths and projections stay those of the run: they treat the sets alike. Estimators with row contributions are
    /// re-evaluated from their covariances, others in full.
    /// - Parameters:
    ///   - estimates: EMI of the two sets, as `estimate` gave them.
    /// - Throws: as `estimate`.
    public func gap(
        _ first: SampleSet, _ second: SampleSet, estimates: (EffectiveMutualInformation, EffectiveMutualInformation),
        relabellings: [Relabelling], confidence: Double = 0.95, threadCount: Int = 1
    ) throws -> EffectiveMutualInformationGap {
        try checkFinite([estimates.0, estimates.1], of: [first, second])
        let gap = UncertainValue(
            value: estimates.0.value - estimates.1.value,
            influence: estimates.0.influence.subtracting(estimates.1.influence), confidence: confidence)
        guard !relabellings.isEmpty else { return EffectiveMutualInformationGap(gap: gap, pValue: nil) }
        let null: [Double]
        if let left = estimates.0.covariances, let right = estimates.1.covariances {
            let pooled = left.stacked(on: right)
            null = try concurrentMap(count: relabellings.count, threadCount: threadCount) { index in
                pooled.effectiveMutualInformation(relabellings[index].first)
                    - pooled.effectiveMutualInformation(relabellings[index].second)
            }
        } else {
            let pair = try setwisePair([first, second])
            null = try concurrentMap(count: relabellings.count, threadCount: threadCount) { index in
                let (a, b) = (try pair(relabellings[index].first), try pair(relabellings[index].second))
                return (a.model - a.reference) - (b.model - b.reference)
            }
        }
        return EffectiveMutualInformationGap(
            gap: gap, pValue: permutationPValue(observed: abs(gap.value), null: null.map { abs($0) }))
    }
}
