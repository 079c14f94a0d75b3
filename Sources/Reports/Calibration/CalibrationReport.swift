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
    package var summary: Summary
    /// The comparison of text alone, image alone and both, if files for it were given.
    package var modalities: Modalities?
    package var notes: [Note]
    package var provenance: Report.Provenance?

    /// The settings of the measures.
    package struct Settings: Codable, Sendable, Equatable {
        package var bins: Int
        /// The rule of the bins; `left_closed` puts c into bin min(floor(c B), B - 1).
        package var rule: String
        package var confidence: Double
        /// `options`, `token_probability`, `stated`, `share_of_answers` or `column`.
        package var confidenceSource: String
        /// The kind as which option scores were read.
        package var scores: String?
        package var draws: Int
        package var seed: UInt64
        /// `paper` if the published measure was requested.
        package var compat: String?
        /// The temperature that the user gave, if any.
        package var appliedTemperature: Double?
    }

    /// An estimate with its interval and tests.
    package struct Value: Codable, Sendable, Equatable {
        package var value: Double
        package var standardError: Double?
        package var interval: [Double]?
        package var pValue: Double?
        package var qValue: Double?
        /// The smallest size that would have been detected in 80 % of repetitions.
        package var smallest: Double?
    }

    /// What became of the rows of a file.
    package struct Rows: Codable, Sendable, Equatable {
        package var read: Int
        package var used: Int
        package var abstained: Int
        package var noConfidence: Int
        package var unparsed: Int
        package var failed: Int
        /// The number of unused rows for each reason, by code.
        package var excluded: [String: Int]
    }

    /// A calibration error over bins.
    package struct BinnedError: Codable, Sendable, Equatable {
        package var value: Double
        package var over: Double
        package var under: Double
        package var chance: Double
        package var excess: Double
        package var standardError: Double?
        /// A bracket of the true error.
        package var interval: [Double]?
        package var largestGap: Double
        package var binCount: Int
        package var bins: [Bin]?
    }

    /// A bin of the reliability diagram.
    package struct Bin: Codable, Sendable, Equatable {
        package var low: Double
        package var high: Double
        package var n: Int
        package var confidence: Double
        package var accuracy: Double
        package var interval: [Double]
        package var band: [Double]
    }

    package struct Squared: Codable, Sendable, Equatable {
        package var value: Double
        package var standardError: Double?
        package var interval: [Double]?
        package var rowsWithoutPair: Int
    }

    package struct Brier: Codable, Sendable, Equatable {
        package var value: Double
        package var standardError: Double?
        package var interval: [Double]?
        package var miscalibration: Double
        package var discrimination: Double
        package var uncertainty: Double
    }

    package struct Selective: Codable, Sendable, Equatable {
        package var aurc: Double
        package var oracle: Double
        package var random: Double
        package var eaurc: Double
        package var augrc: Double
        package var naurc: Double?
        /// `r01`, `r05`, `r10`, `r20`: the largest share answered with at most 1, 5, 10, 20 % wrong.
        package var coverageAtRisk: [String: Double]
        /// The accuracy at these coverages: `c50`, `c80`, `c90`.
        package var accuracyAtCoverage: [String: Double]
        package var curve: [Point]?

        package struct Point: Codable, Sendable, Equatable {
            package var coverage: Double
            package var risk: Double
            package var oracle: Double
        }
    }

    package struct Tests: Codable, Sendable, Equatable {
        package var spiegelhalter: Spiegelhalter?
        package var skce: Kernel?

        package struct Spiegelhalter: Codable, Sendable, Equatable {
            package var z: Double
            package var pValue: Double
        }

        package struct Kernel: Codable, Sendable, Equatable {
            package var value: Double
            package var pValue: Double?
            package var isExact: Bool?
        }
    }

    /// What option scores tell beyond the answer.
    package struct Options: Codable, Sendable, Equatable {
        package var nll: Value
        package var brier: Value
        package var entropy: Value
        package var ties: Int
        package var impossible: Int
    }

    /// A few measures of a set under other confidences.
    package struct Short: Codable, Sendable, Equatable {
        package var confidence: Double
        package var gap: Value
        package var ece: Double
        package var chance: Double
        package var excess: Double
        package var smece: Double
        package var brier: Double
        package var auroc: Double?
        package var bins: [Bin]?
    }

    package struct Temperature: Codable, Sendable, Equatable {
        package var value: Double
        package var lnStandardError: Double?
        package var interval: [Double]?
        /// The limit at which the temperature lies: `lower` or `upper`.
        package var limit: String?
        /// The first set's temperature, or the one that the user gave.
        package var reference: Double?
        /// ln of this set's temperature divided by the first set's.
        package var lnRatio: Value?
        /// The cost of keeping the first set's temperature, in nats per row.
        package var regret: Value?
        package var atReference: Short?
    }

    package struct Platt: Codable, Sendable, Equatable {
        package var slope: Double
        package var intercept: Double
    }

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

    package struct Abstention: Codable, Sendable, Equatable {
        package var n: Int
        package var answerable: Int
        package var unanswerable: Int
        package var abstained: Int
        package var abstentionRecall: Value?
        package var overAbstention: Value?
        package var abstentionPrecision: Value?
        package var abstentionF1: Double?
        package var accuracyAnswerable: Value?
        package var accuracyAttempted: Value?
        package var truthful: Value
        /// The reliability at these costs of a wrong answer: `cost1`, `cost10`, `cost100`.
        package var effectiveReliability: [String: Value]
        package var auroc: Value?
        package var confidenceOnUnanswerable: Value?
        package var dualAccuracy: Value?
    }

    package struct Modalities: Codable, Sendable, Equatable {
        package var rows: Int
        package var entropy: Each
        package var nll: Each
        package var imageMinusText: Value
        package var integrationGain: Value
        package var nllGain: Value
        package var jsdTextBoth: Value
        package var jsdImageBoth: Value
        package var jsdTextImage: Value
        package var relianceOnText: Value?
        package var pooledNll: Value
        package var synergy: Value

        package struct Each: Codable, Sendable, Equatable {
            package var text: Value
            package var image: Value
            package var both: Value
        }
    }

    package struct Note: Codable, Sendable, Equatable {
        package var code: String
        package var text: String
    }

    /// Counts over all scenarios.
    package struct Summary: Codable, Sendable, Equatable {
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
        package var name: String
        package var kind: String?
        /// `ok` or `failed`.
        package var status: String
        package var error: Report.Failure?
        package var rows: Rows?
        package var groups: Int?
        package var accuracy: Value?
        package var accuracyOfAll: Value?
        package var confidence: Value?
        package var gap: Value?
        package var ece: BinnedError?
        package var eceMass: BinnedError?
        package var eceDistinct: BinnedError?
        package var ce2: Squared?
        package var smece: Double?
        package var brier: Brier?
        package var logLoss: Value?
        package var logLossClipped: Value?
        package var certainAndWrong: Int?
        package var auroc: Value?
        package var selective: Selective?
        package var tests: Tests?
        package var options: Options?
        package var temperature: Temperature?
        package var platt: Platt?
        /// The method of the recalibration, `temperature` or `platt`, with parameters from other folds.
        package var recalibration: String?
        package var recalibrated: Short?
        package var isotonic: Short?
        package var tokenProbability: Short?
        package var idk: Abstention?
        package var change: Change?
    }
}
