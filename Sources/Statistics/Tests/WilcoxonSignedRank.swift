import RealModule

/// Wilcoxon's signed rank test of paired differences (Biometrics Bull. 1, 1945): are they symmetric about 0?
package struct WilcoxonSignedRank: Sendable, Equatable {
    /// The smaller of two rank sums: that of the positive and that of the negative differences.
    package let statistic: Double
    /// The two-sided p-value.
    package let pValue: Double
    /// Whether the p-value counts all 2^n ways to choose the signs. If not, it is the normal approximation with corrections for ties and
    /// for continuity.
    package let isExact: Bool
    /// The number of differences other than 0.
    package let count: Int

    /// Up to this many differences, and without ties, all ways to choose the signs are counted.
    private static let mostExact = 25

    /// Tests the differences; those equal to 0 are left out, as Wilcoxon did.
    ///
    /// - Returns: nil when every difference is 0.
    package init?(_ differences: [Double]) {
        let signed = differences.filter { $0 != 0 && !$0.isNaN }
        guard !signed.isEmpty else { return nil }
        count = signed.count
        let sizes = signed.map(abs)
        let ranks = Correlation.midRanks(sizes)
        let n = Double(count)
        let positive = zip(signed, ranks).reduce(0.0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
        statistic = min(positive, n * (n + 1) / 2 - positive)
        let ties = Dictionary(sizes.map { ($0, 1.0) }, uniquingKeysWith: +).values.filter { $0 > 1 }.sorted()
        isExact = count <= Self.mostExact && ties.isEmpty
        if isExact {
            let ways = Self.waysBySum(count)
            let tail = ways[0...Int(statistic)].reduce(0, +)
            pValue = min(1, 2 * tail / .pow(2, count))
        } else {
            let variance = n * (n + 1) * (2 * n + 1) / 24 - ties.reduce(0) { $0 + ($1 * $1 * $1 - $1) } / 48
            let distance = max(0, n * (n + 1) / 4 - statistic - 0.5)
            pValue = .erfc(distance / variance.squareRoot() / 2.0.squareRoot())
        }
    }

    /// The number of subsets of 1...n with each sum; at most 2^25, so that doubles are exact.
    private static func waysBySum(_ n: Int) -> [Double] {
        var ways = [Double](repeating: 0, count: n * (n + 1) / 2 + 1)
        ways[0] = 1
        for rank in 1...n {
            for sum in stride(from: ways.count - 1, through: rank, by: -1) { ways[sum] += ways[sum - rank] }
        }
        return ways
    }
}
