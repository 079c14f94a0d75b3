extension CalibrationReport {
    /// A few measures of a set under other confidences.
    package struct Short: Codable, Sendable, Equatable {
        /// The mean confidence.
        package var confidence: Double
        /// The mean confidence minus the accuracy.
        package var gap: Value
        /// The binned error, the error that chance alone would give, and the rest.
        package var ece: Double
        package var chance: Double
        package var excess: Double
        /// The calibration error without bins.
        package var smece: Double
        /// The mean Brier score.
        package var brier: Double
        /// The area under the ROC curve.
        package var auroc: Double?
        /// The bins of the reliability diagram.
        package var bins: [Bin]?
    }

    /// The temperature of a set's option scores, and how the first set's temperature suits it.
    package struct Temperature: Codable, Sendable, Equatable {
        /// The fitted temperature.
        package var value: Double
        /// The standard error of its logarithm.
        package var lnStandardError: Double?
        /// The interval of the temperature.
        package var interval: [Double]?
        /// The limit at which the temperature lies: `lower` or `upper`.
        package var limit: String?
        /// The first set's temperature, or the one that the user gave.
        package var reference: Double?
        /// ln of this set's temperature divided by the first set's.
        package var lnRatio: Value?
        /// The cost of keeping the first set's temperature, in nats per row.
        package var regret: Value?
        /// The set's measures at the reference temperature.
        package var atReference: Short?
    }

    /// Platt's parameters: sigmoid(slope logit(c) + intercept).
    package struct Platt: Codable, Sendable, Equatable {
        package var slope: Double
        package var intercept: Double
    }

    /// The changes of a set since the first set.
    package struct Change: Codable, Sendable, Equatable {
        /// The number of rows that are the same items; absent if the sets count as independent.
        package var pairedRows: Int?
        package var accuracy: Value?
        package var confidence: Value?
        package var gap: Value?
        package var brier: Value?
        package var nll: Value?
        /// The change of the excess over chance.
        package var ece: Value?
    }

    /// How the model handles questions that cannot be answered.
    package struct Abstention: Codable, Sendable, Equatable {
        /// The number of rows; of these, those that can be answered, those that cannot, and those on which the model abstained.
        package var n: Int
        package var answerable: Int
        package var unanswerable: Int
        package var abstained: Int
        /// The share of abstentions among unanswerable rows, and among answerable rows.
        package var abstentionRecall: Value?
        package var overAbstention: Value?
        /// The share of abstentions on unanswerable rows, and the harmonic mean of this share and the recall.
        package var abstentionPrecision: Value?
        package var abstentionF1: Double?
        /// The mean score of answerable rows, with 0 for an abstention, and of those that the model attempted.
        package var accuracyAnswerable: Value?
        package var accuracyAttempted: Value?
        /// The share of rows that are right, or unanswerable with an abstention.
        package var truthful: Value
        /// The reliability at these costs of a wrong answer: `cost1`, `cost10`, `cost100`.
        package var effectiveReliability: [String: Value]
        /// The area under the ROC curve of 1 - c for "unanswerable".
        package var auroc: Value?
        /// The mean confidence on unanswerable rows that the model attempted.
        package var confidenceOnUnanswerable: Value?
        /// The share of pairs in which the model was right on the answerable item and abstained on the other.
        package var dualAccuracy: Value?
    }
}
