/// How much each group of dependent rows moves an estimate: the common currency of standard errors.
///
/// For an estimate that is a mean of row contributions c_i the influence of group g is sum_{i in g} (c_i - mean) / n;
/// for others it is the jackknife's (G - 1)/G (mean of leave-one-out - leave-one-out). The variance is G/(G - 1) times the
/// sum of squares (the cluster-robust "sandwich"). A difference of two estimates has the difference of the influences, group
/// by group, so that groups which both share (one image in two sets) are compared within themselves.
public struct GroupInfluence: Sendable, Equatable {
    /// Influence by group label.
    public let byGroup: [String: Double]

    /// Influences that are known.
    public init(byGroup: [String: Double]) {
        self.byGroup = byGroup
    }

    /// The influences on the mean of `contributions`, one a row, in `groups`, one label a row.
    public init(contributions: [Double], groups: [String]) {
        let count = Double(contributions.count)
        let mean = contributions.reduce(0, +) / count
        var sums: [String: Double] = [:]
        for (contribution, group) in zip(contributions, groups) { sums[group, default: 0] += (contribution - mean) / count }
        byGroup = sums
    }

    /// The influences on an estimate whose value without group g is `leaveOneOut[g]`.
    public init(leaveOneOut: [String: Double]) {
        let count = Double(leaveOneOut.count)
        // Sums over a dictionary run in its order, which changes from process to process: sort first.
        let mean = leaveOneOut.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value } / count
        byGroup = leaveOneOut.mapValues { (count - 1) / count * (mean - $0) }
    }

    /// The influences on the difference of two estimates.
    public func subtracting(_ other: GroupInfluence) -> GroupInfluence {
        GroupInfluence(byGroup: byGroup.merging(other.byGroup.mapValues { -$0 }) { $0 + $1 })
    }

    /// The sum of squares with its correction for few groups; nil below two groups.
    private var variance: Double? {
        let count = Double(byGroup.count)
        guard count >= 2 else { return nil }
        let squares = byGroup.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value * $1.value }
        return squares * count / (count - 1)
    }

    /// The cluster-robust standard error; nil below two groups.
    public var standardError: Double? { variance?.squareRoot() }

    /// The degrees of freedom of the standard error: groups less one.
    public var degreesOfFreedom: Double { Double(byGroup.count - 1) }
}
