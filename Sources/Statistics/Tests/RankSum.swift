import RealModule

/// How well one number for each row tells two samples apart, judged by ranks.
package struct RankSum: Sendable, Equatable {
    /// The probability that a row of the first sample lies above a row of the second, where a tie counts as half: the area under the
    /// ROC curve.
    package let areaUnderCurve: Double
    /// Mann and Whitney's two-sided p-value (Ann. Math. Stat. 18, 1947), by the normal approximation with corrections for ties and for
    /// continuity. Nil when rows depend on each other, since it would be too small: with three rows an image, 19 % of samples of one
    /// distribution had p <= 0.05.
    package let pValue: Double?

    /// - Parameter areRowsIndependent: whether the rows within each sample are independent.
    /// - Returns: nil when a sample is empty, or when all values are equal.
    package init?(_ first: [Double], _ second: [Double], areRowsIndependent: Bool = true) {
        let (n, m) = (Double(first.count), Double(second.count))
        guard n > 0, m > 0 else { return nil }
        let all = first + second
        let ranks = Correlation.midRanks(all)
        let statistic = ranks.prefix(first.count).reduce(0, +) - n * (n + 1) / 2
        let ties = Dictionary(all.map { ($0, 1.0) }, uniquingKeysWith: +).values.filter { $0 > 1 }.sorted()
        let total = n + m
        let correction = ties.reduce(0) { $0 + ($1 * $1 * $1 - $1) } / max(1, total * (total - 1))
        let variance = n * m / 12 * (total + 1 - correction)
        guard variance > 0 else { return nil }
        areaUnderCurve = statistic / (n * m)
        let distance = max(0, abs(statistic - n * m / 2) - 0.5)
        pValue =
            areRowsIndependent
            ? StudentDistribution(degreesOfFreedom: .infinity).twoSidedTail(distance / variance.squareRoot()) : nil
    }
}
