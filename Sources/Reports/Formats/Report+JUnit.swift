import Studies

extension Report {
    /// The report as JUnit XML, in the part of the format that Ant's and Jenkins's schemas share: one test case a scenario.
    ///
    /// A scenario without results is an error, or skipped if a gate lets it pass. If a gate has judged a scenario, the gate's outcome
    /// decides. Otherwise a gap without an interval, or whose interval holds 0, is skipped as inconclusive, and nothing is a failure.
    ///
    /// - Parameter gates: the outcome of each rule about the whole report; each becomes a test case.
    package func junit(outcomes: [String: GateOutcome] = [:], gates: [(name: String, outcome: GateOutcome)] = []) -> String {
        let cases =
            scenarios.map { JUnitCase($0, outcome: outcomes[$0.name], settings: settings) }
            + gates.map { JUnitCase(name: $0.name, kind: "policy", outcome: $0.outcome) }
        let properties = [
            ("emi.version", tool.version), ("emi.estimator", settings.estimator), ("emi.bound", settings.boundName),
            ("emi.units", settings.units.rawValue), ("emi.seed", "\(settings.seed)"), ("emi.id", id.name),
        ]
        return junitSuite(
            name: "emi \(id.name)", properties: properties, cases: cases, output: verdicts,
            errors: notes.map { "note (\($0.code)): \($0.text)" })
    }
}

extension AttributionReport {
    /// The outcome of a gate as JUnit XML, with one test case for each rule.
    package func junit(outcomes: [String: GateOutcome], gates: [(name: String, outcome: GateOutcome)]) -> String {
        junitSuite(
            name: "emi attribute \(pairs.name)",
            properties: [("emi.version", tool.version), ("emi.pairs", pairs.name), ("emi.seed", "\(settings.seed)")],
            cases: gates.map { JUnitCase(name: $0.name, kind: "policy", outcome: $0.outcome) }, output: verdicts,
            errors: notes.map { "note (\($0.code)): \($0.text)" })
    }
}

/// A suite of test cases as JUnit XML.
///
/// The schemas ask for a duration, a host and a date. A report has none of them, so that the same report gives the same bytes.
func junitSuite(
    name: String, properties: [(String, String)], cases: [JUnitCase], output: [String], errors: [String]
) -> String {
    let counts =
        "tests=\"\(cases.count)\" failures=\"\(cases.count { $0.isFailure })\" errors=\"\(cases.count { $0.isError })\" "
        + "skipped=\"\(cases.count { $0.isSkipped })\" time=\"0\""
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        + "<testsuite name=\"\(xml(name))\" timestamp=\"1970-01-01T00:00:00\" hostname=\"localhost\" \(counts)>\n"
        + "  <properties>\n"
        + properties.map { "    <property name=\"\($0)\" value=\"\(xml($1))\"/>\n" }.joined()
        + "  </properties>\n" + cases.map(\.text).joined()
        + "  <system-out>" + output.map { xml($0) + "\n" }.joined() + "</system-out>\n"
        + "  <system-err>" + errors.map { xml($0) + "\n" }.joined() + "</system-err>\n"
        + "</testsuite>\n"
}

/// The test case of one scenario, set or rule.
struct JUnitCase {
    var isFailure = false
    var isError = false
    var isSkipped = false
    let text: String

    init(_ scenario: Report.Scenario, outcome: GateOutcome?, settings: StudySettings) {
        let kind = scenario.kind ?? "scenario"
        if scenario.status != "ok" || scenario.emid == nil {
            if case .inconclusive? = outcome, let outcome {
                self.init(name: scenario.name, kind: kind, outcome: outcome)
                return
            }
            let error = scenario.error ?? Report.Failure(code: "no_gap", message: "the report has no gap for this scenario")
            self.init(name: scenario.name, kind: kind, error: error)
        } else {
            self.init(name: scenario.name, kind: kind, outcome: outcome ?? Self.ownOutcome(scenario, settings))
        }
    }

    /// The test case of something that could not be measured.
    init(name: String, kind: String, error: Report.Failure) {
        self.init(
            name: name, kind: kind, body: "<error type=\"\(xml(error.code))\" message=\"\(xml(error.message))\"/>")
        isError = true
    }

    init(name: String, kind: String, outcome: GateOutcome) {
        switch outcome {
        case .passed: self.init(name: name, kind: kind, body: "")
        case .failed(let sentence):
            self.init(name: name, kind: kind, body: "<failure type=\"policy\" message=\"\(xml(sentence))\"/>")
            isFailure = true
        case .inconclusive(let sentence):
            self.init(name: name, kind: kind, body: "<skipped message=\"\(xml(sentence))\"/>")
            isSkipped = true
        }
    }

    private init(name: String, kind: String, body: String) {
        let place = "name=\"\(xml(name))\" classname=\"\(xml("emi." + kind))\" time=\"0\""
        text = body.isEmpty ? "  <testcase \(place)/>\n" : "  <testcase \(place)>\n    \(body)\n  </testcase>\n"
    }

    private static func ownOutcome(_ scenario: Report.Scenario, _ settings: StudySettings) -> GateOutcome {
        guard let ends = scenario.emid?.interval, ends.count == 2 else { return .inconclusive("the gap has no error estimate") }
        return ends[0] <= 0 && ends[1] >= 0
            ? .inconclusive(Verdict.sentence(scenario, settings: settings)) : .passed
    }
}

/// A text inside XML, in an attribute or between tags; characters that XML cannot hold are shown as U+FFFD.
private func xml(_ text: String) -> String {
    let scalars = text.withoutControls.unicodeScalars.map { $0.value & 0xFFFE == 0xFFFE ? "\u{FFFD}" : $0 }
    let allowed = String(String.UnicodeScalarView(scalars))
    return allowed.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        .replacing("\"", with: "&quot;")
}
