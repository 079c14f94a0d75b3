import Studies

/// The JSON report: the contract with everything that reads `emi`'s output. Keys become snake_case; a value that does not exist
/// is absent. The schema beside this file says the same in JSON Schema.
package struct Report: Codable, Sendable, Equatable {
    /// Major and minor version of the contract.
    package var schemaVersion = Report.currentSchemaVersion
    /// What wrote the report.
    package var tool = Tool()
    /// What may differ from run to run; left out of reproducible reports.
    package var environment: Environment?
    /// The files that the numbers come from.
    package var provenance: Provenance?
    /// What decided the numbers.
    package var settings: StudySettings
    /// The in-distribution set.
    package var id: SampleSet
    /// One entry a shift; at most one for `emi estimate`.
    package var scenarios: [Scenario]
    /// Across scenarios.
    package var summary: Summary
    /// What other estimators say of the same sets, where it was asked for.
    package var estimators: EstimatorAgreement?

    /// The version that this code writes.
    package static let currentSchemaVersion = "1.0"

    /// The program.
    package struct Tool: Codable, Sendable, Equatable {
        /// "emi".
        package var name = "emi"
        /// The version of the program.
        package var version = emiVersion
    }

    /// The machine.
    package struct Environment: Codable, Sendable, Equatable {
        /// Library, version and kernel.
        package var blas: String
        /// Threads in use.
        package var threads: Int
        /// For example `linux-x86_64`.
        package var platform: String

        /// A machine.
        package init(blas: String, threads: Int, platform: String) {
            self.blas = blas
            self.threads = threads
            self.platform = platform
        }
    }

    /// One set.
    package struct SampleSet: Codable, Sendable, Equatable {
        /// The name of the set.
        package var name: String
        /// The number of rows.
        package var sampleCount: Int
        /// The number of independent groups of rows.
        package var groupCount: Int
        /// EMI.
        package var emi: EffectiveInformation
        /// The mean cosine of response and reference.
        package var responseSimilarity: Double?
        /// An external score.
        package var score: Double?
        /// What single rows show.
        package var rows: Rows?
        /// What a reader should know.
        package var warnings: [Warning]
    }

    /// What single rows show beside their set.
    package struct Rows: Codable, Sendable, Equatable {
        /// The mean of the rows' own scores.
        package var scoreMean: Double?
        /// What rows add to EMI against their scores.
        package var emiVsScore: Correlations?
        /// The probability that a row of the ID set adds more to EMI than a row of this set: 0.5 tells nothing apart.
        package var auroc: Double?
        /// Mann and Whitney's p-value of the same, rows taken as independent.
        package var mannWhitneyPValue: Double?
    }

    /// EMI with its parts.
    package struct EffectiveInformation: Codable, Sendable, Equatable {
        /// I(X; Y_theta) - I(X; Y).
        package var value: Double
        /// I(X; Y_theta).
        package var modelMi: Double
        /// I(X; Y).
        package var referenceMi: Double
        /// The p-value of "I(X; Y_theta) is 0", from queries and answers paired anew.
        package var modelMiPValue: Double?
        /// Benjamini and Hochberg across the sets.
        package var modelMiQValue: Double?
        /// The p-value of "I(X; Y) is 0".
        package var referenceMiPValue: Double?
        /// Benjamini and Hochberg across the sets.
        package var referenceMiQValue: Double?
        /// The cluster-robust standard error of the value.
        package var standardError: Double?
        /// Lower and upper end.
        package var interval: [Double]?
    }

    /// One shift.
    package struct Scenario: Codable, Sendable, Equatable {
        /// The name of the OOD set.
        package var name: String
        /// A free word that groups scenarios.
        package var kind: String?
        /// `ok` or `failed`.
        package var status: String
        /// Why there are no numbers.
        package var error: Failure?
        /// The number of rows.
        package var sampleCount: Int?
        /// The number of independent groups of rows.
        package var groupCount: Int?
        /// EMI of the OOD set.
        package var emi: EffectiveInformation?
        /// The mean cosine of response and reference.
        package var responseSimilarity: Double?
        /// The gap.
        package var emid: Gap?
        /// By modality, and `joint`, `output_id`, `output_ood`.
        package var discrepancies: [String: Discrepancy]?
        /// Fractions by modality.
        package var attribution: [String: Double]?
        /// The selected form of the bound.
        package var bound: SelectedBound?
        /// By form.
        package var bounds: [String: BoundValue]?
        /// An external score.
        package var score: Double?
        /// What single rows show.
        package var rows: Rows?
        /// What a reader should know.
        package var warnings: [Warning]
    }

    /// Why a scenario has no numbers.
    package struct Failure: Codable, Sendable, Equatable {
        /// A name for programs.
        package var code: String
        /// One sentence.
        package var message: String
    }

    /// EMI(ID) - EMI(OOD).
    package struct Gap: Codable, Sendable, Equatable {
        /// In the units of the settings.
        package var value: Double
        /// Groups that both sets share are compared within themselves.
        package var standardError: Double?
        /// Lower and upper end.
        package var interval: [Double]?
        /// The smallest gap that this comparison would have found, as a two-sided test at 1 - confidence, in 80 % of repetitions.
        package var smallestDetectable: Double?
        /// Permutation p-value of "no gap", two-sided.
        package var pValue: Double?
        /// Benjamini and Hochberg across scenarios.
        package var qValue: Double?
    }

    /// A Jensen-Shannon divergence.
    package struct Discrepancy: Codable, Sendable, Equatable {
        /// The plug-in value.
        package var jsd: Double
        /// What chance gives at these sizes.
        package var nullMean: Double?
        /// The debiased value: jsd less null_mean.
        package var excess: Double?
        /// Of the excess.
        package var standardError: Double?
        /// Of the divergence: around the excess, within [0, ln 2].
        package var interval: [Double]?
        /// Permutation p-value of "no shift".
        package var pValue: Double?
        /// Benjamini and Hochberg across scenarios.
        package var qValue: Double?
        /// The unbiased squared maximum mean discrepancy under the same kernel, a second opinion; no information, so without unit.
        package var mmd: Double?
        /// Its permutation p-value of "no shift".
        package var mmdPValue: Double?
        /// Benjamini and Hochberg across scenarios.
        package var mmdQValue: Double?
    }

    /// The form that was asked for.
    package struct SelectedBound: Codable, Sendable, Equatable {
        /// One of `BoundForm`.
        package var form: String
        /// The sum of the terms.
        package var value: Double
        /// Lower and upper end.
        package var interval: [Double]?
        /// One of `Guarantee`.
        package var guarantee: String
        /// By name.
        package var terms: [String: Double]
        /// The bound less EMID.
        package var slack: Double
        /// Lower and upper end; EMID and the bound come from the same rows.
        package var slackInterval: [Double]?
        /// The bound over EMID; absent where EMID is not resolved above 0.
        package var tightness: Double?
        /// Whether the bound is at least EMID.
        package var holds: Bool
        /// The entropies that scale the form: R of `joint` and `split`, H of the others; absent for a form without.
        package var entropyScale: Double?
        /// Where they come from, in words.
        package var entropySource: String?
        /// What the value takes for granted, in words.
        package var assumptions: [String]
    }

    /// Another form.
    package struct BoundValue: Codable, Sendable, Equatable {
        /// The sum of the terms.
        package var value: Double
        /// One of `Guarantee`.
        package var guarantee: String
        /// By name.
        package var terms: [String: Double]
        /// Lower and upper end.
        package var interval: [Double]?
    }

    /// A warning.
    package struct Warning: Codable, Sendable, Equatable {
        /// A name for programs.
        package var code: String
        /// One sentence.
        package var message: String
    }
}

/// The version of the program.
package let emiVersion = "0.1.0"
