import Studies

/// What a gate found in a report.
package struct GateReport: Encodable, Sendable, Equatable {
    /// `pass` or `fail`; warnings alone do not fail.
    package var verdict: Verdict
    /// The exit code of the program, which depends only on the verdict.
    package var exitCode: Int32 { verdict.exitCode }
    /// The name of the report.
    package var report: String
    /// The name of the earlier report, if there was one.
    package var baseline: String?
    /// The numbers of checks and findings.
    package var counts: Counts
    /// The rules in the order of the policy.
    package var rules: [Rule]
    /// The checks that did not pass, in the order of the rules.
    package var findings: [Finding]
    /// What the reader should know.
    package var notes: [String]

    /// The overall result of a gate.
    package enum Verdict: String, Codable, Sendable {
        case pass
        case fail

        /// 0 for pass, 1 for fail.
        package var exitCode: Int32 { self == .pass ? 0 : 1 }
    }

    /// The result of one check.
    package enum Outcome: String, Codable, Sendable {
        /// The condition is false.
        case pass
        /// The condition is true.
        case fail
        /// The ends of the interval disagree.
        case inconclusive
        /// There is no value to check.
        case missing
    }

    /// The numbers of checks and findings.
    package struct Counts: Codable, Sendable, Equatable {
        /// The number of scenarios.
        package var scenarios = 0
        /// The number of rules times the number of their scenarios.
        package var checks = 0
        /// The number of findings that make the verdict fail.
        package var failures = 0
        /// The number of findings that do not.
        package var warnings = 0
        /// The number of checks whose intervals straddle the threshold, whatever their level.
        package var inconclusive = 0
    }

    /// One rule, and how often it held.
    package struct Rule: Codable, Sendable, Equatable {
        /// The rule's name, or its condition.
        package var name: String
        package var condition: String
        /// The place of the rule: `policy.yaml:7`, or the flag.
        package var place: String
        package var severity: PolicyFile.Level
        /// The number of checks, and of those that passed, failed or were inconclusive.
        package var checks = 0
        package var passed = 0
        package var failed = 0
        package var inconclusive = 0
    }

    /// A check that did not pass.
    package struct Finding: Codable, Sendable, Equatable {
        /// The scenario; absent for a finding about the whole report.
        package var scenario: String?
        /// The rule; absent for a scenario without results.
        package var rule: String?
        /// The place of the rule.
        package var place: String?
        package var outcome: Outcome
        /// The finding's level; `pass` for an inconclusive check that is let through.
        package var level: PolicyFile.Level
        /// What was expected and what was found.
        package var message: String
        /// The number that was checked, if there was one.
        package var value: Double?
        package var interval: [Double]?
    }

    private enum CodingKeys: String, CodingKey {
        case verdict, exitCode, report, baseline, counts, rules, findings, notes
    }

    /// Encodes the verdict and the exit code too, although they follow from the rest.
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
