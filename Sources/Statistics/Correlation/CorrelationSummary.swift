import LinearAlgebra

/// Pearson's, Spearman's and Kendall's correlations of the same pairs, each with its p-value and a bootstrap interval.
package struct CorrelationSummary: Sendable, Equatable {
    /// One coefficient with its uncertainty.
    package struct Entry: Sendable, Equatable {
        /// The coefficient and its p-value.
        package let estimate: Correlation.Estimate
        /// The percentile bootstrap interval over pairs; nil for fewer than ten pairs, and when too few resamples vary.
        package let interval: ClosedRange<Double>?
    }

    /// Pearson's product-moment correlation.
    package let pearson: Entry
    /// Spearman's rank correlation.
    package let spearman: Entry
    /// Kendall's tau-b.
    package let kendall: Entry
    /// The number of pairs.
    package let count: Int

    /// Summarises the correlation of the pairs (x_i, y_i).
    ///
    /// - Parameters:
    ///   - resamples: the number of bootstrap resamples.
    ///   - seed: the seed of the bootstrap.
    /// - Returns: nil for fewer than three pairs, or when one side does not vary.
    package init?(_ x: [Double], _ y: [Double], confidence: Double, resamples: Int = 1_000, seed: UInt64) {
        let pairs = RankedPairs(x, y)
        guard let pearson = Correlation.pearson(x, y), let spearman = Correlation.spearman(pairs), let kendall = pairs.kendall else {
            return nil
        }
        let found = [pearson, spearman, kendall]
        var draws = [[Double]](repeating: [], count: found.count)
        // Below ten pairs there are so few distinct resamples that their percentiles would mean nothing.
        if x.count >= 10 {
            var bootstrap = ResampledPairs(x, y, pairs)
            for index in 0..<resamples {
                var generator = SeededGenerator(seed: seed, stream: "correlation bootstrap", index: index)
                bootstrap.draw(using: &generator)
                for (position, coefficient) in [bootstrap.pearson, bootstrap.spearman, bootstrap.kendall].enumerated() {
                    if let coefficient { draws[position].append(coefficient) }
                }
            }
        }
        let entries = zip(found, draws).map { estimate, draws in
            Entry(estimate: estimate, interval: percentileInterval(draws, confidence: confidence))
        }
        (self.pearson, self.spearman, self.kendall, count) = (entries[0], entries[1], entries[2], x.count)
    }
}

extension CorrelationSummary {
    /// A summary for each of several sets of points; nil for a set that allows none.
    ///
    /// - Parameter points: the x and y values of each set.
    package static func each(
        _ points: [(x: [Double], y: [Double])], confidence: Double, seed: UInt64, threadCount: Int
    ) -> [CorrelationSummary?] {
        let summaries = try? concurrentMap(count: points.count, threadCount: threadCount) { index in
            CorrelationSummary(points[index].x, points[index].y, confidence: confidence, seed: seed)
        }
        return summaries ?? points.map { _ in nil }
    }
}

/// The interval that holds the central share `confidence` of the values; nil for fewer than 100 values.
package func centralInterval(_ values: [Double], confidence: Double) -> ClosedRange<Double>? {
    percentileInterval(values, confidence: confidence)
}

/// The interval that holds the central share `confidence` of the values; nil for fewer than `fewest` values.
package func percentileInterval(_ values: [Double], confidence: Double, fewest: Int = 100) -> ClosedRange<Double>? {
    guard values.count >= fewest else { return nil }
    let sorted = values.sorted()
    let tail = (1 - confidence) / 2
    let last = Double(sorted.count - 1)
    func quantile(_ share: Double) -> Double {
        let position = share * last
        let (lower, fraction) = (Int(position), position - position.rounded(.down))
        return sorted[lower] + (lower + 1 < sorted.count ? fraction * (sorted[lower + 1] - sorted[lower]) : 0)
    }
    return quantile(tail)...quantile(1 - tail)
}
