/// The JSON report: the contract with everything that reads `emi`'s output. Keys become snake_case; a value that does not exist
/// is absent. The schema beside this file says the same in JSON Schema.
public struct Report: Codable, Sendable, Equatable {
    /// Major and minor version of the contract.
    public var schemaVersion = Report.currentSchemaVersion
    /// What wrote the report.
    public var tool = Tool()
    /// What may differ from run to run; left out of reproducible reports.
    public var environment: Environment?
    /// What decided the numbers.
    public var settings: Settings
    /// The in-distribution set.
    public var id: Set
    /// One entry a shift; at most one for `emi estimate`.
    public var scenarios: [Scenario]
    /// Across scenarios.
    public var summary: Summary

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

    /// The settings of the run, as their flags are called.
    public struct Settings: Codable, Sendable, Equatable {
        public var estimator: String
        public var bound: String
        public var divergence: String
        public var kernel: String
        public var bandwidth: Double?
        public var alpha: Double?
        public var entropyScale: String
        public var fit: String?
        public var fuse: String?
        public var permutations: Int
        public var confidence: Double
        public var normalize: Bool
        public var textIdf: Bool
        public var compat: String?
        public var units: String
        public var seed: UInt64
    }

    /// One set.
    public struct Set: Codable, Sendable, Equatable {
        public var name: String
        public var sampleCount: Int
        public var groupCount: Int
        public var emi: EffectiveInformation
        public var responseSimilarity: Double?
        public var score: Double?
        public var warnings: [Warning]
    }

    /// EMI with its parts.
    public struct EffectiveInformation: Codable, Sendable, Equatable {
        public var value: Double
        public var modelMi: Double
        public var referenceMi: Double
        public var standardError: Double?
        public var interval: [Double]?
    }

    /// One shift.
    public struct Scenario: Codable, Sendable, Equatable {
        public var name: String
        public var kind: String?
        /// `ok` or `failed`.
        public var status: String
        public var error: Failure?
        public var sampleCount: Int?
        public var groupCount: Int?
        public var emi: EffectiveInformation?
        public var responseSimilarity: Double?
        public var emid: Gap?
        /// By modality, and `joint`, `output_id`, `output_ood`.
        public var discrepancies: [String: Discrepancy]?
        /// Fractions by modality.
        public var attribution: [String: Double]?
        public var bound: SelectedBound?
        /// By form.
        public var bounds: [String: BoundValue]?
        public var score: Double?
        public var warnings: [Warning]
    }

    /// Why a scenario has no numbers.
    public struct Failure: Codable, Sendable, Equatable {
        public var code: String
        public var message: String
    }

    /// EMI(ID) - EMI(OOD).
    public struct Gap: Codable, Sendable, Equatable {
        public var value: Double
        public var standardError: Double?
        public var interval: [Double]?
        public var pValue: Double?
        public var qValue: Double?
    }

    /// A Jensen-Shannon divergence.
    public struct Discrepancy: Codable, Sendable, Equatable {
        public var jsd: Double
        public var nullMean: Double?
        public var excess: Double?
        public var pValue: Double?
    }

    /// The form that was asked for.
    public struct SelectedBound: Codable, Sendable, Equatable {
        public var form: String
        public var value: Double
        public var guarantee: String
        public var terms: [String: Double]
        /// The bound less EMID.
        public var slack: Double
        /// Whether the bound is at least EMID.
        public var holds: Bool
        /// What the value takes for granted, in words.
        public var assumptions: [String]
    }

    /// Another form.
    public struct BoundValue: Codable, Sendable, Equatable {
        public var value: Double
        public var guarantee: String
        public var terms: [String: Double]
    }

    /// A warning.
    public struct Warning: Codable, Sendable, Equatable {
        public var code: String
        public var message: String
    }

    /// Across scenarios.
    public struct Summary: Codable, Sendable, Equatable {
        public var scenarioCount: Int
        public var failedCount: Int
    }
}

/// The version of the program.
public let emiVersion = "0.1.0"
