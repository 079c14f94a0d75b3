import Statistics

/// The difference of a mean between two sets, the second minus the first.
package struct Change: Sendable, Equatable {
    /// The change with its interval; its detectable size is the smallest change that would have been detected in 80 % of repetitions.
    package let value: UncertainValue
    /// The two-sided p-value of "no change" by Student's distribution; nil when the standard error is missing or 0.
    package let pValue: Double?

    /// The change of a mean from paired values, one for each pair and set.
    package init(first: [Double], second: [Double], _ inference: Inference) {
        let differences = zip(first, second).map { $1 - $0 }
        self.init(inference.mean(differences), degreesOfFreedom: inference.reach?.degreesOfFreedom)
    }

    /// The change of an estimate that is not a mean, from the influences of paired rows.
    package init(value: Double, firstInfluences: [Double], secondInfluences: [Double], _ inference: Inference) {
        let differences = zip(firstInfluences, secondInfluences).map { $1 - $0 }
        self.init(inference.value(value, influences: differences), degreesOfFreedom: inference.reach?.degreesOfFreedom)
    }

    /// The change of a binned error, from the influences of paired rows on both errors.
    package init(
        first: BinnedError, second: BinnedError, firstInfluences: [Double], secondInfluences: [Double], _ inference: Inference
    ) {
        let differences = zip(firstInfluences, secondInfluences).map { $1 - $0 }
        let mean = differences.reduce(0, +) / Double(differences.count)
        self.init(
            first: first, second: second, standardError: inference.clusters.standardError(of: differences, mean: mean),
            reach: inference.reach)
    }

    /// The change of a binned error as a bracket, since each true error lies between its excess and its ECE. It has no test; the gap and
    /// the Brier score have one. Student's interval around the difference of excesses held the truth in only 86 % of draws at 1,000
    /// rows, because chance adds less to the ECE of a miscalibrated model than to that of a calibrated one.
    package init(first: BinnedError, second: BinnedError, standardError: Double?, reach: StudentReach?) {
        let value = second.excess - first.excess
        guard let reach, let standardError else {
            self.init(UncertainValue(value: value, standardError: nil, reach: nil), degreesOfFreedom: nil)
            return
        }
        let half = reach.interval * standardError
        self.init(
            UncertainValue(
                value: value, standardError: standardError,
                interval: (second.excess - first.ece - half)...(second.ece - first.excess + half),
                detectableSize: nil),
            degreesOfFreedom: nil)
    }

    /// The change between two sets that share no items: variances add, and degrees of freedom are Welch's (Biometrika 34, 1947).
    package init(
        value: Double, first: (standardError: Double?, groups: Int), second: (standardError: Double?, groups: Int),
        confidence: Double
    ) {
        guard let a = first.standardError, let b = second.standardError, first.groups > 1, second.groups > 1 else {
            self.init(UncertainValue(value: value, standardError: nil, reach: nil), degreesOfFreedom: nil)
            return
        }
        let (u, v) = (a * a, b * b)
        let spread = u * u / Double(first.groups - 1) + v * v / Double(second.groups - 1)
        let freedom = spread > 0 ? (u + v) * (u + v) / spread : Double(first.groups + second.groups - 2)
        let reach = StudentReach(degreesOfFreedom: freedom, confidence: confidence)
        self.init(
            UncertainValue(value: value, standardError: (u + v).squareRoot(), reach: reach), degreesOfFreedom: freedom)
    }

    private init(_ value: UncertainValue, degreesOfFreedom: Double?) {
        self.value = value
        if let error = value.standardError, error > 0, let degreesOfFreedom {
            pValue = StudentDistribution(degreesOfFreedom: degreesOfFreedom).twoSidedTail(value.value / error)
        } else {
            pValue = nil
        }
    }
}
