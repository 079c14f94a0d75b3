import RealModule

extension Discrete {
    /// An upper bound of the entropy of a distribution on K outcomes, from counts of k independent draws, in nats:
    /// min(ln K, plug-in + ln(1 + (K - 1)/k) + deviation) + cut.
    ///
    /// The plug-in entropy is low by at most ln(1 + (K - 1)/k) in expectation (`plugInEntropyShortfall`). One draw moves
    /// it by at most c = h(1/k), the entropy of k - 1 draws against one, so that it falls short of its expectation by more than
    /// deviation = c sqrt(k ln(1/miss)/2) with a probability of at most `miss` (McDiarmid's inequality). Hence the value is at least the
    /// entropy with a probability of 1 - miss. The cut at ln K could take expectations below the entropy, by no more than the integral of
    /// that tail, cut = k c^2 miss/(4 deviation), which is added: the expectation of the value is at least the entropy too. Where
    /// draws are so few that no count could come below ln K, the value is ln K itself.
    ///
    /// - Parameters:
    ///   - counts: how often each outcome was drawn, for outcomes that were drawn at all; the sum is k.
    ///   - outcomeCount: K, the number of possible outcomes.
    ///   - miss: the probability that the true entropy exceeds the value, between 0 and 1.
    /// - Precondition: at least one draw.
    package static func drawnEntropyBound(counts: [Int], outcomeCount: Int, miss: Double) -> Double {
        let k = Double(counts.reduce(0, +))
        precondition(k >= 1, "an entropy of no draws")
        let largest = entropy(ofUniform: outcomeCount)
        let change = entropy([1 / k, 1 - 1 / k])
        let deviation = change * (k * .log(1 / miss) / 2).squareRoot()
        let added = plugInEntropyShortfall(outcomeCount: Double(outcomeCount), drawCount: k) + deviation
        guard added < largest, deviation > 0 else { return largest }
        let cut = k * change * change * miss / (4 * deviation)
        return min(largest, entropy(counts.map { Double($0) / k }) + added) + cut
    }
}
