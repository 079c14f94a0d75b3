import RealModule

/// Rank and product-moment correlations of paired values, with two-sided p-values of "no association".
package enum Correlation {
    /// A coefficient in [-1, 1] with its p-value.
    package struct Estimate: Sendable, Equatable {
        /// The coefficient.
        package let coefficient: Double
        /// The two-sided p-value of "no association".
        package let pValue: Double
    }

    /// Pearson's product-moment correlation; its p-value comes from Student's t with n - 2 degrees of freedom.
    ///
    /// - Returns: nil for fewer than three pairs, or when one side does not vary.
    package static func pearson(_ x: [Double], _ y: [Double]) -> Estimate? {
        precondition(x.count == y.count, "unpaired values")
        let count = Double(x.count)
        guard x.count >= 3, varies(x), varies(y) else { return nil }
        let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for (left, right) in zip(x, y) {
            xx += (left - meanX) * (left - meanX)
            yy += (right - meanY) * (right - meanY)
            xy += (left - meanX) * (right - meanY)
        }
        guard xx > 0, yy > 0 else { return nil }
        let r = min(1, max(-1, xy / (xx * yy).squareRoot()))
        return Estimate(coefficient: r, pValue: tail(r, degreesOfFreedom: count - 2))
    }

    /// Spearman's rank correlation: Pearson's correlation of the mid-ranks, with a p-value by the same t approximation.
    ///
    /// - Returns: nil for fewer than three pairs, or when one side does not vary.
    package static func spearman(_ x: [Double], _ y: [Double]) -> Estimate? { spearman(RankedPairs(x, y)) }

    static func spearman(_ pairs: RankedPairs) -> Estimate? {
        let ranks = pairs.midRanks
        return pearson(ranks.x, ranks.y)
    }

    /// Kendall's tau-b, corrected for ties; its p-value comes from the normal approximation with the variance under ties (Kendall 1970).
    ///
    /// - Returns: nil for fewer than three pairs, or when one side does not vary.
    package static func kendall(_ x: [Double], _ y: [Double]) -> Estimate? { RankedPairs(x, y).kendall }

    /// The rank of each value, counted from 1; tied values all get the mean of their ranks.
    package static func midRanks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start
            while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
            for position in start...end { ranks[order[position]] = Double(start + end) / 2 + 1 }
            start = end + 1
        }
        return ranks
    }

    /// Whether the values are not all equal. Comparing them is safer than a variance: the computed mean of equal values can differ from
    /// them by rounding.
    private static func varies(_ values: [Double]) -> Bool { values.contains { $0 != values[0] } }

    private static func tail(_ r: Double, degreesOfFreedom: Double) -> Double {
        guard abs(r) < 1 else { return 0 }
        let t = r * (degreesOfFreedom / ((1 - r) * (1 + r))).squareRoot()
        return StudentDistribution(degreesOfFreedom: degreesOfFreedom).twoSidedTail(t)
    }
}
