import Studies

/// What a gate found in a report.
package struct GateReport: Encodable, Sendable, Equatable {
    /// `pass` or `fail`; warnings do not fail.
    package var verdict: Verdict
    /// What the program exits with: the verdict and nothing else decides it.
    package var exitCode: Int32 { verdict.exitCode }
    /// The report.
    package var report: String
    /// The earlier report, where there was one.
    package var baseline: String?
    package var counts: Counts
    /// In the order of the policy.
    package var rules: [Rule]
    /// What did not pass, in the order of the rules.
    package var findings: [Finding]
    /// What a reader should know.
    package var notes: [String]

    /// The one word of a gate.
    package enum Verdict: String, Codable, Sendable {
        case pass
        case fail

        /// 0, or 1.
        package var exitCode: Int32 { self == .pass ? 0 : 1 }
    }

    /// How one check came out.
    package enum Outcome: String, Codable, Sendable {
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
    package struct Counts: Codable, Sendable, Equatable {
        package var scenarios = 0
        /// Rules times their scenarios.
        package var checks = 0
        /// Findings that make the verdict.
        package var failures = 0
        /// Findings that do not.
        package var warnings = 0
        /// Checks whose intervals straddle the threshold, whatever they count as.
        package var inconclusive = 0
    }

    /// One rule and how often it held.
    package struct Rule: Codable, Sendable, Equatable {
        package var name: String
        package var condition: String
        /// `policy.yaml:7`, or the flag.
        package var place: String
        package var severity: PolicyFile.Level
        package var checks = 0
        package var passed = 0
        package var failed = 0
        package var inconclusive = 0
    }

    /// Something that did not pass.
    package struct Finding: Codable, Sendable, Equatable {
        /// The scenario; absent for what is about the whole report.
        package var scenario: String?
        /// The rule; absent for scenarios without numbers.
        package var rule: String?
        package var place: String?
        package var outcome: Outcome
        /// What it counts as; `pass` for an inconclusive check that is let through.
        package var level: PolicyFile.Level
        package var message: String
        /// The number that was checked.
        package var value: Double?
        package var interval: [Double]?
    }

    private enum CodingKeys: String, CodingKey {
        case verdict, exitCode, report, baseline, counts, rules, findings, notes
    }

    /// With the verdict and the exit code, which follow from the rest.
    package func encode(to encoder: any Encoder) throws {
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
