/// A value with its standard error and its confidence interval, in the units of the value.
public struct UncertainValue: Sendable, Equatable {
    /// The estimate.
    public let value: Double
    /// The standard error; nil where the design has fewer than two groups, and where it is not finite.
    public let standardError: Double?
    /// Lower and upper end; nil where there is no standard error, and where an end is not finite.
    public let interval: ClosedRange<Double>?

    /// A value with Student's interval at `confidence` around it.
    public init(value: Double, influence: GroupInfluence, confidence: Double = 0.95) {
        self.value = value
        standardError = influence.standardError.flatMap { $0.isFinite ? $0 : nil }
        interval = standardError.flatMap { error in
            let reach = error * StudentDistribution(degreesOfFreedom: influence.degreesOfFreedom)
                .twoSidedQuantile(confidence)
            // A range whose ends are not numbers would be a trap.
            guard (value - reach).isFinite, (value + reach).isFinite else { return nil }
            return (value - reach)...(value + reach)
        }
    }
}
