import Foundation
import Statistics
import Studies
import Testing

@testable import Reports

/// Scenarios a (lost 0.4, resolved), b (0.1, not resolved), c (kind text, gained 0.3, no interval), d (failed).
private func gateReport() throws -> Report {
    var report = try savedReport()
    let model = report.scenarios[0]
    func scenario(_ name: String, _ kind: String, _ value: Double, _ reach: Double?) -> Report.Scenario {
        var scenario = model
        (scenario.name, scenario.kind) = (name, kind)
        scenario.emid = Report.Gap(
            value: value, standardError: reach.map { $0 / 2 }, interval: reach.map { [value - $0, value + $0] })
        return scenario
    }
    report.scenarios = [scenario("a_1", "visual", 0.4, 0.2), scenario("b_1", "visual", 0.1, 0.2), scenario("c", "text", -0.3, nil)]
    report.summary.scenarioCount = 3
    report.summary.failedCount = 0
    return report
}

private func withFailure() throws -> Report {
    var report = try gateReport()
    report.scenarios.append(
        Report.Scenario(name: "d", status: "failed", error: .init(code: "missing_file", message: "no d.npz"), warnings: []))
    report.summary.scenarioCount = 4
    report.summary.failedCount = 1
    return report
}

private func policy(_ rules: String, _ top: String = "", hasBaseline: Bool = false) throws -> GatePolicy {
    try GatePolicy(yaml: "version: 1\n\(top)rules:\n\(rules)", path: "p.yaml", hasBaseline: hasBaseline)
}

struct GateCase: Sendable, CustomTestStringConvertible {
    let rule: String
    var top = ""
    var hasFailure = false
    let verdict: GateReport.Verdict
    /// `scenario outcome level` of every finding.
    let findings: [String]

    init(_ rule: String, _ verdict: GateReport.Verdict, _ findings: [String], top: String = "", hasFailure: Bool = false) {
        (self.rule, self.top, self.hasFailure, self.verdict, self.findings) = (rule, top, hasFailure, verdict, findings)
    }

    var testDescription: String { rule + " " + top + (hasFailure ? " (a scenario failed)" : "") }
}

@Suite struct GateTests {
    @Test(arguments: [
        // What holds passes; what is broken fails or warns; c has no interval, so that its value decides.
        GateCase("- fail_if: emid.value > 5", .pass, []),
        GateCase("- fail_if: emid.value > 0.1999", .fail, ["a_1 fail fail", "b_1 inconclusive warn"]),
        GateCase("- warn_if: emid.value > 0.1999", .pass, ["a_1 fail warn", "b_1 inconclusive warn"]),
        GateCase("- fail_if: emid.value < -0.2", .fail, ["c fail fail"]),
        GateCase("- {fail_if: emid.interval_low > 0.05, missing: ignore}", .fail, ["a_1 fail fail"]),
        GateCase("- {fail_if: emid.interval_high <= 0.3001, missing: ignore}", .fail, ["b_1 fail fail"]),
        // An interval on both sides of the threshold.
        GateCase("- {fail_if: emid.value >= 0.5, kind: visual}", .pass, ["a_1 inconclusive warn"]),
        GateCase("- {fail_if: emid.value >= 0.5, kind: visual}", .fail, ["a_1 inconclusive fail"], top: "on_inconclusive: fail\n"),
        GateCase("- {fail_if: emid.value >= 0.5, kind: visual}", .pass, ["a_1 inconclusive pass"], top: "on_inconclusive: pass\n"),
        GateCase("- {warn_if: emid.value >= 0.5, kind: visual}", .pass, ["a_1 inconclusive warn"], top: "on_inconclusive: fail\n"),
        GateCase("- {fail_if: emid.value >= 0.5, scenario: 'a*', on_inconclusive: fail}", .fail, ["a_1 inconclusive fail"]),
        // Equality looks at the value.
        GateCase("- {fail_if: emid.value == 0.4, scenario: '?_1'}", .fail, ["a_1 fail fail"]),
        // A field that is not there.
        GateCase("- fail_if: emid.interval_low > 0.9", .fail, ["c missing fail"]),
        GateCase("- warn_if: emid.interval_low > 0.9", .pass, ["c missing warn"]),
        GateCase("- {fail_if: emid.interval_low > 0.9, missing: ignore}", .pass, []),
        GateCase("- {fail_if: discrepancies.visaul.excess > 0.9, kind: text}", .fail, ["c missing fail"]),
        GateCase("- {fail_if: discrepancies.visual.excess > 0.05, kind: text}", .fail, ["c fail fail"]),
        // Nothing that a rule is about.
        GateCase("- {fail_if: emid.value > 5, kind: visaul}", .fail, ["- missing fail"]),
        GateCase("- {fail_if: emid.value > 5, scenario: 'x*', missing: ignore}", .pass, []),
        // Truths and texts.
        GateCase("- {fail_if: bound.holds == true, kind: text}", .fail, ["c fail fail"]),
        GateCase("- {fail_if: bound.holds != true, kind: text}", .pass, []),
        GateCase("- {fail_if: bound.form != channel, kind: text}", .pass, []),
        GateCase("- {fail_if: bound.guarantee == 'plug-in', kind: text}", .fail, ["c fail fail"]),
        // The whole report.
        GateCase("- fail_if: summary.scenario_count < 4", .fail, ["- fail fail"]),
        GateCase("- fail_if: settings.confidence < 0.9", .pass, []),
        GateCase("- fail_if: id.emi.value > -0.2", .pass, ["- inconclusive warn"]),
        GateCase("- fail_if: summary.by_kind.joint.count == 12", .fail, ["- fail fail"]),
        GateCase("- fail_if: summary.by_kind.nothing.count == 12", .fail, ["- missing fail"]),
        // Scenarios that failed.
        GateCase("- fail_if: emid.value > 5", .fail, ["d missing fail"], hasFailure: true),
        GateCase("- fail_if: emid.value > 5", .pass, ["d missing warn"], top: "failed_scenarios: warn\n", hasFailure: true),
        GateCase("- fail_if: emid.value > 5", .pass, ["d missing pass"], top: "failed_scenarios: ignore\n", hasFailure: true),
        GateCase(
            "- fail_if: summary.failed_count > 0", .fail, ["d missing pass", "- fail fail"], top: "failed_scenarios: ignore\n",
            hasFailure: true),
    ]) func aRuleHasItsOutcome(_ row: GateCase) throws {
        let report = try row.hasFailure ? withFailure() : gateReport()
        let gate = try Gate.check(report, name: "r.json", against: policy(row.rule, row.top))
        #expect(gate.findings.map { "\($0.scenario ?? "-") \($0.outcome.rawValue) \($0.level.rawValue)" } == row.findings)
        #expect(gate.verdict == row.verdict && gate.exitCode == (row.verdict == .pass ? 0 : 1))
        // Every form says the same.
        let text = gate.text
        #expect(text.split(separator: "\n").last == Substring(gate.verdictLine) && text.contains("verdict: \(row.verdict.rawValue) ("))
        #expect(gate.markdown().hasPrefix("### emi check: \(row.verdict.rawValue)\n"))
        let json = try FieldValue(json: gate.rendered(.json, of: report))
        #expect(json["verdict"] == .text(row.verdict.rawValue) && json["exit_code"] == .number(Double(gate.exitCode)))
        let junit = try gate.rendered(.junit, of: report)
        #expect((junit.contains("<failure") || junit.contains("<error")) == (row.verdict == .fail), "\(junit)")
    }

    @Test func sentencesSayWhatAndWhere() throws {
        let gate = try Gate.check(
            withFailure(), name: "r.json",
            against: policy(
                "- fail_if: emid.value > 0.1999\n- {fail_if: discrepancies.visaul.excess > 0.9, kind: text}\n"
                    + "- {fail_if: emid.value > 5, kind: visaul, name: seen}"))
        #expect(
            gate.text == """
                fail: d: the scenario failed and has no numbers: no d.npz
                fail: a_1: emid.value is 0.4 [0.2, 0.6], above 0.1999 (emid.value > 0.1999, p.yaml:3)
                warn (inconclusive): b_1: emid.value is 0.1 [-0.1, 0.3]: the interval leaves open whether it is above 0.1999 (emid.value > 0.1999, p.yaml:3)
                fail: c: expected discrepancies.visaul.excess, found none: discrepancies has joint, output_id, output_ood, text, visual; did you mean 'visual'? (discrepancies.visaul.excess > 0.9, p.yaml:4)
                fail: expected a scenario of kind 'visaul', found none; did you mean 'visual'? (seen, p.yaml:5)
                verdict: fail (4 failures, 1 warning, 1 inconclusive; 5 checks of 3 rules on 4 scenarios)

                """)
    }

    @Test func everyMistakeOfAPolicyIsTold() throws {
        let text = """
            version: 2
            failed_scenario: warn
            on_inconclusive: wran
            rules:
              - fail_if: emid.interval_lo > 0.05
              - fail_if: emid.value => 0.05
              - warn_if: emid.value > much
                severity: fail
              - fail_if: bound.holds > true
              - fail_if: emid.value > 1
                warn_if: emid.value > 0
              - name: nothing
              - fail_if: summary.failed_count > 0
                kind: visual
              - fail_if: change.emid.value > 0
              - fail_if: frightening
              - fail_if: emid > 0
              - emid.value > 0
              - fail_if:
              - fail_if: emid.value > nan
            """
        do {
            _ = try GatePolicy(yaml: text, path: "p.yaml", hasBaseline: false)
            Issue.record("the policy was read")
        } catch let error as RunError {
            #expect(error.code == "bad_policy" && error.hint == PolicyFile.hint)
            let lines = error.message.split(separator: "\n").map(String.init)
            let expected = [
                "p.yaml:1: version: expected 1, the only one there is, found '2'",
                "p.yaml:2: expected one of the keys version, failed_scenarios, on_inconclusive, rules, found 'failed_scenario'; did you mean 'failed_scenarios'?",
                "p.yaml:3: on_inconclusive: expected one of pass, warn, fail, found 'wran'; did you mean 'warn'?",
                "p.yaml:5: expected a field of the report ('emi schema' lists them), found 'emid.interval_lo'; did you mean 'emid.interval_low'?",
                "p.yaml:6: expected one of < <= > >= == !=, found '=>' in 'emid.value => 0.05'",
                "p.yaml:7: expected a number after 'emid.value >', found 'much'",
                "p.yaml:8: rules[2]: expected one of the keys fail_if, warn_if, name, kind, scenario, missing, on_inconclusive, found 'severity'",
                "p.yaml:9: expected == or != for 'bound.holds', which holds true or false, found '>'",
                "p.yaml:10: rules[4]: expected one of fail_if and warn_if, found both",
                "p.yaml:12: rules[5]: expected one of fail_if and warn_if, found neither",
                "p.yaml:13: 'summary.failed_count > 0': expected no kind and no scenario, for it is about the whole report, found 'visual'",
                "p.yaml:15: 'change.emid.value > 0': expected --baseline REPORT to compare with, found none",
                "p.yaml:16: expected FIELD COMPARISON VALUE, such as 'emid.interval_low > 0.05', found 'frightening'",
                "p.yaml:17: expected a field of the report ('emi schema' lists them), found 'emid'",
                "p.yaml:18: rules[10]: expected a mapping with fail_if or warn_if, found 'emid.value > 0'",
                "p.yaml:19: rules[11].fail_if: expected a condition, found nothing",
                "p.yaml:20: expected a number after 'emid.value >', found 'nan'",
            ]
            #expect(lines.count == expected.count)
            for (line, wanted) in zip(lines, expected) { #expect(line == wanted || line.hasPrefix(wanted + ";")) }
        }
    }

    @Test(arguments: ["", "[]", "rules: [", "version: 1", "version: 1\nrules: []", "version: 1\nrules: 3", "rules: [{fail_if: [1]}]"])
    func whatIsNoPolicyIsRefused(_ text: String) {
        #expect(throws: RunError.self) { try GatePolicy(yaml: text, path: "p.yaml", hasBaseline: true) }
    }

    @Test func aChangeIsHeldAgainstAnEarlierReport() throws {
        let new = try gateReport()
        var old = new
        old.scenarios[0].emid = Report.Gap(value: 0.1, standardError: 0.3, interval: [-0.5, 0.7])
        old.scenarios[1].emid = Report.Gap(value: -0.9, standardError: 0.1, interval: [-1.1, -0.7])
        old.scenarios[2].name = "gone"
        let rules = try policy(
            "- fail_if: change.emid.value > 0.2\n- {warn_if: change.emid.p_value < 0.01, missing: ignore}", hasBaseline: true)
        let gate = try Gate.check(new, name: "n", against: rules, baseline: (old, "o"))
        #expect(
            gate.findings.map { "\($0.scenario ?? "-") \($0.outcome.rawValue) \($0.level.rawValue)" }
                == ["gone missing warn", "a_1 inconclusive warn", "b_1 fail fail", "c missing fail", "b_1 fail warn"])
        // 0.4 - 0.1 with sqrt(0.1² + 0.3²) and t(0.975, 29) = 2.045229642132703 (scipy.stats.t.ppf).
        let interval = try #require(gate.findings[1].interval)
        let reach = 2.045229642132703 * 0.1.squareRoot()
        #expect(abs(interval[0] - (0.3 - reach)) < 1e-12 && abs(interval[1] - (0.3 + reach)) < 1e-12)
        #expect(gate.findings[3].message == "expected change.emid.value, found none: the baseline has no scenario of this name")
        #expect(gate.notes.isEmpty)
        var other = old
        other.settings.estimator = "gaussian"
        #expect(try Gate.check(new, name: "n", against: rules, baseline: (other, "o")).notes.count == 1)
        other.settings.units = .bits
        #expect(throws: RunError.self) { try Gate.check(new, name: "n", against: rules, baseline: (other, "o")) }
        // A report does not differ from itself.
        let same = try Gate.check(
            new, name: "n", against: policy("- fail_if: change.emi.value != 0", hasBaseline: true), baseline: (new, "n"))
        #expect(same.verdict == .pass && same.counts.checks == 3)
    }

    @Test func namesAreText() throws {
        let report = try syntheticReport(count: hostileTexts.count, names: hostileTexts)
        let gate = try Gate.check(report, name: hostileTexts[0], against: policy("- fail_if: emid.value < 99"))
        #expect(!gate.text.contains("\u{1B}") && !gate.text.contains("\u{202E}") && !gate.markdown().contains("<script>"))
        #expect(try !gate.rendered(.junit, of: report).contains("<script>"))
        #expect(gate.markdown(byteLimit: 4096).utf8.count < 4096)
    }

    @Test func everyNumberOfAReportIsAField() throws {
        // What the fields of the schema name is what a report holds: a path that one of them lacks could never be gated on.
        guard case .object(let scenario)? = try FieldValue(json: savedReport().json())[path: ["scenarios", "frost_1"]] else {
            Issue.record("no scenario")
            return
        }
        func check(_ value: FieldValue, _ path: [String]) {
            switch value {
            case .object(let members): for (name, member) in members { check(member, path + [name]) }
            case .list: break
            default: #expect(ReportFields.all.content(of: path) != nil, "\(path)")
            }
        }
        check(.object(scenario), [])
        #expect(ReportFields.all.content(of: ["emid", "interval_low"]) == .number)
    }

    @Test func theJSONIsAsItsSchemaSays() throws {
        let schema = try JSONSchema(PublishedSchema.check.text)
        let report = try withFailure()
        var old = report
        old.scenarios[0].name = "gone"
        let rules = try policy(
            "- fail_if: emid.value > 0.2\n- warn_if: bound.holds == false\n- fail_if: summary.failed_count > 0\n"
                + "- fail_if: change.emid.value > 0.2\n- {fail_if: emid.value > 0.15, on_inconclusive: pass}\n"
                + "- {warn_if: emid.p_value < 2, kind: nothing}",
            hasBaseline: true)
        let gate = try Gate.check(report, name: "n", against: rules, baseline: (old, "o"))
        #expect(Set(gate.findings.map(\.outcome)) == [.fail, .inconclusive, .missing])
        #expect(Set(gate.findings.map(\.level)) == [.fail, .warn, .pass])
        #expect(try schema.problems(in: gate.rendered(.json, of: report)) == [])
        let passed = try Gate.check(gateReport(), name: "n", against: policy("- fail_if: emid.value > 5"))
        #expect(try schema.problems(in: passed.rendered(.json, of: report)) == [])
        let text = try gate.rendered(.json, of: report)
        for (good, bad) in [("\"exit_code\" : 1", "\"exit_code\" : 3"), ("\"inconclusive\",", "\"open\","), ("\"message\"", "\"text\"")] {
            #expect(text.contains(good), "\(good)")
            #expect(try schema.problems(in: text.replacing(good, with: bad)) != [], "\(bad)")
        }
    }

    @Test func fieldsAreThoseOfTheJSON() throws {
        // The detour over the text is the oracle.
        var report = try withFailure()
        report.scenarios[0].discrepancies?["myModality"] = Report.Discrepancy(jsd: 0.5)
        report.scenarios[0].bound?.terms["myModality"] = 0.25
        report.settings.seed = 12_345
        let expected = try FieldValue(json: report.json())
        #expect(try FieldValue(report) == expected)
        #expect(expected[path: ["scenarios", "a_1", "discrepancies", "myModality", "jsd"]] == .number(0.5))
        let part = try FieldValue(report.scenarios[0], parts: ["emid", "status"])
        guard case .object(let members) = part else {
            Issue.record("no object")
            return
        }
        #expect(Set(members.keys) == ["emid", "status"] && part[path: ["emid", "interval_low"]] == .number(0.2))
        report.scenarios[0].emid?.value = .nan
        #expect(throws: EncodingError.self) { try FieldValue(report) }
    }
}
