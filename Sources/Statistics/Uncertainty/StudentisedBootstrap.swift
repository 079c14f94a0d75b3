extension GroupInfluence {
    /// With fewer resamples than this that have any spread, there is no interval.
    private static let fewestResamples = 100

    /// The central quantiles of (estimate* - estimate)/standard error* over resamples of groups: the studentised bootstrap of Efron
    /// and Tibshirani (An Introduction to the Bootstrap, 1993, chapter 12), on influences.
    ///
    /// To first order, resampling groups changes an estimate by the sum of the drawn groups' influences. Estimating anew on resampled rows
    /// would not work, because repeated rows look like dependence. Groups are drawn within their own sample.
    /// - Returns: nil for 0 resamples, for samples of one group, and when too few resamples vary.
    package func studentisedQuantiles(_ intervals: IntervalMethod) -> ClosedRange<Double>? {
        guard intervals.resamples > 0, standardError != nil else { return nil }
        let samples = strata.map { stratum in (values: stratum.values, count: stratum.groupCount) }
        var statistics: [Double] = []
        for index in 0..<intervals.resamples {
            var generator = SeededGenerator(seed: intervals.seed, stream: "bootstrap", index: index)
            var (shift, variance) = (0.0, 0.0)
            for (values, count) in samples {
                let drawn = values.indices.map { _ in values[generator.index(below: values.count)] }
                let mean = drawn.reduce(0, +) / Double(drawn.count)
                shift += drawn.reduce(0, +) - values.reduce(0, +)
                variance += drawn.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } * Double(count) / Double(count - 1)
            }
            if variance > 0 { statistics.append(shift / variance.squareRoot()) }
        }
        return percentileInterval(statistics, confidence: intervals.confidence, fewest: Self.fewestResamples)
    }
}
