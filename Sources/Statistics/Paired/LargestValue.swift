/// The largest of several estimated values, with an interval for the largest of the true values.
///
/// The largest estimate most likely erred upwards, so its own interval lies too high. The upper end for the true maximum needs no
/// correction: the scenario that has the true maximum has an upper end of its own, and the largest of all upper ends is no lower.
/// The lower end is the largest of simultaneous lower ends by Bonferroni, which hold together whatever the scenarios share.
package struct LargestValue: Sendable, Equatable {
    /// The position of the largest estimate; the first if several are equal.
    package let position: Int
    /// The largest estimate; on average it is larger than the largest true value.
    package let value: Double
    /// The interval for the largest true value; nil when a value has no standard error.
    package let interval: ClosedRange<Double>?

    /// - Parameter values: the estimates of the scenarios of one comparison, with their standard errors and degrees of freedom.
    /// - Returns: nil for no values.
    package init?(_ values: [(value: Double, standardError: Double?, degreesOfFreedom: Double)], confidence: Double) {
        guard let first = values.indices.max(by: { (values[$0].value, -$0) < (values[$1].value, -$1) }) else {
            return nil
        }
        (position, value) = (first, values[first].value)
        let tail = 1 - confidence
        let ends = values.compactMap { entry -> (lower: Double, upper: Double)? in
            guard let error = entry.standardError, error.isFinite else { return nil }
            let student = StudentDistribution(degreesOfFreedom: entry.degreesOfFreedom)
            return (
                entry.value - error * student.twoSidedQuantile(1 - tail / Double(values.count)),
                entry.value + error * student.twoSidedQuantile(confidence)
            )
        }
        guard ends.count == values.count, let lower = ends.map(\.lower).max(), let upper = ends.map(\.upper).max(),
            lower <= upper
        else {
            interval = nil
            return
        }
        interval = lower...upper
    }
}
