/// The largest of several estimated values, with an interval for the largest of the true ones.
///
/// The largest estimate is one of those that erred upwards, so that its own interval is too high. The upper end for
/// the true maximum needs no correction, because whichever scenario it is in has its own upper end, and the largest
/// of those is no lower. The lower end is the largest of simultaneous ones, by Bonferroni: whatever scenarios share,
/// their lower ends hold together.
package struct LargestValue: Sendable, Equatable {
    /// The position of the largest estimate; of equals, the first.
    package let position: Int
    /// The estimate, which is too large on average.
    package let value: Double
    /// Around the largest true value; nil where one of the values has no error.
    package let interval: ClosedRange<Double>?

    /// - Parameter values: estimates with standard errors and degrees of freedom; scenarios of one comparison.
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
