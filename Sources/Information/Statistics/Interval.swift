/// A value with its standard error and its confidence interval, in the units of the value.
public struct UncertainValue: Sendable, Equatable {
    /// The estimate.
    public let value: Double
    /// The standard error; nil where the design has fewer than two groups.
    public let standardError: Double?
    /// Lower and upper end; nil where there is no standard error.
    public let interval: ClosedRange<Double>?

    /// A value with Student's interval at `confidence` around it.
    public init(value: Double, influence: GroupInfluence, confidence: Double = 0.95) {
        self.value = value
        standardError = influence.standardError
        interval = standardError.map { error in
            let reach = error * StudentDistribution(degreesOfFreedom: influence.degreesOfFreedom)
                .twoSidedQuantile(confidence)
            return (value - reach)...(value + reach)
        }
    }
}
