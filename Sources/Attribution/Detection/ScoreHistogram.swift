/// The numbers of pairs and of decoys whose scores fall into equal bins. A difference between the two shapes shows that pairs are related.
package struct ScoreHistogram: Sendable, Equatable {
    /// The lower end of the first bin.
    package let start: Double
    /// The width of a bin.
    package let width: Double
    /// The number of pairs in each bin.
    package let pairs: [Int]
    /// The number of decoys in each bin.
    package let decoys: [Int]

    /// - Parameter binCount: the number of bins between the smallest and the largest score.
    init(pairs: [Double], sortedDecoys: [Double], binCount: Int = 48) {
        let lowest = min(pairs.min() ?? 0, sortedDecoys.first ?? .infinity)
        let highest = max(pairs.max() ?? 0, sortedDecoys.last ?? -.infinity)
        start = lowest
        let width = highest > lowest ? (highest - lowest) / Double(binCount) : 1
        self.width = width
        func counts(_ values: [Double]) -> [Int] {
            var counts = [Int](repeating: 0, count: binCount)
            for value in values { counts[min(binCount - 1, max(0, Int((value - lowest) / width)))] += 1 }
            return counts
        }
        self.pairs = counts(pairs)
        decoys = counts(sortedDecoys)
    }
}
