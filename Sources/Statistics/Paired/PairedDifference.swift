/// A difference of two models with its error and its test.
package struct PairedDifference: Sendable, Equatable {
    /// The second model less the first, in nats.
    package let value: UncertainValue
    /// Of "no difference", two-sided, from Student's t; nil without a standard error.
    package let pValue: Double?
    /// How each group moves the difference.
    package let influence: GroupInfluence

    /// A difference with known influences.
    package init(value: Double, influence: GroupInfluence, intervals: IntervalMethod) {
        self.influence = influence
        self.value = UncertainValue(value: value, influence: influence, intervals: intervals)
        pValue = self.value.standardError.map { error in
            error > 0
                ? StudentDistribution(degreesOfFreedom: influence.degreesOfFreedom).twoSidedTail(value / error)
                : value == 0 ? 1 : 0
        }
    }

    /// EMI of the second model less EMI of the first, on the items of one set.
    package init(emi rows: PairedRows, intervals: IntervalMethod) {
        self.init(value: rows.mean, influence: rows.influence, intervals: intervals)
    }

    /// EMID of the second model less EMID of the first: what the ID set's difference is more than the OOD set's.
    /// Groups that both sets share are compared within themselves.
    package init(emid id: PairedRows, _ ood: PairedRows, intervals: IntervalMethod) {
        self.init(value: id.mean - ood.mean, influence: id.influence.subtracting(ood.influence), intervals: intervals)
    }

    /// The mean of differences over scenarios, whatever items they share; nil for none.
    package init?(meanOf differences: [PairedDifference], intervals: IntervalMethod) {
        guard let influence = GroupInfluence.mean(differences.map(\.influence)) else { return nil }
        let values = differences.map(\.value.value).sorted()
        self.init(value: values.reduce(0, +) / Double(values.count), influence: influence, intervals: intervals)
    }

    /// The variance of independent runs over that of this pairing: how many times as many rows unpaired runs would
    /// need. Nil where an error is unknown or zero.
    package func varianceRatio(independentErrors errors: (Double?, Double?)) -> Double? {
        guard let own = value.standardError, own > 0, let first = errors.0, let second = errors.1 else { return nil }
        return (first * first + second * second) / (own * own)
    }
}
