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

    /// A note for the reader, with its code.
    package struct Note: Codable, Sendable, Equatable {
        package var code: String
        package var text: String
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
}
