import Studies

/// The JSON report: the contract with everything that reads `emi`'s output. Keys become snake_case; a value that does not exist
/// is absent. The schema beside this file says the same in JSON Schema.
public struct Report: Codable, Sendable, Equatable {
    /// Major and minor version of the contract.
    public var schemaVersion = Report.currentSchemaVersion
    /// What wrote the report.
    public var tool = Tool()
    /// What may differ from run to run; left out of reproducible reports.
    public var environment: Environment?
    /// The files that the numbers come from.
    public var provenance: Provenance?
    /// What decided the numbers.
    public var settings: StudySettings
    /// The in-distribution set.
    public var id: SampleSet
    /// One entry a shift; at most one for `emi estimate`.
    public var scenarios: [Scenario]
    /// Across scenarios.
    public var summary: Summary
    /// What other estimators say of the same sets, where it was asked for.
    public var estimators: EstimatorAgreement?

    /// The version that this code writes.
    public static let currentSchemaVersion = "1.0"

    /// The program.
    public struct Tool: Codable, Sendable, Equatable {
        /// "emi".
        public var name = "emi"
        /// The version of the program.
        public var version = emiVersion
    }

    /// The machine.
    public struct Environment: Codable, Sendable, Equatable {
        /// Library, version and kernel.
        public var blas: String
        /// Threads in use.
        public var threads: Int
        /// For example `linux-x86_64`.
        public var platform: String

        /// A machine.
        public init(blas: String, threads: Int, platform: String) {
            self.blas = blas
            self.threads = threads
            self.platform = platform
        }
    }

    /// One set.
    public struct SampleSet: Codable, Sendable, Equatable {
        /// The name of the set.
        public var name: String
        /// The number of rows.
        public var sampleCount: Int
        /// The number of independent groups of rows.
        public var groupCount: Int
        /// EMI.
        public var emi: EffectiveInformation
        /// The mean cosine of response and reference.
        public var responseSimilarity: Double?
        /// An external score.
        public var score: Double?
        /// What single rows show.
        public var rows: Rows?
        /// What a reader should know.
        public var warnings: [Warning]
    }

    /// What single rows show beside their set.
    public struct Rows: Codable, Sendable, Equatable {
        /// The mean of the rows' own scores.
        public var scoreMean: Double?
        /// What rows add to EMI against their scores.
        public var emiVsScore: Correlations?
        /// The probability that a row of the ID set adds more to EMI than a row of this set: 0.5 tells nothing apart.
        public var auroc: Double?
        /// Mann and Whitney's p-value of the same, rows taken as independent.
        public var mannWhitneyPValue: Double?
    }

    /// EMI with its parts.
    public struct EffectiveInformation: Codable, Sendable, Equatable {
        /// I(X; Y_theta) - I(X; Y).
        public var value: Double
        /// I(X; Y_theta).
        public var modelMi: Double
        /// I(X; Y).
        public var referenceMi: Double
        /// The p-value of "I(X; Y_theta) is 0", from queries and answers paired anew.
        public var modelMiPValue: Double?
        /// Benjamini and Hochberg across the sets.
        public var modelMiQValue: Double?
        /// The p-value of "I(X; Y) is 0".
        public var referenceMiPValue: Double?
        /// Benjamini and Hochberg across the sets.
        public var referenceMiQValue: Double?
        /// The cluster-robust standard error of the value.
        public var standardError: Double?
        /// Lower and upper end.
        public var interval: [Double]?
    }

    /// One shift.
    public struct Scenario: Codable, Sendable, Equatable {
        /// The name of the OOD set.
        public var name: String
        /// A free word that groups scenarios.
        public var kind: String?
        /// `ok` or `failed`.
        public var status: String
        /// Why there are no numbers.
        public var error: Failure?
        /// The number of rows.
        public var sampleCount: Int?
        /// The number of independent groups of rows.
        public var groupCount: Int?
        /// EMI of the OOD set.
        public var emi: EffectiveInformation?
        /// The mean cosine of response and reference.
        public var responseSimilarity: Double?
        /// The gap.
        public var emid: Gap?
        /// By modality, and `joint`, `output_id`, `output_ood`.
        public var discrepancies: [String: Discrepancy]?
        /// Fractions by modality.
        public var attribution: [String: Double]?
        /// The selected form of the bound.
        public var bound: SelectedBound?
        /// By form.
        public var bounds: [String: BoundValue]?
        /// An external score.
        public var score: Double?
        /// What single rows show.
        public var rows: Rows?
        /// What a reader should know.
        public var warnings: [Warning]
    }

    /// Why a scenario has no numbers.
    public struct Failure: Codable, Sendable, Equatable {
        /// A name for programs.
        public var code: String
        /// One sentence.
        public var message: String
    }

    /// EMI(ID) - EMI(OOD).
    public struct Gap: Codable, Sendable, Equatable {
        /// In the units of the settings.
        public var value: Double
        /// Groups that both sets share are compared within themselves.
        public var standardError: Double?
        /// Lower and upper end.
        public var interval: [Double]?
        /// The smallest gap that this comparison would have found, as a two-sided test at 1 - confidence, in 80 % of repetitions.
        public var smallestDetectable: Double?
        /// Permutation p-value of "no gap", two-sided.
        public var pValue: Double?
        /// Benjamini and Hochberg across scenarios.
        public var qValue: Double?
    }

    /// A Jensen-Shannon divergence.
    public struct Discrepancy: Codable, Sendable, Equatable {
        /// The plug-in value.
        public var jsd: Double
        /// What chance gives at these sizes.
        public var nullMean: Double?
        /// The debiased value: jsd less null_mean.
        public var excess: Double?
        /// Of the excess.
        public var standardError: Double?
        /// Of the divergence: around the excess, within [0, ln 2].
        public var interval: [Double]?
        /// Permutation p-value of "no shift".
        public var pValue: Double?
        /// Benjamini and Hochberg across scenarios.
        public var qValue: Double?
        /// The unbiased squared maximum mean discrepancy under the same kernel, a second opinion; no information, so without unit.
        public var mmd: Double?
        /// Its permutation p-value of "no shift".
        public var mmdPValue: Double?
        /// Benjamini and Hochberg across scenarios.
        public var mmdQValue: Double?
    }

    /// The form that was asked for.
    public struct SelectedBound: Codable, Sendable, Equatable {
        /// One of `BoundForm`.
        public var form: String
        /// The sum of the terms.
        public var value: Double
        /// Lower and upper end.
        public var interval: [Double]?
        /// One of `Guarantee`.
        public var guarantee: String
        /// By name.
        public var terms: [String: Double]
        /// The bound less EMID.
        public var slack: Double
        /// Lower and upper end; EMID and the bound come from the same rows.
        public var slackInterval: [Double]?
        /// The bound over EMID; absent where EMID is not resolved above 0.
        public var tightness: Double?
        /// Whether the bound is at least EMID.
        public var holds: Bool
        /// The entropies that scale the form: R of `joint` and `split`, H of the others; absent for a form without.
        public var entropyScale: Double?
        /// Where they come from, in words.
        public var entropySource: String?
        /// What the value takes for granted, in words.
        public var assumptions: [String]
    }

    /// Another form.
    public struct BoundValue: Codable, Sendable, Equatable {
        /// The sum of the terms.
        public var value: Double
        /// One of `Guarantee`.
        public var guarantee: String
        /// By name.
        public var terms: [String: Double]
        /// Lower and upper end.
        public var interval: [Double]?
    }

    /// A warning.
    public struct Warning: Codable, Sendable, Equatable {
        /// A name for programs.
        public var code: String
        /// One sentence.
        public var message: String
    }
}

/// The version of the program.
public let emiVersion = "0.2.0"
