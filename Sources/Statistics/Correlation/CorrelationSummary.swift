import LinearAlgebra

/// Three correlations of the same pairs, each with its p-value and a bootstrap interval.
package struct CorrelationSummary: Sendable, Equatable {
    /// One coefficient with its uncertainty.
    package struct Entry: Sendable, Equatable {
        /// The coefficient and its p-value.
        package let estimate: Correlation.Estimate
        /// The percentile bootstrap interval over pairs; nil where too few resamples vary.
        package let interval: ClosedRange<Double>?
    }

    /// Pearson's.
    package let pearson: Entry
    /// Spearman's.
    package let spearman: Entry
    /// Kendall's tau-b.
    package let kendall: Entry
    /// The number of pairs.
    package let count: Int

    /// Of the pairs (x_i, y_i).
    ///
    /// - Parameters:
    ///   - resamples: of the bootstrap.
    ///   - seed: of its draws.
    /// - Returns: nil for fewer than three pairs, or where one side does not vary.
    package init?(_ x: [Double], _ y: [Double], confidence: Double, resamples: Int = 1_000, seed: UInt64) {
        typealias Measure = @Sendable ([Double], [Double]) -> Correlation.Estimate?
        let measures: [Measure] = [Correlation.pearson, Correlation.spearman, Correlation.kendall]
        let found = measures.compactMap { $0(x, y) }
        guard found.count == measures.count else { return nil }
        var draws = [[Double]](repeating: [], count: measures.count)
        // Two pairs have no interval worth the name; below ten the percentiles would be those of a handful of subsets.
        if x.count >= 10 {
            for index in 0..<resamples {
                var generator = SeededGenerator(seed: seed, stream: "correlation bootstrap", index: index)
                let rows = x.indices.map { _ in generator.index(below: x.count) }
                let (left, right) = (rows.map { x[$0] }, rows.map { y[$0] })
                for (position, measure) in measures.enumerated() {
                    if let value = measure(left, right) { draws[position].append(value.coefficient) }
                }
            }
        }
        let entries = zip(found, draws).map { estimate, draws in
            Entry(estimate: estimate, interval: percentileInterval(draws, confidence: confidence))
        }
        (pearson, spearman, kendall, count) = (entries[0], entries[1], entries[2], x.count)
    }
}

extension CorrelationSummary {
    /// The summaries of several sets of points, each of which may have none.
    ///
    /// - Parameter points: x and y of each.
    package static func each(
        _ points: [(x: [Double], y: [Double])], confidence: Double, seed: UInt64, threadCount: Int
    ) -> [CorrelationSummary?] {
        let summaries = try? concurrentMap(count: points.count, threadCount: threadCount) { index in
            CorrelationSummary(points[index].x, points[index].y, confidence: confidence, seed: seed)
        }
        return summaries ?? points.map { _ in nil }
    }
}

/// The central share `confidence` of values; nil for fewer than 100.
package func centralInterval(_ values: [Double], confidence: Double) -> ClosedRange<Double>? {
    percentileInterval(values, confidence: confidence)
}

/// The central share `confidence` of values; nil for too few of them.
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
