/// The calibration of sets of answers: that of the first set, and that of others with their differences from the first.
///
/// A value that does not exist is absent, never null and never NaN.
package struct CalibrationReport: Codable, Sendable, Equatable {
    /// The version of this format; the major number changes when readers must change.
    package static let currentSchemaVersion = "1.0"
    /// The identifier that distinguishes it from other reports.
    package static let kindName = "calibration"

    package var kind = CalibrationReport.kindName
    package var schemaVersion = CalibrationReport.currentSchemaVersion
    package var tool = Report.Tool()
    package var environment: Report.Environment?
    package var settings: Settings
    /// The first set.
    package var id: Set
    /// The other sets, in the order of the study.
    package var scenarios: [Set]
    /// Counts over all scenarios.
    package var summary: Summary
    /// The comparison of text alone, image alone and both, if files for it were given.
    package var modalities: Modalities?
    /// What the reader should know.
    package var notes: [Note]
    package var provenance: Report.Provenance?

    /// The settings of the measures.
    package struct Settings: Codable, Sendable, Equatable {
        /// The number of bins, for bins of equal width and for bins of equal mass.
        package var bins: Int
        /// The rule of the bins; `left_closed` puts c into bin min(floor(c B), B - 1).
        package var rule: String
        /// The confidence level of intervals, between 0 and 1.
        package var confidence: Double
        /// `options`, `token_probability`, `stated`, `share_of_answers` or `column`.
        package var confidenceSource: String
        /// The kind as which option scores were read.
        package var scores: String?
        /// The number of draws in the kernel test; 0 skips it.
        package var draws: Int
        /// The seed of every random step.
        package var seed: UInt64
        /// `paper` if the published measure was requested.
        package var compat: String?
        /// The temperature that the user gave, if any.
        package var appliedTemperature: Double?
    }

    /// An estimate with its interval and tests.
    package struct Value: Codable, Sendable, Equatable {
        /// The estimate.
        package var value: Double
        /// The standard error; absent if there are too few groups.
        package var standardError: Double?
        /// The lower and upper ends of the interval.
        package var interval: [Double]?
        /// The two-sided p-value of "no change"; only for changes.
        package var pValue: Double?
        /// The q-value over scenarios; only for changes.
        package var qValue: Double?
        /// The smallest size that would have been detected in 80 % of repetitions.
        package var smallest: Double?
    }

    /// What became of the rows of a file.
    package struct Rows: Codable, Sendable, Equatable {
        /// The number of rows that were read.
        package var read: Int
        /// The number of rows that the measures use.
        package var used: Int
        /// The number of rows on which the model abstained.
        package var abstained: Int
        /// The number of rows without a usable confidence.
        package var noConfidence: Int
        /// The number of rows whose answer is missing or cannot be read.
        package var unparsed: Int
        /// The number of rows whose request failed.
        package var failed: Int
        /// The number of unused rows for each reason, by code.
        package var excluded: [String: Int]
    }

    /// A calibration error over bins.
    package struct BinnedError: Codable, Sendable, Equatable {
        /// The error (ECE), and its parts from over- and under-confident bins.
        package var value: Double
        package var over: Double
        package var under: Double
        /// The error that chance alone would give, and the rest.
        package var chance: Double
        package var excess: Double
        /// The standard error of the error.
        package var standardError: Double?
        /// A bracket of the true error.
        package var interval: [Double]?
        /// The largest gap of a bin.
        package var largestGap: Double
        /// The number of bins that have rows.
        package var binCount: Int
        /// The bins of the reliability diagram, for bins of equal width.
        package var bins: [Bin]?
    }

    /// A bin of the reliability diagram.
    package struct Bin: Codable, Sendable, Equatable {
        /// The lowest and the highest confidence in the bin.
        package var low: Double
        package var high: Double
        /// The number of rows.
        package var n: Int
        /// The means of the confidences and of the outcomes.
        package var confidence: Double
        package var accuracy: Double
        /// The interval of the accuracy.
        package var interval: [Double]
        /// The range in which the accuracy of a calibrated model would lie.
        package var band: [Double]
    }

    /// The squared error from pairs of rows of different groups, which is unbiased and therefore sometimes negative.
    package struct Squared: Codable, Sendable, Equatable {
        /// The estimate with its standard error and interval.
        package var value: Double
        package var standardError: Double?
        package var interval: [Double]?
        /// The number of rows in bins without such a pair.
        package var rowsWithoutPair: Int
    }

    /// The Brier score with its decomposition: miscalibration - discrimination + uncertainty.
    package struct Brier: Codable, Sendable, Equatable {
        /// The score with its standard error and interval.
        package var value: Double
        package var standardError: Double?
        package var interval: [Double]?
        /// The gain from isotonic recalibration, in sample.
        package var miscalibration: Double
        /// The gain of the recalibrated confidences over the base rate.
        package var discrimination: Double
        /// The score of the base rate.
        package var uncertainty: Double
    }

    /// What the model gains by answering only the questions on which it is most confident.
    package struct Selective: Codable, Sendable, Equatable {
        /// The area under the risk-coverage curve.
        package var aurc: Double
        /// The same area with an oracle's order, and with a random order.
        package var oracle: Double
        package var random: Double
        /// `aurc` minus `oracle`.
        package var eaurc: Double
        /// The area under the generalised risk-coverage curve: the mean of risk times coverage.
        package var augrc: Double
        /// (random - aurc) / (random - oracle); absent if all rows are equally right.
        package var naurc: Double?
        /// `r01`, `r05`, `r10`, `r20`: the largest share answered with at most 1, 5, 10, 20 % wrong.
        package var coverageAtRisk: [String: Double]
        /// The accuracy at these coverages: `c50`, `c80`, `c90`.
        package var accuracyAtCoverage: [String: Double]
        /// Points of the risk-coverage curve.
        package var curve: [Point]?

        /// One point of the risk-coverage curve.
        package struct Point: Codable, Sendable, Equatable {
            /// The share of rows answered.
            package var coverage: Double
            /// The mean of 1 - y among them.
            package var risk: Double
            /// The same if the right rows were the most confident ones.
            package var oracle: Double
        }
    }

    /// The tests of perfect calibration.
    package struct Tests: Codable, Sendable, Equatable {
        package var spiegelhalter: Spiegelhalter?
        package var skce: Kernel?

        /// Spiegelhalter's test.
        package struct Spiegelhalter: Codable, Sendable, Equatable {
            /// The standardised statistic, with its two-sided p-value.
            package var z: Double
            package var pValue: Double
        }

        /// The kernel calibration error with its test.
        package struct Kernel: Codable, Sendable, Equatable {
            /// The squared error, unbiased.
            package var value: Double
            /// The one-sided p-value.
            package var pValue: Double?
            /// Whether the test used every pattern of signs.
            package var isExact: Bool?
        }
    }

    /// What option scores tell beyond the answer.
    package struct Options: Codable, Sendable, Equatable {
        /// The negative log-likelihood of the right option, in nats.
        package var nll: Value
        /// The Brier score over options, at most 2.
        package var brier: Value
        /// The entropy divided by ln K.
        package var entropy: Value
        /// The number of rows whose largest score occurs more than once.
        package var ties: Int
        /// The number of rows whose right option has no probability.
        package var impossible: Int
    }

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

    /// Text alone, image alone and both, over the same items.
    package struct Modalities: Codable, Sendable, Equatable {
        /// The number of items.
        package var rows: Int
        /// The entropy divided by ln K.
        package var entropy: Each
        /// The negative log-likelihood of the right option, in nats.
        package var nll: Each
        /// The entropy with the image alone minus that with the text alone.
        package var imageMinusText: Value
        /// The smaller of the two single entropies minus that of both.
        package var integrationGain: Value
        /// The negative log-likelihood of the better single input minus that of both.
        package var nllGain: Value
        /// The Jensen-Shannon divergences between the answers from two inputs, in bits.
        package var jsdTextBoth: Value
        package var jsdImageBoth: Value
        package var jsdTextImage: Value
        /// 1 if the answer from both is that from the text, 0 if it is that from the image.
        package var relianceOnText: Value?
        /// The negative log-likelihood of independent evidence from text and image, and that minus the one of both.
        package var pooledNll: Value
        package var synergy: Value

        /// A value for each input.
        package struct Each: Codable, Sendable, Equatable {
            package var text: Value
            package var image: Value
            package var both: Value
        }
    }

    /// A note for the reader, with its code.
    package struct Note: Codable, Sendable, Equatable {
        package var code: String
        package var text: String
    }

    /// Counts over all scenarios.
    package struct Summary: Codable, Sendable, Equatable {
        /// The number of scenarios, and of those without results.
        package var scenarioCount: Int
        package var failedCount: Int
        /// The numbers of scenarios whose gap is above the first set's at q <= 0.05, below it, and neither.
        package var moreOverconfident: Int
        package var lessOverconfident: Int
        package var unresolved: Int
        /// The smallest change of the gap that would have been detected in the median scenario.
        package var smallestGapChange: Double?
        /// The number of scenarios in which the first set's temperature is refuted at p <= 0.05.
        package var temperatureRefuted: Int?
    }

    /// One set of answers.
    package struct Set: Codable, Sendable, Equatable {
        /// The set's name.
        package var name: String
        /// A free word that groups scenarios.
        package var kind: String?
        /// `ok` or `failed`.
        package var status: String
        /// The reason why there are no results.
        package var error: Report.Failure?
        /// What became of the rows of the file.
        package var rows: Rows?
        /// The number of groups of dependent rows.
        package var groups: Int?
        /// The mean outcome.
        package var accuracy: Value?
        /// The accuracy if excluded rows count as wrong.
        package var accuracyOfAll: Value?
        /// The mean confidence, and that minus the accuracy.
        package var confidence: Value?
        package var gap: Value?
        /// The calibration error over bins of equal width, over bins of equal mass, and with a bin for each confidence.
        package var ece: BinnedError?
        package var eceMass: BinnedError?
        package var eceDistinct: BinnedError?
        /// The squared calibration error.
        package var ce2: Squared?
        /// The calibration error without bins.
        package var smece: Double?
        package var brier: Brier?
        /// The log loss in nats; absent if a row was certain and wrong.
        package var logLoss: Value?
        /// The log loss with clipped confidences.
        package var logLossClipped: Value?
        /// The number of rows that were certain and wrong.
        package var certainAndWrong: Int?
        /// The area under the ROC curve of the confidence.
        package var auroc: Value?
        package var selective: Selective?
        package var tests: Tests?
        /// The measures of option scores.
        package var options: Options?
        package var temperature: Temperature?
        /// Platt's parameters for a scalar confidence.
        package var platt: Platt?
        /// The method of the recalibration, `temperature` or `platt`, with parameters from other folds.
        package var recalibration: String?
        /// The measures after this recalibration, and after the isotonic one.
        package var recalibrated: Short?
        package var isotonic: Short?
        /// The measures if the confidence is the probability of the answer's token.
        package var tokenProbability: Short?
        /// How the model handles unanswerable questions.
        package var idk: Abstention?
        /// The changes since the first set; absent for the first set.
        package var change: Change?
    }
}
