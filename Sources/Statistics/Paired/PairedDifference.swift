/// The difference between two models, with its standard error and its test.
package struct PairedDifference: Sendable, Equatable {
    /// The second model's value minus the first's, in nats.
    package let value: UncertainValue
    /// The two-sided p-value of "no difference" from Student's t; nil without a standard error.
    package let pValue: Double?
    /// The influence of each group on the difference.
    package let influence: GroupInfluence

    /// A difference whose influences are known.
    package init(value: Double, influence: GroupInfluence, intervals: IntervalMethod) {
        self.influence = influence
        self.value = UncertainValue(value: value, influence: influence, intervals: intervals)
        pValue = self.value.standardError.map { error in
            error > 0
                ? StudentDistribution(degreesOfFreedom: influence.degreesOfFreedom).twoSidedTail(value / error)
                : value == 0 ? 1 : 0
        }
    }

    /// The second model's EMI minus the first's, on the items of one set.
    package init(emi rows: PairedRows, intervals: IntervalMethod) {
        self.init(value: rows.mean, influence: rows.influence, intervals: intervals)
    }

    /// The second model's EMID minus the first's: the difference on the ID set minus the difference on the OOD set.
    /// A group that is in both sets is compared with itself.
    package init(emid id: PairedRows, _ ood: PairedRows, intervals: IntervalMethod) {
        self.init(value: id.mean - ood.mean, influence: id.influence.subtracting(ood.influence), intervals: intervals)
    }

    /// The mean of the differences over scenarios, which may share items; nil for none.
    package init?(meanOf differences: [PairedDifference], intervals: IntervalMethod) {
        guard let influence = GroupInfluence.mean(differences.map(\.influence)) else { return nil }
        let values = differences.map(\.value.value).sorted()
        self.init(value: values.reduce(0, +) / Double(values.count), influence: influence, intervals: intervals)
    }

    /// The variance of a comparison of independent runs divided by that of this pairing: unpaired runs would need this many times as
    /// many rows. Nil when an error is unknown or zero.
    package func varianceRatio(independentErrors errors: (Double?, Double?)) -> Double? {
        guard let own = value.standardError, own > 0, let first = errors.0, let second = errors.1 else { return nil }
        return (first * first + second * second) / (own * own)
    }
}
