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
    public static let currentSchemaVersion = "1.1"

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
        /// A number for the fit that judges all sets: EMI of two reports compares where it is the same. Absent where nothing is fitted.
        public var fit: String?
        /// The number of rows.
        public var sampleCount: Int
        /// The number of independent groups of rows.
        public var groupCount: Int
        /// EMI.
        public var emi: EffectiveInformation
        /// The answers in classes, in batches.
        public var tables: AnswerTables?
        /// The mean cosine of response and reference.
        public var responseSimilarity: Double?
        /// Lower and upper end.
        public var responseSimilarityInterval: [Double]?
        /// The mean cosine of response and reference, every direction of the references weighed alike (reference channel only).
        public var whitenedSimilarity: Double?
        /// Lower and upper end.
        public var whitenedSimilarityInterval: [Double]?
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

    /// The answers of a set in classes of what references are, as one fixed decoder of the run reads them: Shannon's information of a finite
    /// table, with a bound on EMID that is a theorem on the tables.
    public struct AnswerTables: Codable, Sendable, Equatable {
        /// K, the number of classes.
        public var classes: Int
        /// Minus the entropy of the reference's class given the decoded response.
        public var emi: Double
        /// EMI of the ID set's table less that of this one; absent for the ID set.
        public var emid: Double?
        /// The largest EMID at the tables' Jensen-Shannon divergence.
        public var bound: Double?
        /// The largest EMID at the tables' total variation.
        public var boundByVariation: Double?
        /// `by-construction`.
        public var guarantee: String?
    }

    /// EMI with its parts.
    public struct EffectiveInformation: Codable, Sendable, Equatable {
        /// I(X; Y_theta) - I(X; Y).
        public var value: Double
        /// What its nats are: `channel`, `shannon`, `club` or `renyi`.
        public var scale: String?
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
        /// The answers in classes, in batches.
        public var tables: AnswerTables?
        /// The mean cosine of response and reference.
        public var responseSimilarity: Double?
        /// Lower and upper end.
        public var responseSimilarityInterval: [Double]?
        /// The mean cosine of response and reference, every direction of the references weighed alike (reference channel only).
        public var whitenedSimilarity: Double?
        /// Lower and upper end.
        public var whitenedSimilarityInterval: [Double]?
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
        /// The largest EMID that any answers to these queries could give (reference channel only).
        public var ceiling: Double?
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
        /// How well these parts of the query tell the two sets apart: R^2 of the set's label, at most 1, not above 0 where they tell nothing
        /// (reference channel only).
        public var separation: Double?
        /// Lower and upper end.
        public var separationInterval: [Double]?
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
        /// What its nats are; EMID can be held against the bound where its scale is the same.
        public var scale: String?
        /// By name.
        public var terms: [String: Double]
        /// The bound less EMID; absent where they are on two scales.
        public var slack: Double?
        /// Lower and upper end; EMID and the bound come from the same rows.
        public var slackInterval: [Double]?
        /// The bound over EMID; absent where EMID is not resolved above 0.
        public var tightness: Double?
        /// Whether the bound is at least EMID; absent where they are on two scales.
        public var holds: Bool?
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
        /// What its nats are.
        public var scale: String?
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
