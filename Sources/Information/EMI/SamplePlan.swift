import Statistics

/// How many groups of rows a comparison of two sets needs, judged by the variation that a pilot showed.
package struct SamplePlan: Sendable, Equatable {
    /// The variance of the gap times the number of groups in each set, in squared nats.
    package let variancePerGroup: Double
    /// Whether both sets hold the same groups, so that each group is compared with itself.
    package let isPaired: Bool
    /// The confidence of the two-sided test.
    package let confidence: Double

    /// A plan for sets that vary as much as those of the pilot.
    ///
    /// Without a second estimate, the plan assumes that the other set varies as much as the first and holds other groups.
    /// - Parameter groupCounts: the numbers of groups in the sets of the pilot.
    /// - Returns: nil when the pilot has no standard error.
    package init?(
        _ id: EMIEstimate, _ ood: EMIEstimate?, groupCounts: (id: Int, ood: Int?),
        confidence: Double = 0.95
    ) {
        let influence = ood.map { id.influence.subtracting($0.influence) }
        isPaired = ood.map { $0.influence.sharesGroups(with: id.influence) } ?? false
        self.confidence = confidence
        func variance(_ influence: GroupInfluence, _ count: Int) -> Double? {
            influence.standardError.map { $0 * $0 * Double(count) }
        }
        let found: Double?
        if isPaired, let influence {
            found = variance(influence, max(groupCounts.id, groupCounts.ood ?? 0))
        } else {
            let own = variance(id.influence, groupCounts.id)
            let other = ood.map { variance($0.influence, groupCounts.ood ?? groupCounts.id) } ?? own
            found = own.flatMap { own in other.map { own + $0 } }
        }
        guard let found, found.isFinite else { return nil }
        variancePerGroup = found
    }

    /// The smallest gap, in nats, that two sets of `groupCount` groups each detect with probability `power`.
    package func detectableGap(groupCount: Int, power: Double = 0.8) -> Double {
        detectableEffect(
            standardError: (variancePerGroup / Double(groupCount)).squareRoot(),
            degreesOfFreedom: Double((isPaired ? 1 : 2) * (groupCount - 1)), confidence: confidence, power: power)
    }

    /// The number of groups that each set needs to detect a gap of `effect` nats with probability `power`; nil above 10^12.
    package func groupCount(effect: Double, power: Double = 0.8) -> Int? {
        let limit = 1_000_000_000_000
        var (low, high) = (1, 2)
        while detectableGap(groupCount: high, power: power) > effect {
            guard high < limit else { return nil }
            (low, high) = (high, 2 * high)
        }
        while high - low > 1 {
            let middle = (low + high) / 2
            if detectableGap(groupCount: middle, power: power) > effect { low = middle } else { high = middle }
        }
        return high
    }
}
