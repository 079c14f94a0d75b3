import Scenarios

/// What a gate found in a report.
public struct GateReport: Encodable, Sendable, Equatable {
    /// `pass` or `fail`; warnings do not fail.
    public var verdict: Verdict
    /// What the program exits with: the verdict and nothing else decides it.
    public var exitCode: Int32 { verdict.exitCode }
    /// The report.
    public var report: String
    /// The earlier report, where there was one.
    public var baseline: String?
    public var counts: Counts
    /// In the order of the policy.
    public var rules: [Rule]
    /// What did not pass, in the order of the rules.
    public var findings: [Finding]
    /// What a reader should know.
    public var notes: [String]

    /// The one word of a gate.
    public enum Verdict: String, Codable, Sendable {
        case pass
        case fail

        /// 0, or 1.
        public var exitCode: Int32 { self == .pass ? 0 : 1 }
    }

    /// How one check came out.
    public enum Outcome: String, Codable, Sendable {
        /// The condition is not true.
        case pass
        /// The condition is true.
        case fail
        /// The ends of the interval disagree.
        case inconclusive
        /// There is no value to check.
        case missing
    }

    /// Numbers of checks and findings.
    public struct Counts: Codable, Sendable, Equatable {
        public var scenarios = 0
        /// Rules times their scenarios.
        public var checks = 0
        /// Findings that make the verdict.
        public var failures = 0
        /// Findings that do not.
        public var warnings = 0
        /// Checks whose intervals straddle the threshold, whatever they count as.
        public var inconclusive = 0
    }

    /// One rule and how often it held.
    public struct Rule: Codable, Sendable, Equatable {
        public var name: String
        public var condition: String
        /// `policy.yaml:7`, or the flag.
        public var place: String
        public var severity: PolicyFile.Level
        public var checks = 0
        public var passed = 0
        public var failed = 0
        public var inconclusive = 0
    }

    /// Something that did not pass.
    public struct Finding: Codable, Sendable, Equatable {
        /// The scenario; absent for what is about the whole report.
        public var scenario: String?
        /// The rule; absent for scenarios without numbers.
        public var rule: String?
        public var place: String?
        public var outcome: Outcome
        /// What it counts as; `pass` for an inconclusive check that is let through.
        public var level: PolicyFile.Level
        public var message: String
        /// The number that was checked.
        public var value: Double?
        public var interval: [Double]?
    }

    private enum CodingKeys: String, CodingKey {
        case verdict, exitCode, report, baseline, counts, rules, findings, notes
    }

    /// With the verdict and the exit code, which follow from the rest.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(exitCode, forKey: .exitCode)
        try container.encode(report, forKey: .report)
        try container.encodeIfPresent(baseline, forKey: .baseline)
        try container.encode(counts, forKey: .counts)
        try container.encode(rules, forKey: .rules)
        try container.encode(findings, forKey: .findings)
        try container.encode(notes, forKey: .notes)
    }
}
