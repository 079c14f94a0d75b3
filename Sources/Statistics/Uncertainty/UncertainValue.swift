/// How to make intervals from influences.
package struct IntervalMethod: Sendable, Equatable {
    /// The confidence level, between 0 and 1.
    package var confidence: Double
    /// The number of resamples of the studentised bootstrap over groups; 0 asks for Student's t.
    package var resamples: Int
    /// The seed of the resamples.
    package var seed: UInt64

    /// Student's t intervals at `confidence`, or bootstrap intervals if resamples are given.
    package init(confidence: Double = 0.95, resamples: Int = 0, seed: UInt64 = 0) {
        self.confidence = confidence
        self.resamples = resamples
        self.seed = seed
    }
}

/// A value with its standard error and its confidence interval, in the units of the value.
package struct UncertainValue: Sendable, Equatable {
    /// The estimate.
    package let value: Double
    /// The standard error; nil when there are fewer than two groups, or when it is not finite.
    package let standardError: Double?
    /// The interval's lower and upper end; nil when there is no standard error, or when an end is not finite.
    package let interval: ClosedRange<Double>?
    /// The smallest size of a true value that a two-sided test at level 1 - confidence would detect in 80 % of repetitions; nil
    /// without a standard error.
    package let detectableSize: Double?

    /// A value whose uncertainty is already known.
    package init(value: Double, standardError: Double?, interval: ClosedRange<Double>?, detectableSize: Double?) {
        self.value = value
        self.standardError = standardError
        self.interval = interval
        self.detectableSize = detectableSize
    }

    /// A value with an interval made from its influences.
    ///
    /// The interval is a bootstrap interval if resamples are asked for and enough of them vary, else Student's.
    package init(value: Double, influence: GroupInfluence, intervals: IntervalMethod = IntervalMethod()) {
        self.value = value
        standardError = influence.standardError.flatMap { $0.isFinite ? $0 : nil }
        guard let standardError else {
            (interval, detectableSize) = (nil, nil)
            return
        }
        let student = StudentDistribution(degreesOfFreedom: influence.degreesOfFreedom)
        let reach = standardError * student.twoSidedQuantile(intervals.confidence)
        let ends =
            influence.studentisedQuantiles(intervals)
            .map { (value - $0.upperBound * standardError, value - $0.lowerBound * standardError) }
            ?? (value - reach, value + reach)
        // Making a range with an end that is not a number would stop the program.
        interval = ends.0.isFinite && ends.1.isFinite ? ends.0...ends.1 : nil
        let size = detectableEffect(
            standardError: standardError, degreesOfFreedom: influence.degreesOfFreedom, confidence: intervals.confidence)
        detectableSize = size.isFinite ? size : nil
    }
}

extension UncertainValue {
    /// A value with a standard error and an interval from elsewhere; it has no detectable size.
    package init(value: Double, standardError: Double, interval: ClosedRange<Double>) {
        self.value = value
        self.standardError = standardError
        self.interval = interval
        detectableSize = nil
    }

    /// The mean of one number for each row, when rows of a group depend on each other; without a standard error below three groups.
    package init(meanOf values: [Double], groups: [String], intervals: IntervalMethod) {
        self.init(
            value: values.reduce(0, +) / Double(max(1, values.count)), influence: GroupInfluence(spreadOf: values, groups: groups),
            intervals: intervals)
    }

    /// A value with a known standard error and Student's interval, which is cut to a range of possible values.
    package init(
        value: Double, standardError: Double, degreesOfFreedom: Double, confidence: Double, within range: ClosedRange<Double>
    ) {
        self.value = value
        guard standardError.isFinite, value.isFinite else {
            (self.standardError, interval, detectableSize) = (nil, nil, nil)
            return
        }
        self.standardError = standardError
        let reach = standardError * StudentDistribution(degreesOfFreedom: degreesOfFreedom).twoSidedQuantile(confidence)
        func cut(_ end: Double) -> Double { min(max(end, range.lowerBound), range.upperBound) }
        interval = cut(value - reach)...cut(value + reach)
        detectableSize = detectableEffect(
            standardError: standardError, degreesOfFreedom: degreesOfFreedom, confidence: confidence)
    }
}

/// The effect that a two-sided t test at level 1 - `confidence` detects with probability `power`: (t_c + t_p) standard errors, with t_c
/// the quantile of the confidence and t_p that of the power.
package func detectableEffect(
    standardError: Double, degreesOfFreedom: Double, confidence: Double = 0.95, power: Double = 0.8
) -> Double {
    let student = StudentDistribution(degreesOfFreedom: degreesOfFreedom)
    // P(T <= t) = power for power > 1/2 is P(|T| <= t) = 2 power - 1.
    let tail = power > 0.5 ? student.twoSidedQuantile(2 * power - 1) : 0
    return standardError * (student.twoSidedQuantile(confidence) + tail)
}
