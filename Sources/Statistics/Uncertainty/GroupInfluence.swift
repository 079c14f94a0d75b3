/// How much each group of dependent rows moves an estimate: the common currency of standard errors.
///
/// For an estimate that is a mean of row contributions c_i the influence of group g is sum_{i in g} (c_i - mean) / n over 1 - n_g/n,
/// times (G - 1)/G: large groups pull the mean towards themselves (CR3; MacKinnon, Nielsen and Webb, J. Econometrics 232, 2023), and
/// for groups of one size nothing changes; for others it is the jackknife's (G - 1)/G (mean of leave-one-out - leave-one-out). The
/// variance is G/(G - 1) times the sum of squares (the cluster-robust "sandwich"). A difference of two estimates has the difference of
/// the influences, group by group, so that groups which both share (one image in two sets) are compared within themselves; the groups
/// of one set alone keep the correction of their set, and degrees of freedom are Welch's (Biometrika 34, 1947), a sample counting as the
/// number of equal groups that would weigh as its own do, n^2 / sum n_g^2 (Kish, Survey Sampling, 1965).
package struct GroupInfluence: Sendable, Equatable {
    /// Groups of the same samples.
    package struct Stratum: Sendable, Equatable {
        /// In alphabetical order.
        package var labels: [String]
        /// G of the sample they are of; of the smaller one, where they are groups of two.
        package let groupCount: Int
        /// The equal groups that this sample counts as.
        package let effectiveCount: Double
    }

    /// Influence by group label.
    package let byGroup: [String: Double]
    package let strata: [Stratum]
    /// How groups move each other's parts, where a q of some of them judges the others.
    package let training: TrainingInfluence?

    private init(byGroup: [String: Double], strata: [Stratum], training: TrainingInfluence? = nil) {
        self.byGroup = byGroup
        self.strata = strata.filter { !$0.labels.isEmpty }
        self.training = training
    }

    /// Influences that are known, of the groups of one sample.
    package init(byGroup: [String: Double]) {
        self.init(byGroup: byGroup, training: nil)
    }

    private init(byGroup: [String: Double], effectiveCount: Double? = nil, training: TrainingInfluence?) {
        // Sums over a dictionary run in its order, which changes from process to process: sort.
        let stratum = Stratum(
            labels: byGroup.keys.sorted(), groupCount: byGroup.count, effectiveCount: effectiveCount ?? Double(byGroup.count))
        self.init(byGroup: byGroup, strata: [stratum], training: training)
    }

    /// The influences on an estimate that nothing can be said of: it has no standard error, and no difference with it has one.
    package init(unknownOf groups: [String]) {
        let labels = Set(groups).sorted()
        self.init(
            byGroup: Dictionary(uniqueKeysWithValues: labels.map { ($0, 0) }),
            strata: [Stratum(labels: labels, groupCount: 1, effectiveCount: 1)])
    }

    /// The influences on the mean of `contributions`, one a row, in `groups`, one label a row.
    package init(contributions: [Double], groups: [String]) {
        self.init(contributions: contributions, groups: groups, training: nil)
    }

    /// As `init(contributions:groups:)`, of contributions that are judged by what other groups taught.
    package init(contributions: [Double], groups: [String], training: TrainingInfluence?) {
        let count = Double(contributions.count)
        let mean = contributions.reduce(0, +) / count
        var sums: [String: Double] = [:]
        var sizes: [String: Double] = [:]
        for (contribution, group) in zip(contributions, groups) {
            sums[group, default: 0] += (contribution - mean) / count
            sizes[group, default: 0] += 1
        }
        let groupCount = Double(sums.count)
        if groupCount > 1 {
            for (group, size) in sizes { sums[group, default: 0] *= (groupCount - 1) / groupCount / (1 - size / count) }
        }
        self.init(byGroup: sums, effectiveCount: effectiveGroupCount(Array(sizes.values)), training: training)
    }

    /// As `init(contributions:groups:)`, times a number for what varies beside the rows.
    package init(contributions: [Double], groups: [String], scale: Double) {
        self.init(contributions: scale == 1 ? contributions : contributions.map { $0 * scale }, groups: groups)
    }

    /// The influences on an estimate whose value without group g is `leaveOneOut[g]`.
    package init(leaveOneOut: [String: Double]) {
        let count = Double(leaveOneOut.count)
        let mean = leaveOneOut.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value } / count
        self.init(byGroup: leaveOneOut.mapValues { (count - 1) / count * (mean - $0) })
    }

    /// The influences on the difference of two estimates.
    package func subtracting(_ other: GroupInfluence) -> GroupInfluence {
        func own(_ strata: [Stratum], without other: [String: Double]) -> [Stratum] {
            strata.map {
                Stratum(
                    labels: $0.labels.filter { other[$0] == nil }, groupCount: $0.groupCount, effectiveCount: $0.effectiveCount)
            }
        }
        let shared = strata.flatMap { left in
            other.strata.map { right in
                let labels = Set(right.labels)
                return Stratum(
                    labels: left.labels.filter(labels.contains), groupCount: min(left.groupCount, right.groupCount),
                    effectiveCount: min(left.effectiveCount, right.effectiveCount))
            }
        }
        return GroupInfluence(
            byGroup: byGroup.merging(other.byGroup.mapValues { -$0 }) { $0 + $1 },
            strata: shared + own(strata, without: other.byGroup) + own(other.strata, without: byGroup),
            training: training.flatMap { own in other.training.map { own.subtracting($0) } } ?? training ?? other.training)
    }

    /// The influences on the estimate times -1.
    package var negated: GroupInfluence {
        GroupInfluence(byGroup: byGroup.mapValues { -$0 }, strata: strata, training: training)
    }

    /// The influences on an estimate times a number.
    package func scaled(by factor: Double) -> GroupInfluence {
        GroupInfluence(
            byGroup: byGroup.mapValues { factor * $0 }, strata: strata, training: training.map { $0.scaled(by: factor) })
    }

    /// The influences on the mean of several estimates; nil for none. What they share in groups adds up before it is squared: scenarios
    /// of one ID set or of the same items are not independent.
    package static func mean(_ influences: [GroupInfluence]) -> GroupInfluence? {
        guard let first = influences.first else { return nil }
        let sum = influences.dropFirst().reduce(first) { $0.subtracting($1.scaled(by: -1)) }
        return sum.scaled(by: 1 / Double(influences.count))
    }

    /// Whether the estimates have at least half of the groups of this one in common.
    package func sharesGroups(with other: GroupInfluence) -> Bool {
        2 * byGroup.keys.count { other.byGroup[$0] != nil } >= byGroup.count
    }

    /// The influences with all of them zero where the standard error is below `threshold`: rounding, and not variation.
    package func snapped(below threshold: Double) -> GroupInfluence {
        guard let standardError, standardError < threshold else { return self }
        return GroupInfluence(byGroup: byGroup.mapValues { _ in 0 }, strata: strata)
    }

    /// By stratum: G/(G - 1) times its sum of squares, and the degrees of freedom of that, which are the equal groups less one for all
    /// groups of a sample and in proportion for a part of them. Nil where a sample has one group.
    private var variances: [(value: Double, degreesOfFreedom: Double)]? {
        guard byGroup.count >= 2, strata.allSatisfy({ $0.groupCount >= 2 }) else { return nil }
        return strata.map { stratum in
            let count = Double(stratum.groupCount)
            let squares = stratum.labels.compactMap { byGroup[$0] }.reduce(0) { $0 + $1 * $1 }
            let share = Double(stratum.labels.count) / count
            return (squares * count / (count - 1), share * max(stratum.effectiveCount - 1, 1))
        }
    }

    /// The cluster-robust standard error; nil where a sample has fewer than two groups. Where groups judge each other, what pairs do
    /// together is in it twice (`TrainingInfluence`), and never less than once.
    package var standardError: Double? {
        variances.map { variances in
            let own = variances.reduce(0) { $0 + $1.value }
            return (own + max(0, training?.covariance(strata) ?? 0)).squareRoot()
        }
    }

    /// What the standard error is with pairs of groups that judge each other, over what it is without; 1 where none do.
    package var trainingInflation: Double {
        let own = (variances ?? []).reduce(0) { $0 + $1.value }
        guard own > 0, let training else { return 1 }
        return (1 + max(0, training.covariance(strata)) / own).squareRoot()
    }

    /// The degrees of freedom of the standard error: equal groups less one for one sample, or two that share all groups; those of
    /// Welch and Satterthwaite for others.
    package var degreesOfFreedom: Double {
        let all = Double(byGroup.count - 1)
        guard let variances, variances.count > 1 else { return variances?.first?.degreesOfFreedom ?? all }
        let total = variances.reduce(0) { $0 + $1.value }
        let spread = variances.reduce(0) { $0 + $1.value * $1.value / $1.degreesOfFreedom }
        return total > 0 && spread > 0 ? total * total / spread : all
    }
}

/// The number of equal groups that weigh as groups of these sizes do: n^2 / sum n_g^2 (Kish, Survey Sampling, 1965).
package func effectiveGroupCount(_ sizes: [Double]) -> Double {
    // Whole numbers: their sums are exact in any order.
    let (sum, squares) = sizes.reduce((0, 0)) { ($0.0 + $1, $0.1 + $1 * $1) }
    return squares > 0 ? sum * sum / squares : 0
}
