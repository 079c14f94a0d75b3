import RealModule

/// The exact sign test of paired differences: are positive and negative ones equally likely?
package struct SignComparison: Sendable, Equatable {
    /// The number of differences above 0.
    package let positiveCount: Int
    /// The number of differences below 0.
    package let negativeCount: Int
    /// The number of differences equal to 0, which the test ignores.
    package let zeroCount: Int
    /// The two-sided p-value from the binomial distribution with probability 1/2: 2 P(K <= min(positive, negative)), at most 1.
    package let pValue: Double

    /// - Returns: nil when every difference is 0.
    package init?(_ differences: [Double]) {
        positiveCount = differences.count { $0 > 0 }
        negativeCount = differences.count { $0 < 0 }
        zeroCount = differences.count - positiveCount - negativeCount
        let n = positiveCount + negativeCount
        guard n > 0 else { return nil }
        let total = Double(n)
        let tail = (0...min(positiveCount, negativeCount)).reduce(0.0) { sum, count in
            let k = Double(count)
            return sum + .exp(.logGamma(total + 1) - .logGamma(k + 1) - .logGamma(total - k + 1) - total * .log(2))
        }
        pValue = min(1, 2 * tail)
    }
}
