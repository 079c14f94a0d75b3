import Information
import Statistics

/// What the reference channel finds about a shift besides its gap: the bound in the same nats, and how well queries tell the sets apart.
package struct ChannelFindings: Sendable {
    /// The bound in its three forms, each with the shares of the modalities as its terms.
    package let bounds: [Bound]
    /// The first form of the bound, with its interval.
    package let bound: UncertainValue
    /// The first form of the bound minus EMID.
    package let slack: UncertainValue
    /// How well each modality tells the two sets apart: R^2 when it predicts the label of the set, in the order of the modalities.
    package let separations: [UncertainValue]
    /// How well all modalities together tell the sets apart, as R^2.
    package let jointSeparation: UncertainValue
    /// The fraction of the joint R^2 that each modality carries; nil when queries do not tell the sets apart.
    package let shares: [Double]?
    /// The largest EMID that any answers to the OOD queries could give: no row contributes less than ln d.
    package let ceiling: Double

    /// Nil when another estimator made the estimates.
    ///
    /// - Parameters:
    ///   - divergence: the debiased divergence of the joint queries; nil when nothing was debiased.
    ///   - both: what `ChannelPair.contributionsUnderBoth` gives, if it is known already.
    /// - Throws: `LinearAlgebraError`.
    init?(
        _ id: ShiftAnalysis.Judged, _ ood: ShiftAnalysis.Judged, divergence: Double?, gap: EMIDEstimate,
        both: PairContributions? = nil, intervals: IntervalMethod
    ) throws {
        guard let first = id.estimate.channelRows, let second = ood.estimate.channelRows,
            let own = id.estimate.contributions, let other = ood.estimate.contributions
        else { return nil }
        let (idSet, oodSet) = (id.set.compared, ood.set.compared)
        let groups = (first: id.estimate.groups, second: ood.estimate.groups)
        var separation = try SetSeparation(
            idSet, oodSet, groups: (id.set.comparedGroups(id.estimate), ood.set.comparedGroups(ood.estimate)))
        if let first = id.set.large?.samplePlaces, let second = ood.set.large?.samplePlaces {
            separation = separation.placed(first, second)
        }
        let equal = gap.equalSizes
        let found = ChannelBound(
            ChannelPair(first, second), own: equal.map { ($0.first, $0.second) } ?? (own, other), both: both, separation: separation,
            divergence: divergence,
            confidence: intervals.confidence)
        shares = ChannelBound.shares(separation)
        bounds = found.forms(names: idSet.modalities.map(\.name), shares: shares)
        bound = found.value
        slack = found.slack(gap: gap.gap.value, influence: gap.influence)
        separations = separation.modalities.map { separation.uncertain($0, groups: groups, intervals: intervals) }
        jointSeparation = separation.uncertain(separation.joint, groups: groups, intervals: intervals)
        ceiling =
            gap.gap.value + (equal?.secondModelInformation ?? ood.estimate.modelMutualInformation) - first.leastContribution
    }
}
