import ArgumentParser
import EmbeddingFiles
import Foundation
import Reports
import Studies

/// `emi check`: checks a report against rules, for pipelines.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Fail where a report breaks a rule: the gate of a pipeline.",
        discussion: reflowed(
            """
            REPORT is what 'emi batch', 'emi estimate', 'emi calibrate' or 'emi attribute' wrote with --format json; '-' reads it from
            standard input. A rule forbids what a condition says: a FIELD of the report by its path in the JSON, one of < <= > >= == !=,
            and a value. Fields of scenarios (emid.value, emid.interval_low, discrepancies.joint.excess, bound.slack, rows.auroc) are
            checked in every scenario, or in those of a kind or with a name; id.…, settings.… and summary.… are of the whole report. Of
            emi calibrate they are such as gap.interval_low, ece.excess, change.gap.value and temperature.ln_ratio.p_value, in every
            shifted set or in the only one.

            A value that has an interval is inconclusive where the interval lies on both sides of the threshold. A scenario that
            failed, a field that is missing, and a rule that no scenario falls under fail, unless the policy says otherwise. The exit
            code is 0 for the verdict pass, warnings or not, 1 for fail, and 2 where there is no verdict.

            With --baseline rules may be about change.emid.… and change.emi.… (value, standard_error, interval_low, interval_high,
            p_value): the difference to the scenario of the same name in an earlier report: row by row where both were made with
            --keep-rows over the same items and under one q, else with the standard error of independent reports, sqrt(s1^2 + s2^2).

            Rules about attributions are of detection.…, valuation.…, trace.…, pairs.… and fit.…, such as 'detection.share > 0.2'.

            A POLICY:
              version: 1
              failed_scenarios: fail      # or warn, ignore
              on_inconclusive: warn       # or pass, fail
              rules:
                - fail_if: emid.interval_low > 0.05
                - warn_if: bound.holds == false
                  kind: joint             # or scenario: 'frost_*'
                  name: the bound is below the gap
                  missing: ignore         # or fail
                - fail_if: summary.failed_count > 0

            EXAMPLES:
              emi check Fixtures/reports/frost.json --policy Fixtures/policy.yaml
              emi check Fixtures/reports/frost.json \\
                --fail-if 'emid.interval_low>1' -o gate.xml -o -
              emi batch Fixtures/digits/manifest.yaml --only 'frost_*' --format json \\
                | emi check - --policy Fixtures/policy.yaml
            """))

    @Argument(help: ArgumentHelp("The report, or '-' for standard input.", valueName: "report"), completion: .file()) var report: String
    @Option(help: ArgumentHelp("A file of rules.", valueName: "file"), completion: .file()) var policy: String?
    @Option(help: ArgumentHelp("A rule that fails where it is true; may be repeated.", valueName: "condition")) var failIf: [String] = []
    @Option(help: ArgumentHelp("A rule that warns where it is true; may be repeated.", valueName: "condition")) var warnIf: [String] = []
    @Option(help: ArgumentHelp("An earlier report, for rules about change.", valueName: "report"), completion: .file()) var baseline:
        String?
    @Option(help: "What an interval on both sides of a threshold does: pass, warn or fail (what the policy says, else warn).")
    var onInconclusive: PolicyFile.Level?
    @OptionGroup(title: "Output") var outputs: FormattedOutputs<GateFormat>
    @Flag(name: .shortAndLong, help: "No notes on standard error.") var quiet = false

    func validate() throws {
        let inputs = [report, baseline, policy].compactMap { $0 }
        if inputs.count(where: { $0 == "-" }) > 1 { throw ValidationError("expected '-' for one input, found it for several") }
        try outputs.check(against: inputs.filter { $0 != "-" })
        _ = try ownRules()
    }

    func run() throws {
        // Not in validate(), whose message would hide what the parser says about a misspelt flag.
        if policy == nil, failIf.isEmpty, warnIf.isEmpty {
            throw ValidationError("expected --policy, --fail-if or --warn-if, found none")
        }
        try reportingErrors {
            let hasBaseline = baseline != nil
            var rules = try policy.map { try GatePolicy(yaml: try readText($0), path: $0, hasBaseline: hasBaseline) } ?? GatePolicy()
            rules.rules += try ownRules()
            if let onInconclusive { rules.onInconclusive = onInconclusive }
            let text = try readText(report)
            if let calibration = try readCalibrationReport(text, name: nameOfInput(report), quiet: quiet) {
                return try check(calibration, against: rules)
            }
            if let attribution = try AttributionReport.read(text, name: nameOfInput(report)) {
                return try check(attribution, against: rules)
            }
            let found = try readReport(text, name: nameOfInput(report), quiet: quiet)
            let earlier = try baseline.map { (report: try readReport($0, quiet: quiet), name: $0) }
            let rows = try baseline.flatMap { path in
                try readRows(beside: report).flatMap { own in try readRows(beside: path).map { (own: own, baseline: $0) } }
            }
            try tell(try Gate.check(found, name: nameOfInput(report), against: rules, baseline: earlier, rows: rows), of: found)
        }
    }

    /// Checks a report of another command against the rules; such reports have no baseline.
    private func check(_ found: some GateSource, against rules: GatePolicy) throws {
        if baseline != nil {
            throw ValidationError("--baseline: expected a report of emi batch or emi estimate, found another sort")
        }
        try tell(try Gate.check(found, name: nameOfInput(report), against: rules), of: found)
    }

    /// Writes the outcome and exits with its code.
    private func tell(_ gate: GateReport, of source: some GateSource) throws {
        try outputs.write { format, _ in try gate.rendered(format, of: source) }
        // If the result goes to a file, standard error still says what the exit code means.
        if !outputs.showsText, !quiet { StandardError.say(gate.verdictLine) }
        if gate.verdict != .pass { throw ExitCode(gate.exitCode) }
    }

    /// The rules that the command line gives.
    private func ownRules() throws -> [GatePolicy.Rule] {
        let stated = failIf.map { ("--fail-if", $0, PolicyFile.Level.fail) } + warnIf.map { ("--warn-if", $0, .warn) }
        return try stated.map { flag, text, severity in
            do {
                let condition = try Condition(text)
                if condition.needsBaseline, baseline == nil {
                    throw ValidationError("\(flag): expected --baseline REPORT beside '\(text)', found none")
                }
                return GatePolicy.Rule(condition: condition, severity: severity, place: flag)
            } catch let error as RunError {
                throw ValidationError("\(flag): \(error.message)")
            }
        }
    }
}

/// Reads a JSON report from a file or, for `-`, from standard input; a note about its version goes to standard error.
func readReport(_ path: String, quiet: Bool) throws -> Report {
    try readReport(try readText(path), name: nameOfInput(path), quiet: quiet)
}

/// Reads a JSON report; a note about its version goes to standard error.
func readReport(_ text: String, name: String, quiet: Bool) throws -> Report {
    let (found, note) = try Report.read(text, name: name)
    say(note, quiet: quiet)
    return found
}

/// Reads a JSON report of `emi calibrate` in the same way; nil for a report of another command.
func readCalibrationReport(_ json: String, name: String, quiet: Bool) throws -> CalibrationReport? {
    guard CalibrationReport.isOne(json) else { return nil }
    let (found, note) = try CalibrationReport.read(json, name: name)
    say(note, quiet: quiet)
    return found
}

private func say(_ note: RunWarning?, quiet: Bool) {
    if let note, !quiet { StandardError.say("note (\(note.code.rawValue)): \(note.message)") }
}

/// The name of an input in messages.
func nameOfInput(_ path: String) -> String { path == "-" ? "standard input" : path }

extension GateFormat: ExpressibleByArgument {}
extension PolicyFile.Level: ExpressibleByArgument {}
