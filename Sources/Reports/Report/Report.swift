import Studies

/// The JSON report: the contract with every program that reads `emi`'s output. In JSON the property names become snake_case, and a
/// value that does not exist has no key. The schema in the folder `Schemas` says the same in JSON Schema.
public struct Report: Codable, Sendable, Equatable {
    /// The version of this contract, `major.minor`.
    public var schemaVersion = Report.currentSchemaVersion
    /// The program that wrote the report.
    public var tool = Tool()
    /// The machine, which may differ from run to run; left out of reproducible reports.
    public var environment: Environment?
    /// The files that the numbers come from, with their digests.
    public var provenance: Provenance?
    /// The settings that decided the numbers.
    public var settings: StudySettings
    /// The in-distribution set.
    public var id: SampleSet
    /// One entry for each shift; `emi estimate` has at most one.
    public var scenarios: [Scenario]
    /// What the scenarios show together.
    public var summary: Summary
    /// What other estimators say about the same sets, if they were asked for.
    public var estimators: EstimatorAgreement?

    /// The version of the contract that this code writes.
    public static let currentSchemaVersion = "1.1"

    /// The program.
    public struct Tool: Codable, Sendable, Equatable {
        /// The name, `emi`.
        public var name = "emi"
        /// The version of the program.
        public var version = emiVersion
    }

    /// The machine, and what else may differ from run to run.
    public struct Environment: Codable, Sendable, Equatable {
        /// The BLAS library, its version and its kernel.
        public var blas: String
        /// The number of threads in use.
        public var threads: Int
        /// Operating system and processor, for example `linux-x86_64`.
        public var platform: String
        /// When the report was made, in UTC, as ISO 8601 has it.
        public var date: String?
        /// The command line that made the report.
        public var command: String?

        /// A machine with these properties.
        public init(blas: String, threads: Int, platform: String, date: String? = nil, command: String? = nil) {
            self.blas = blas
            self.threads = threads
            self.platform = platform
            self.date = date
            self.command = command
        }

        /// When the report was made and by what; nil where neither is known.
        package var origin: String? {
            let parts = [date.map { "made \($0.replacing("T", with: " ").replacing("Z", with: " UTC"))" }, command.map { "by: \($0)" }]
            return parts.contains { $0 != nil } ? parts.compactMap { $0 }.joined(separator: " ") : nil
        }
    }

    /// The results of one set.
    public struct SampleSet: Codable, Sendable, Equatable {
        /// The name of the set.
        public var name: String
        /// A hash of the fit that judges all sets: EMI of two reports can be compared if it is the same. Absent when nothing was fitted.
        public var fit: String?
        /// The number of rows.
        public var sampleCount: Int
        /// The number of independent groups of rows.
        public var groupCount: Int
        /// EMI with its parts.
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
        /// Further external scores, by name.
        public var scores: [String: Double]?
        /// The parts of the query that were used.
        public var modalities: [String]?
        /// What single rows show.
        public var rows: Rows?
        /// What a reader should know.
        public var warnings: [Warning]
    }

    /// What the single rows of a set show.
    public struct Rows: Codable, Sendable, Equatable {
        /// The mean score of the rows.
        public var scoreMean: Double?
        /// The correlation between rows' contributions to EMI and their scores.
        public var emiVsScore: Correlations?
        /// The probability that a row of the ID set contributes more to EMI than a row of this set; at 0.5 rows do not tell the sets apart.
        public var auroc: Double?
        /// Mann and Whitney's p-value for that probability, which takes rows as independent.
        public var mannWhitneyPValue: Double?
    }

    /// The answers of a set, sorted by one fixed decoder of the run into classes of references. The table gives Shannon's information, and
    /// a bound on EMID that is a theorem about such tables.
    public struct AnswerTables: Codable, Sendable, Equatable {
        /// K, the number of classes.
        public var classes: Int
        /// Minus the entropy of the reference's class given the decoded response.
        public var emi: Double
        /// EMI of the ID set's table minus EMI of this table; absent for the ID set.
        public var emid: Double?
        /// The largest EMID that the tables' Jensen-Shannon divergence allows.
        public var bound: Double?
        /// The largest EMID that the tables' total variation allows.
        public var boundByVariation: Double?
        /// What is guaranteed about the bounds: `by-construction`.
        public var guarantee: String?
    }

    /// EMI with its parts.
    public struct EffectiveInformation: Codable, Sendable, Equatable {
        /// EMI = I(X; Y_theta) - I(X; Y).
        public var value: Double
        /// The scale of its nats: `channel`, `shannon`, `club` or `renyi`.
        public var scale: String?
        /// I(X; Y_theta), the information between queries and responses.
        public var modelMi: Double
        /// I(X; Y), the information between queries and references.
        public var referenceMi: Double
        /// The p-value of "I(X; Y_theta) is 0", from random pairings of queries and responses.
        public var modelMiPValue: Double?
        /// Benjamini and Hochberg across the sets.
        public var modelMiQValue: Double?
        /// The p-value of "I(X; Y) is 0", from random pairings of queries and references.
        public var referenceMiPValue: Double?
        /// Benjamini and Hochberg across the sets.
        public var referenceMiQValue: Double?
        /// The cluster-robust standard error of the value.
        public var standardError: Double?
        /// Lower and upper end.
        public var interval: [Double]?
    }

    /// The results of one shift.
    public struct Scenario: Codable, Sendable, Equatable {
        /// The name of the OOD set.
        public var name: String
        /// A free word that groups scenarios.
        public var kind: String?
        /// `ok` or `failed`.
        public var status: String
        /// Why the scenario has no numbers; absent when it has.
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
        /// The gap between the ID set and this set.
        public var emid: Gap?
        /// The divergences: one for each modality, and `joint`, `output_id`, `output_ood`.
        public var discrepancies: [String: Discrepancy]?
        /// The fraction of the joint discrepancy that each modality carries.
        public var attribution: [String: Double]?
        /// The selected form of the bound.
        public var bound: SelectedBound?
        /// The value of every form of the bound.
        public var bounds: [String: BoundValue]?
        /// An external score.
        public var score: Double?
        /// Further external scores, by name.
        public var scores: [String: Double]?
        /// The parts of the query that were used.
        public var modalities: [String]?
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

    /// The gap, EMID = EMI(ID) - EMI(OOD).
    public struct Gap: Codable, Sendable, Equatable {
        /// EMID in the units of the settings.
        public var value: Double
        /// The cluster-robust standard error; a group that is in both sets is compared with itself.
        public var standardError: Double?
        /// Lower and upper end.
        public var interval: [Double]?
        /// The smallest gap that this comparison would have detected in 80 % of repetitions, by a two-sided test at level 1 - confidence.
        public var smallestDetectable: Double?
        /// The two-sided permutation p-value of "no gap".
        public var pValue: Double?
        /// Benjamini and Hochberg across scenarios.
        public var qValue: Double?
        /// The largest EMID that any answers to these queries could give (reference channel only).
        public var ceiling: Double?
        /// The number of groups of references that answers of both sets are compared with; absent when EMID is the difference of the two EMI.
        public var comparedGroups: Int?
    }

    /// A Jensen-Shannon divergence.
    public struct Discrepancy: Codable, Sendable, Equatable {
        /// The plug-in value.
        public var jsd: Double
        /// What chance alone gives at these sizes.
        public var nullMean: Double?
        /// The debiased value: `jsd` minus `null_mean`.
        public var excess: Double?
        /// The standard error of the excess.
        public var standardError: Double?
        /// The interval of the true divergence, around the excess and within [0, ln 2].
        public var interval: [Double]?
        /// Permutation p-value of "no shift".
        public var pValue: Double?
        /// Benjamini and Hochberg across scenarios.
        public var qValue: Double?
        /// A second opinion: the unbiased squared maximum mean discrepancy under the same kernel. It is not information and has no unit.
        public var mmd: Double?
        /// The permutation p-value of "no shift" by the maximum mean discrepancy.
        public var mmdPValue: Double?
        /// Benjamini and Hochberg across scenarios.
        public var mmdQValue: Double?
        /// How well these parts of the query tell the two sets apart: R^2 of the set's label, at most 1, and at most 0 when they tell
        /// nothing (reference channel only).
        public var separation: Double?
        /// Lower and upper end.
        public var separationInterval: [Double]?
    }

    /// The selected form of the bound.
    public struct SelectedBound: Codable, Sendable, Equatable {
        /// One of `BoundForm`.
        public var form: String
        /// The sum of the terms.
        public var value: Double
        /// Lower and upper end.
        public var interval: [Double]?
        /// One of `Guarantee`.
        public var guarantee: String
        /// The scale of its nats; EMID can be compared with the bound only on the same scale.
        public var scale: String?
        /// The terms of the form by name; their sum is the value.
        public var terms: [String: Double]
        /// The bound minus EMID; absent when they are on different scales.
        public var slack: Double?
        /// Lower and upper end of the slack, which allow for EMID and the bound coming from the same rows.
        public var slackInterval: [Double]?
        /// The bound divided by EMID; absent unless EMID is resolved above 0.
        public var tightness: Double?
        /// Whether the bound is at least EMID; absent when they are on different scales.
        public var holds: Bool?
        /// The entropies that scale the form: R for `joint` and `split`, H for other forms of entropies; absent for a form without any.
        public var entropyScale: Double?
        /// The source of these entropies, in words.
        public var entropySource: String?
        /// What the value takes for granted, in words.
        public var assumptions: [String]
    }

    /// The value of one form of the bound.
    public struct BoundValue: Codable, Sendable, Equatable {
        /// The sum of the terms.
        public var value: Double
        /// One of `Guarantee`.
        public var guarantee: String
        /// The scale of its nats.
        public var scale: String?
        /// The terms of the form by name.
        public var terms: [String: Double]
        /// Lower and upper end.
        public var interval: [Double]?
    }

    /// Something that a reader of the numbers should know.
    public struct Warning: Codable, Sendable, Equatable {
        /// A name for programs.
        public var code: String
        /// One sentence.
        public var message: String
    }
}

/// The version of the program.
public let emiVersion = "0.2.0"
