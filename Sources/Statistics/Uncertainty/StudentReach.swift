/// How many standard errors an interval reaches to each side, and how many a true value must be away from zero to be detected.
///
/// A quantile takes some hundred steps to compute, so all estimates of one set share one value of this type.
package struct StudentReach: Sendable, Equatable {
    /// The degrees of freedom of the t distribution.
    package let degreesOfFreedom: Double
    /// Half of an interval's width, in standard errors.
    package let interval: Double
    /// The size of a true value, in standard errors, that a two-sided test finds in 80 % of repetitions.
    package let detection: Double

    /// - Parameters:
    ///   - degreesOfFreedom: those of the standard error; for one sample, the number of groups minus one.
    ///   - confidence: the confidence level of the interval, between 0 and 1.
    package init(degreesOfFreedom: Double, confidence: Double) {
        self.degreesOfFreedom = degreesOfFreedom
        interval = StudentDistribution(degreesOfFreedom: degreesOfFreedom).twoSidedQuantile(confidence)
        detection = detectableEffect(standardError: 1, degreesOfFreedom: degreesOfFreedom, confidence: confidence)
    }
}

extension UncertainValue {
    /// A value with Student's interval; it has neither error nor interval if the standard error is missing or not finite.
    ///
    /// - Parameters:
    ///   - reach: the reach for the degrees of freedom of `standardError`.
    ///   - range: the possible values; the interval is cut to it.
    package init(
        value: Double, standardError: Double?, reach: StudentReach?, within range: ClosedRange<Double>? = nil
    ) {
        guard let reach, let standardError, standardError.isFinite, value.isFinite else {
            self.init(value: value, standardError: nil, interval: nil, detectableSize: nil)
            return
        }
        func cut(_ end: Double) -> Double {
            guard let range else { return end }
            return min(max(end, range.lowerBound), range.upperBound)
        }
        let half = reach.interval * standardError
        self.init(
            value: value, standardError: standardError, interval: cut(value - half)...cut(value + half),
            detectableSize: reach.detection * standardError)
    }
}
