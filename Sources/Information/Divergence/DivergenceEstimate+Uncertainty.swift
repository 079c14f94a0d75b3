import RealModule
import Statistics

extension DivergenceEstimate {
    /// The influence of each group on the debiased divergence; nil without relabellings.
    ///
    /// - Parameters:
    ///   - firstGroups: the group label of each row of the first sample.
    ///   - secondGroups: the group label of each row of the second sample; the same label in both samples is the same group.
    package func influence(firstGroups: [String], secondGroups: [String]) -> GroupInfluence? {
        rowInfluences.map { $0.byGroup(firstGroups: firstGroups, secondGroups: secondGroups) }
    }

    /// The debiased divergence with its standard error, and an interval for the true divergence, cut to [0, ln 2]; nil without
    /// relabellings.
    ///
    /// The variance has two parts: that of the influences, which only a shift brings, and that over relabellings, which is always there.
    package func uncertainExcess(
        firstGroups: [String], secondGroups: [String], confidence: Double = 0.95
    ) -> UncertainValue? {
        guard let excess, let degenerateVariance,
            let influence = influence(firstGroups: firstGroups, secondGroups: secondGroups),
            let error = influence.standardError
        else { return nil }
        let total = (error * error + degenerateVariance).squareRoot()
        // For a sample against itself the error is only rounding.
        return UncertainValue(
            value: excess, standardError: total < 1e-12 ? 0 : total,
            degreesOfFreedom: influence.degreesOfFreedom, confidence: confidence, within: 0...Double.log(2))
    }
}

extension RowInfluences {
    /// The influences summed over the rows of each group; the same label in both samples is the same group.
    package func byGroup(firstGroups: [String], secondGroups: [String]) -> GroupInfluence {
        func sums(_ values: [Double], _ groups: [String], sign: Double) -> GroupInfluence {
            var sums: [String: Double] = [:]
            for (value, group) in zip(values, groups) { sums[group, default: 0] += sign * value }
            return GroupInfluence(byGroup: sums)
        }
        return sums(first, firstGroups, sign: 1).subtracting(sums(second, secondGroups, sign: -1))
    }
}
