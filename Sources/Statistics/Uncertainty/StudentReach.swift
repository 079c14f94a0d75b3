/// How many standard errors an interval reaches, and how many a true value must be away from zero to be found.
///
/// Quantiles take some hundred steps each; estimates of one set share one value of this.
package struct StudentReach: Sendable, Equatable {
    /// Of the t distribution.
    package let degreesOfFreedom: Double
    /// Half of an interval's width in standard errors.
    package let interval: Double
    /// The size of a true value, in standard errors, that a two-sided test finds in 80 % of repetitions.
    package let detection: Double

    /// - Parameters:
    ///   - degreesOfFreedom: of the standard error, groups less one for one sample.
    ///   - confidence: of the interval, between 0 and 1.
    package init(degreesOfFreedom: Double, confidence: Double) {
        self.degreesOfFreedom = degreesOfFreedom
        interval = StudentDistribution(degreesOfFreedom: degreesOfFreedom).twoSidedQuantile(confidence)
        detection = detectableEffect(standardError: 1, degreesOfFreedom: degreesOfFreedom, confidence: confidence)
    }
}

extension UncertainValue {
    /// A value with Student's interval; without a standard error, or one that is not finite, it has neither.
    ///
    /// - Parameters:
    ///   - reach: of the degrees of freedom that `standardError` has.
    ///   - range: what the value can be; ends of the interval beyond it are cut.
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
