/// The percentile interval of the mean over resamples of the values (Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
/// chapter 13); values are taken as independent. It is too narrow for few values, where a resample varies less than a sample.
///
/// - Returns: nil for fewer than five values.
public func bootstrapIntervalOfMean(
    _ values: [Double], confidence: Double, resamples: Int = 2_000, seed: UInt64, stream: String
) -> ClosedRange<Double>? {
    guard values.count >= 5 else { return nil }
    let means = (0..<resamples).map { index in
        var generator = SeededGenerator(seed: seed, stream: stream, index: index)
        return values.indices.reduce(0.0) { sum, _ in sum + values[generator.index(below: values.count)] } / Double(values.count)
    }
    return percentileInterval(means, confidence: confidence)
}
