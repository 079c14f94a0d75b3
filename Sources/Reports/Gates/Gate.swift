import Foundation
import Statistics
import Studies

/// Checks a report against a policy.
package struct Gate {
    private let policy: GatePolicy
    private let change: BaselineChange?
    /// What the rules are about, as the report's JSON shows it; scenarios with their changes.
    private let document: FieldValue
    private let scenarios: [(scenario: GateScenario, fields: FieldValue)]
    private var result: GateReport

    /// Checks a report against a policy.
    ///
    /// - Parameters:
    ///   - name: the name of the report in messages.
    ///   - baseline: an earlier report and its name.
    ///   - rows: the rows beside both reports.
    /// - Throws: `RunError` if the baseline cannot be compared, `EncodingError` for a report that holds a number that is not finite.
    package static func check(
        _ report: Report, name: String, against policy: GatePolicy, baseline: (report: Report, name: String)? = nil,
        rows: (own: RowsFile, baseline: RowsFile)? = nil
    ) throws -> GateReport {
        let change = try baseline.map { try BaselineChange(report: report, name: name, baseline: $0, rows: rows) }
        var gate = try Gate(report, name: name, policy: policy, change: change, baseline: baseline?.name)
        return gate.checked()
    }

    /// Checks a report of another sort. An attribution has no scenarios, so its rules concern only its own parts.
    ///
    /// - Throws: `EncodingError` for a report that holds a number that is not finite.
    package static func check(_ report: some GateSource, name: String, against policy: GatePolicy) throws -> GateReport {
        var gate = try Gate(report, name: name, policy: policy, change: nil, baseline: nil)
        return gate.checked()
    }

    private init(_ report: some GateSource, name: String, policy: GatePolicy, change: BaselineChange?, baseline: String?) throws {
        self.policy = policy
        self.change = change
        // Only the parts that rules mention are encoded, because a report can be large.
        let parts = Set(policy.rules.map { $0.condition.path[0] })
        document = try FieldValue(report, parts: parts.intersection(ReportFields.reportParts))
        let changes = change.map { change in change.report.scenarios.map { change.fields(of: $0) } }
        scenarios = try report.gateScenarios.enumerated().map { place, scenario in
            let fields = try FieldValue(scenario.content, parts: parts)
            guard let changes, case .object(var members) = fields else { return (scenario, fields) }
            members["change"] = changes[place]
            return (scenario, .object(members))
        }
        var counts = GateReport.Counts()
        counts.scenarios = scenarios.count
        result = GateReport(
            verdict: .fail, report: name, baseline: baseline, counts: counts,
            rules: policy.rules.map { rule in
                GateReport.Rule(
                    name: rule.name ?? rule.condition.text, condition: rule.condition.text, place: rule.place, severity: rule.severity)
            },
            findings: [],
            notes: (change?.differingSettings.map { "the reports were not made alike: \($0)" } ?? [])
                + [differentFits(change?.report.id.fit, change?.baseline.id.fit)].compactMap { $0 }
                + (change?.pairing.map { [$0] } ?? []))
    }

    private mutating func checked() -> GateReport {
        checkNumbersExist()
        for index in policy.rules.indices { check(policy.rules[index], index: index) }
        result.counts.failures = result.findings.count { $0.level == .fail }
        result.counts.warnings = result.findings.count { $0.level == .warn }
        result.verdict = result.counts.failures > 0 ? .fail : .pass
        return result
    }

    private mutating func checkNumbersExist() {
        if scenarios.contains(where: \.scenario.hasNoChannel) {
            result.findings.append(
                .init(
                    scenario: nil, outcome: .missing, level: .fail,
                    message: "no set's responses tell anything of the references: EMI cannot be measured, and no rule can pass on it"))
        }
        for (scenario, _) in scenarios where scenario.isFailed {
            let reason = scenario.error.map { ": \($0)" } ?? ""
            result.findings.append(
                .init(
                    scenario: scenario.name, outcome: .missing, level: policy.failedScenarios,
                    message: "the scenario failed and has no numbers\(reason)"))
        }
        for name in change?.lost ?? [] {
            result.findings.append(
                .init(scenario: name, outcome: .missing, level: .warn, message: "the baseline has this scenario, the report does not"))
        }
    }

    private mutating func check(_ rule: GatePolicy.Rule, index: Int) {
        if rule.condition.isAboutReport {
            return check(rule, index: index, fields: document, scenario: nil)
        }
        let chosen = scenarios.filter { scenario, _ in
            (rule.kind == nil || rule.kind == scenario.kind) && (rule.scenario.map { Gate.matches(scenario.name, $0) } ?? true)
        }
        // A rule that applies to no scenario could never fail, and a misspelt pattern would open the gate.
        if chosen.isEmpty, !rule.ignoresMissing {
            let choice = [rule.kind.map { "kind '\($0)'" }, rule.scenario.map { "name '\($0)'" }].compactMap { $0 }
            let kinds = Set(scenarios.compactMap(\.scenario.kind)).sorted()
            let suggestion =
                rule.kind.flatMap { kinds.contains($0) ? nil : nearestName(to: $0, in: kinds) }
                .map { "; did you mean '\($0)'?" } ?? ""
            let sentence = "expected a scenario\(choice.isEmpty ? "" : " of " + choice.joined(separator: " and ")), found none"
            add(.missing, rule, index: index, scenario: nil, sentence + suggestion)
        }
        for (scenario, fields) in chosen where !scenario.isFailed {
            check(rule, index: index, fields: fields, scenario: scenario.name)
        }
    }

    private mutating func check(_ rule: GatePolicy.Rule, index: Int, fields: FieldValue, scenario: String?) {
        let condition = rule.condition
        let field = condition.path.joined(separator: ".")
        guard let value = fields[path: condition.path], value != .nothing else {
            guard !rule.ignoresMissing else { return }
            return add(
                .missing, rule, index: index, scenario: scenario, "expected \(field), found none" + absence(condition, fields, scenario))
        }
        let limit = "\(condition.comparison.words) \(condition.threshold.shown)"
        let interval = condition.intervalPath.flatMap { fields[path: $0]?.interval }
        guard let interval else {
            return condition.holds(for: value)
                ? add(.fail, rule, index: index, scenario: scenario, "\(field) is \(value.shown), \(limit)", value)
                : pass(index)
        }
        let ends = "[\(FieldValue.number(interval.lowerBound).shown), \(FieldValue.number(interval.upperBound).shown)]"
        switch condition.holds(for: interval) {
        case true?: add(.fail, rule, index: index, scenario: scenario, "\(field) is \(value.shown) \(ends), \(limit)", value, interval)
        case false?: pass(index)
        case nil:
            add(
                .inconclusive, rule, index: index, scenario: scenario,
                "\(field) is \(value.shown) \(ends): the interval leaves open whether it is \(limit)", value, interval)
        }
    }

    /// What to say if a field does not exist.
    private func absence(_ condition: Condition, _ fields: FieldValue, _ scenario: String?) -> String {
        if condition.needsBaseline, fields[path: ["change"]] == nil { return ": " + (change?.absence(of: scenario ?? "") ?? "no baseline") }
        for length in condition.path.indices.reversed() {
            guard case .object(let members)? = fields[path: Array(condition.path[..<length])], length > 0, !members.isEmpty else {
                continue
            }
            let names = members.keys.sorted()
            let suggestion = nearestName(to: condition.path[length], in: names).map { "; did you mean '\($0)'?" } ?? ""
            return ": \(condition.path[..<length].joined(separator: ".")) has \(names.prefix(12).joined(separator: ", "))\(suggestion)"
        }
        return ""
    }

    private mutating func pass(_ index: Int) {
        result.counts.checks += 1
        result.rules[index].checks += 1
        result.rules[index].passed += 1
    }

    private mutating func add(
        _ outcome: GateReport.Outcome, _ rule: GatePolicy.Rule, index: Int, scenario: String?, _ message: String,
        _ value: FieldValue? = nil, _ interval: ClosedRange<Double>? = nil
    ) {
        result.counts.checks += 1
        result.rules[index].checks += 1
        var level = rule.severity
        if outcome == .inconclusive {
            result.rules[index].inconclusive += 1
            result.counts.inconclusive += 1
            // A rule that would only warn when broken must not fail when undecided.
            let wanted = rule.onInconclusive ?? policy.onInconclusive
            level = wanted == .fail ? rule.severity : wanted
        } else {
            result.rules[index].failed += 1
        }
        var number: Double?
        if case .number(let found)? = value { number = found }
        result.findings.append(
            .init(
                scenario: scenario, rule: rule.name ?? rule.condition.text, place: rule.place, outcome: outcome, level: level,
                message: message, value: number, interval: interval.map { [$0.lowerBound, $0.upperBound] }))
    }

    /// Whether a name matches a shell pattern.
    static func matches(_ name: String, _ pattern: String) -> Bool {
        unsafe fnmatch(pattern, name, 0) == 0
    }
}
