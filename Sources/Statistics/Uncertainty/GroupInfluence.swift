/// How much each group of dependent rows moves an estimate. All standard errors in emi are computed from these influences.
///
/// If the estimate is a mean of row contributions c_i, the influence of group g is sum_{i in g} (c_i - mean) / n, divided by 1 - n_g/n
/// and multiplied by (G - 1)/G. The division corrects for large groups, which pull the mean towards themselves (CR3; MacKinnon, Nielsen
/// and Webb, J. Econometrics 232, 2023); it changes nothing when all groups have one size. For any other estimate the influence is the
/// jackknife's (G - 1)/G (mean of leave-one-out - leave-one-out). The variance is G/(G - 1) times the sum of squares (the
/// cluster-robust "sandwich").
///
/// The influences on a difference of two estimates are the differences of the influences, group by group, so a group that is in both
/// sets (one image, say) is compared with itself. Groups of one set alone keep the correction of their set. Degrees of freedom are
/// Welch's (Biometrika 34, 1947); a sample counts as n^2 / sum n_g^2 groups, the number of equal groups that would weigh as much
/// (Kish, Survey Sampling, 1965).
package struct GroupInfluence: Sendable, Equatable {
    /// The groups that belong to the same samples: to one sample alone, or to the same two.
    package struct Stratum: Sendable, Equatable {
        /// The labels of the groups, in alphabetical order.
        package let labels: [String]
        /// The influence of each group, in the order of the labels.
        package let values: [Double]
        /// The number of groups in this sample; for groups shared by two samples, the smaller of the two numbers.
        package let groupCount: Int
        /// The number of equal groups that this sample counts as (`effectiveGroupCount`).
        package let effectiveCount: Double
    }

    /// The samples, none of which is empty. A group belongs to one of them.
    package let strata: [Stratum]
    /// How groups move each other's contributions, if a q fitted to some of them judges the others; else nil.
    package let training: TrainingInfluence?

    /// The influence of each group, by its label: a table that is made each time, so ask for it once.
    package var byGroup: [String: Double] {
        Dictionary(uniqueKeysWithValues: strata.flatMap { zip($0.labels, $0.values) })
    }

    /// The number of groups.
    private var groupCount: Int { strata.reduce(0) { $0 + $1.labels.count } }

    private init(strata: [Stratum], training: TrainingInfluence? = nil) {
        self.strata = strata.filter { !$0.labels.isEmpty }
        self.training = training
    }

    /// Influences that are already known, for the groups of one sample.
    package init(byGroup: [String: Double]) {
        // A dictionary's order changes from process to process, and so would the digits of sums: sort.
        let labels = byGroup.keys.sorted()
        self.init(sorted: labels, values: labels.map { byGroup[$0] ?? 0 }, effectiveCount: nil, training: nil)
    }

    private init(sorted labels: [String], values: [Double], effectiveCount: Double?, training: TrainingInfluence?) {
        let stratum = Stratum(
            labels: labels, values: values, groupCount: labels.count, effectiveCount: effectiveCount ?? Double(labels.count))
        self.init(strata: [stratum], training: training)
    }

    /// The influences on an estimate whose uncertainty is unknown: it has no standard error, nor has any difference with it.
    package init(unknownOf groups: [String]) {
        let labels = Set(groups).sorted()
        self.init(strata: [Stratum(labels: labels, values: labels.map { _ in 0 }, groupCount: 1, effectiveCount: 1)])
    }

    /// The influences on the mean of `contributions` (one for each row), by `groups` (one label for each row).
    package init(contributions: [Double], groups: [String]) {
        self.init(contributions: contributions, groups: groups, training: nil)
    }

    /// As `init(contributions:groups:)`, but unknown for fewer than three groups: two deviate from their mean equally by construction, so
    /// their spread tells nothing.
    package init(spreadOf contributions: [Double], groups: [String], training: TrainingInfluence? = nil) {
        if groups.hasThreeDifferent {
            self.init(contributions: contributions, groups: groups, training: training)
        } else {
            self.init(unknownOf: groups)
        }
    }

    /// Like `init(contributions:groups:)`, for contributions that a q fitted to other groups has judged.
    package init(contributions: [Double], groups: [String], training: TrainingInfluence?) {
        let count = Double(contributions.count)
        let mean = contributions.reduce(0, +) / count
        let (labels, numbers) = groups.numbered
        var sums = [Double](repeating: 0, count: labels.count)
        var sizes = sums
        for (contribution, number) in zip(contributions, numbers) {
            sums[number] += (contribution - mean) / count
            sizes[number] += 1
        }
        let groupCount = Double(sums.count)
        if groupCount > 1 {
            for group in sums.indices { sums[group] *= (groupCount - 1) / groupCount / (1 - sizes[group] / count) }
        }
        self.init(sorted: labels, values: sums, effectiveCount: effectiveGroupCount(sizes), training: training)
    }

    /// Like `init(contributions:groups:)`, from the sum and the number of the contributions of each group.
    package init(sums: [String: (sum: Double, count: Double)]) {
        let sorted = sums.sorted { $0.key < $1.key }
        let count = sorted.reduce(0) { $0 + $1.value.count }
        let mean = sorted.reduce(0) { $0 + $1.value.sum } / count
        let groupCount = Double(sums.count)
        self.init(
            sorted: sorted.map(\.key),
            values: sorted.map(\.value).map { group in
                let influence = (group.sum - group.count * mean) / count
                return groupCount > 1 ? influence * ((groupCount - 1) / groupCount / (1 - group.count / count)) : influence
            }, effectiveCount: count * count / sorted.reduce(0) { $0 + $1.value.count * $1.value.count }, training: nil)
    }

    /// Like `init(contributions:groups:)`, times `scale`, which adds the variation that does not come from the rows.
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
        var shared: [Stratum] = []
        // What no stratum of the other estimate has, of each of the strata.
        var (own, others) = (strata, other.strata.map(\.negated))
        for left in strata.indices {
            for right in other.strata.indices {
                let (first, second) = (strata[left], other.strata[right])
                shared.append(first.common(second) { $0 - $1 })
                own[left] = own[left].without(second)
                others[right] = others[right].without(first)
            }
        }
        return GroupInfluence(
            strata: shared + own + others,
            training: training.flatMap { own in other.training.map { own.subtracting($0) } } ?? training ?? other.training)
    }

    /// The influences on minus the estimate.
    package var negated: GroupInfluence {
        GroupInfluence(strata: strata.map(\.negated), training: training)
    }

    /// The influences on `factor` times the estimate.
    package func scaled(by factor: Double) -> GroupInfluence {
        GroupInfluence(
            strata: strata.map { $0.mapValues { factor * $0 } }, training: training.map { $0.scaled(by: factor) })
    }

    /// The influences on the mean of several estimates; nil for none. The influences of a shared group are added before they are squared,
    /// because scenarios with one ID set or with the same items are not independent.
    package static func mean(_ influences: [GroupInfluence]) -> GroupInfluence? {
        guard let first = influences.first else { return nil }
        let sum = influences.dropFirst().reduce(first) { $0.subtracting($1.scaled(by: -1)) }
        return sum.scaled(by: 1 / Double(influences.count))
    }

    /// Whether at least half of this estimate's groups are also groups of the other.
    package func sharesGroups(with other: GroupInfluence) -> Bool {
        let known = Set(other.strata.flatMap(\.labels))
        return 2 * strata.reduce(0) { $0 + $1.labels.count(where: known.contains) } >= groupCount
    }

    /// The same influences, or zeros if the standard error is below `threshold` and therefore only rounding.
    package func snapped(below threshold: Double) -> GroupInfluence {
        guard let standardError, standardError < threshold else { return self }
        return GroupInfluence(strata: strata.map { $0.mapValues { _ in 0 } })
    }

    /// For each stratum its variance, G/(G - 1) times the sum of squares, and the degrees of freedom of that: the effective number of
    /// groups minus one, in proportion to the part of the sample's groups that are in the stratum. Nil when a sample has only one group.
    private var variances: [(value: Double, degreesOfFreedom: Double)]? {
        guard groupCount >= 2, strata.allSatisfy({ $0.groupCount >= 2 }) else { return nil }
        return strata.map { stratum in
            let count = Double(stratum.groupCount)
            let squares = stratum.values.reduce(0) { $0 + $1 * $1 }
            let share = Double(stratum.labels.count) / count
            return (squares * count / (count - 1), share * max(stratum.effectiveCount - 1, 1))
        }
    }

    /// The cluster-robust standard error; nil when a sample has fewer than two groups. If groups judge each other, the covariance between
    /// them is added (`TrainingInfluence`), but never a negative one.
    package var standardError: Double? {
        variances.map { variances in
            let own = variances.reduce(0) { $0 + $1.value }
            return (own + max(0, training?.covariance(strata) ?? 0)).squareRoot()
        }
    }

    /// The standard error with the covariance of groups that judge each other, divided by the one without; 1 when no groups do.
    package var trainingInflation: Double {
        let own = (variances ?? []).reduce(0) { $0 + $1.value }
        guard own > 0, let training else { return 1 }
        return (1 + max(0, training.covariance(strata)) / own).squareRoot()
    }

    /// The degrees of freedom of the standard error. For one sample, or two that share all groups: the effective number of groups minus
    /// one. Otherwise those of Welch and Satterthwaite.
    package var degreesOfFreedom: Double {
        let all = Double(groupCount - 1)
        guard let variances, variances.count > 1 else { return variances?.first?.degreesOfFreedom ?? all }
        let total = variances.reduce(0) { $0 + $1.value }
        let spread = variances.reduce(0) { $0 + $1.value * $1.value / $1.degreesOfFreedom }
        return total > 0 && spread > 0 ? total * total / spread : all
    }
}

/// The number of equal groups that weigh as much as groups of these sizes: n^2 / sum n_g^2 (Kish, Survey Sampling, 1965).
package func effectiveGroupCount(_ sizes: [Double]) -> Double {
    // The sizes are whole numbers, so their sums are exact in any order.
    let (sum, squares) = sizes.reduce((0, 0)) { ($0.0 + $1, $0.1 + $1 * $1) }
    return squares > 0 ? sum * sum / squares : 0
}

extension GroupInfluence.Stratum {
    fileprivate func mapValues(_ transform: (Double) -> Double) -> Self {
        Self(labels: labels, values: values.map(transform), groupCount: groupCount, effectiveCount: effectiveCount)
    }

    fileprivate var negated: Self { mapValues { -$0 } }

    /// The groups that are in both strata, with their values combined.
    fileprivate func common(_ other: Self, _ combine: (Double, Double) -> Double) -> Self {
        var (shared, combined): ([String], [Double]) = ([], [])
        if labels == other.labels {
            (shared, combined) = (labels, zip(values, other.values).map(combine))
        } else {
            var next = 0
            for (index, label) in labels.enumerated() {
                while next < other.labels.count, other.labels[next] < label { next += 1 }
                guard next < other.labels.count, other.labels[next] == label else { continue }
                shared.append(label)
                combined.append(combine(values[index], other.values[next]))
            }
        }
        return Self(
            labels: shared, values: combined, groupCount: min(groupCount, other.groupCount),
            effectiveCount: min(effectiveCount, other.effectiveCount))
    }

    /// The groups that are not in the other stratum.
    fileprivate func without(_ other: Self) -> Self {
        var kept: [Int] = []
        if labels != other.labels {
            var next = 0
            for (index, label) in labels.enumerated() {
                while next < other.labels.count, other.labels[next] < label { next += 1 }
                if next < other.labels.count, other.labels[next] == label { continue }
                kept.append(index)
            }
        }
        guard kept.count < labels.count else { return self }
        return Self(
            labels: kept.map { labels[$0] }, values: kept.map { values[$0] }, groupCount: groupCount, effectiveCount: effectiveCount)
    }
}

extension [String] {
    /// Whether at least three labels differ.
    fileprivate var hasThreeDifferent: Bool {
        guard let first, let second = self.first(where: { $0 != first }) else { return false }
        return contains { $0 != first && $0 != second }
    }

    /// The different labels in alphabetical order, and for each element the position of its label among them.
    fileprivate var numbered: (labels: [String], numbers: [Int]) {
        var known = [String: Int](minimumCapacity: count)
        var (labels, numbers): ([String], [Int]) = ([], [])
        numbers.reserveCapacity(count)
        for label in self {
            if let last = numbers.last, labels[last] == label {
                numbers.append(last)
                continue
            }
            let number = { (number: inout Int) in number }(&known[label, default: labels.count])
            if number == labels.count { labels.append(label) }
            numbers.append(number)
        }
        let order = labels.indices.sorted { labels[$0] < labels[$1] }
        var places = [Int](repeating: 0, count: labels.count)
        for (place, number) in order.enumerated() { places[number] = place }
        return (order.map { labels[$0] }, numbers.map { places[$0] })
    }
}
