import Statistics

/// Turns scores of pairs and of decoys into p-values, the share of pairs that look unrelated, and a verdict on each pair.
package struct RelatednessStatistics: Sendable, Equatable {
    /// p_n = (1 + the number of decoys that score at least as high)/(1 + the number of decoys); small values mean related. The null
    /// hypothesis is that a random partner would do as well.
    package let pValues: [Double]
    /// Benjamini and Hochberg's q-values of `pValues`.
    package let qValues: [Double]
    /// The share of pairs that look no better than random ones, between 0 and 1; approximately an upper bound.
    package let share: Double
    /// For each pair approximately an upper bound of the probability that it is no better than a random one: the share divided by the
    /// density of p at the pair's p-value.
    package let unrelated: [Double]
    /// The probability that a pair scores above a decoy; ties count half.
    package let pairAUROC: Double

    /// - Parameters:
    ///   - scores: the scores t of the pairs.
    ///   - sortedDecoys: the scores t of the decoys, ascending.
    package init(scores: [Double], sortedDecoys: [Double]) {
        let count = Double(sortedDecoys.count)
        var wins = 0.0
        pValues = scores.map { score in
            let below = sortedDecoys.partitionPoint { $0 < score }
            let notAbove = sortedDecoys.partitionPoint { $0 <= score }
            wins += Double(below) + Double(notAbove - below) / 2
            return (1 + count - Double(below)) / (1 + count)
        }
        pairAUROC = scores.isEmpty || sortedDecoys.isEmpty ? 0.5 : wins / (Double(scores.count) * count)
        qValues = benjaminiHochbergQValues(pValues)
        let share = Self.share(UnrelatedCounts(pValues))
        self.share = share
        let density = GrenanderDensity(pValues)
        unrelated = pValues.map { p in
            let height = density.value(at: p)
            return height > share ? share / height : 1
        }
    }

    /// Statistics that are already known, for another order of rows.
    init(pValues: [Double], qValues: [Double], share: Double, unrelated: [Double], pairAUROC: Double) {
        self.pValues = pValues
        self.qValues = qValues
        self.share = share
        self.unrelated = unrelated
        self.pairAUROC = pairAUROC
    }

    /// The thresholds lambda above which p-values are counted to estimate the share of unrelated pairs.
    static let thresholds = (1...8).map { Double($0) / 10 }

    /// The minimum over lambda of #{p > lambda}/(N (1 - lambda)), at most 1. Storey's estimate at a single lambda overstates the share up
    /// to twofold: swapped-in partners exist elsewhere in the set, so p-values of misaligned pairs pile up near 1.
    static func share(_ counts: UnrelatedCounts) -> Double {
        zip(thresholds, counts.above).reduce(1) { smallest, next in
            min(smallest, next.1 / (counts.total * (1 - next.0)))
        }
    }

    /// A percentile interval of the share over resamples of groups; nil for fewer than two groups.
    package static func shareInterval(
        pValues: [Double], groups: [String], confidence: Double, resamples: Int = 500, seed: UInt64
    ) -> ClosedRange<Double>? {
        let byGroup = Dictionary(grouping: pValues.indices) { groups[$0] }
        let counts = byGroup.sorted { $0.key < $1.key }.map { UnrelatedCounts($0.value.map { pValues[$0] }) }
        guard counts.count >= 2 else { return nil }
        let shares = (0..<resamples).map { index in
            var generator = SeededGenerator(seed: seed, stream: "share of unrelated pairs", index: index)
            var sum = UnrelatedCounts([])
            for _ in counts.indices { sum.add(counts[generator.index(below: counts.count)]) }
            return share(sum)
        }.sorted()
        let tail = (1 - confidence) / 2
        let (low, high) = (Int((Double(resamples) * tail).rounded(.down)), Int((Double(resamples) * (1 - tail)).rounded(.up)))
        return shares[min(low, resamples - 1)]...shares[max(min(high, resamples) - 1, 0)]
    }
}

/// The number of p-values above each threshold.
struct UnrelatedCounts: Sendable {
    private(set) var above: [Double]
    private(set) var total: Double

    init(_ pValues: [Double]) {
        above = RelatednessStatistics.thresholds.map { threshold in Double(pValues.count { $0 > threshold }) }
        total = Double(pValues.count)
    }

    mutating func add(_ other: UnrelatedCounts) {
        for index in above.indices { above[index] += other.above[index] }
        total += other.total
    }
}

extension Array {
    /// The first index whose element does not satisfy `isBefore`, in an array that begins with the elements that do.
    func partitionPoint(_ isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
