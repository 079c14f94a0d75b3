/// The formats of a gate's outcome.
package enum GateFormat: String, Sendable, CaseIterable {
    case text
    case json
    case markdown
    case junit
}

extension GateReport {
    /// The outcome in a format.
    ///
    /// - Parameter source: the report that was checked; its scenarios are the test cases of JUnit XML, or the rules if it has no scenarios.
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    package func rendered(_ format: GateFormat, of source: some GateSource) throws -> String {
        switch format {
        case .text: text
        case .json: try jsonText(of: self)
        case .markdown: markdown()
        case .junit: source.junit(outcomes: outcomes(of: source), gates: source.gateScenarios.isEmpty ? ruleOutcomes : reportOutcomes)
        }
    }

    /// The verdict and its counts, in one line.
    package var verdictLine: String {
        func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
        return "verdict: \(verdict.rawValue) (\(count(counts.failures, "failure")), \(count(counts.warnings, "warning")), "
            + "\(counts.inconclusive) inconclusive; \(count(counts.checks, "check")) of \(count(rules.count, "rule")) on "
            + (counts.scenarios == 0 ? "the report as a whole)" : "\(count(counts.scenarios, "scenario")))")
    }

    /// A line for each finding and note, and the verdict at the end.
    var text: String {
        var lines = shownFindings.map { finding in
            "\(finding.label): \(finding.scenario.map { $0.withoutControls + ": " } ?? "")\(finding.message.withoutControls)\(finding.source)"
        }
        lines += notes.map { "note: \($0.withoutControls)" }
        return (lines + [verdictLine]).map { $0 + "\n" }.joined()
    }

    /// A table of findings below the verdict, failures first, as many as there is room for.
    func markdown(byteLimit: Int = Report.stepSummaryByteLimit) -> String {
        var parts = ["### emi check: \(verdict.rawValue)\n", "**\(verdictLine.markdownText)**\n"]
        if !notes.isEmpty { parts.append(notes.map { "- \($0.markdownText)\n" }.joined()) }
        let sorted = shownFindings.filter { $0.level == .fail } + shownFindings.filter { $0.level != .fail }
        if !sorted.isEmpty {
            let table = TextTable(
                header: ["finding", "scenario", "what", "rule"],
                rows: sorted.map { [$0.label, $0.scenario ?? "", $0.message, $0.source.withoutControls] })
            let found = table.markdown(byteLimit: byteLimit - parts.joined().utf8.count - 200)
            parts.append(found.text)
            if found.omittedCount > 0 { parts.append("… and \(found.omittedCount) more\n") }
        }
        return parts.joined(separator: "\n")
    }

    private var shownFindings: [Finding] { findings.filter { $0.level != .pass } }

    /// The outcome of every scenario.
    private func outcomes(of source: some GateSource) -> [String: GateOutcome] {
        let found = Dictionary(grouping: findings) { $0.scenario ?? "" }
        return Dictionary(
            source.gateScenarios.map { ($0.name, outcome(of: found[$0.name] ?? [], isFailed: $0.isFailed)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The outcomes of rules about the whole report, which belong to no scenario.
    private var reportOutcomes: [(name: String, outcome: GateOutcome)] {
        let names = Set(findings.filter { $0.scenario == nil }.compactMap(\.rule)).sorted()
        return names.map { name in (name, outcome(of: findings.filter { $0.scenario == nil && $0.rule == name }, isFailed: false)) }
    }

    /// The outcome of every rule.
    private var ruleOutcomes: [(name: String, outcome: GateOutcome)] {
        rules.map { rule in
            (rule.name, outcome(of: findings.filter { $0.rule == rule.name && $0.place == rule.place }, isFailed: false))
        }
    }

    private func outcome(of findings: [Finding], isFailed: Bool) -> GateOutcome {
        func sentence(_ found: [Finding]) -> String { found.map { $0.message + $0.source }.joined(separator: "; ") }
        let failures = findings.filter { $0.level == .fail }
        if !failures.isEmpty { return .failed(sentence(failures)) }
        let open = findings.filter { $0.outcome == .inconclusive && $0.level == .warn || $0.outcome == .missing && isFailed }
        return open.isEmpty ? .passed : .inconclusive(sentence(open))
    }
}

extension GateReport.Finding {
    /// `fail` or `warn`, with a remark if the check is inconclusive.
    fileprivate var label: String { outcome == .inconclusive ? "\(level.rawValue) (inconclusive)" : level.rawValue }

    /// The rule and its place.
    fileprivate var source: String {
        guard let rule, let place else { return "" }
        return " (\(rule), \(place))".withoutControls
    }
}
