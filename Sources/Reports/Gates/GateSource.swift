/// A report that a gate can check.
package protocol GateSource: Encodable {
    /// The scenarios to which rules apply; empty for a report without scenarios.
    var gateScenarios: [GateScenario] { get }
    /// The report as JUnit XML, with the gate's outcomes for scenarios, by name, and for the whole report, by rule.
    func junit(outcomes: [String: GateOutcome], gates: [(name: String, outcome: GateOutcome)]) -> String
}

/// What a gate needs to know about a scenario.
package struct GateScenario: Sendable {
    package let name: String
    package let kind: String?
    /// Whether the scenario has no results.
    package let isFailed: Bool
    /// The reason why it has none.
    package let error: String?
    /// Whether its run allows no measurement, whatever its numbers are.
    package let hasNoChannel: Bool
    /// The scenario as the report's JSON has it.
    let content: any Encodable & Sendable

    init(_ scenario: Report.Scenario) {
        (name, kind, content) = (scenario.name, scenario.kind, scenario)
        isFailed = scenario.status != "ok"
        error = scenario.error?.message
        hasNoChannel = scenario.hasNoChannel
    }

    init(_ set: CalibrationReport.Set) {
        (name, kind, content) = (set.name, set.kind, set)
        isFailed = set.status != "ok"
        error = set.error?.message
        hasNoChannel = false
    }
}

extension Report: GateSource {
    package var gateScenarios: [GateScenario] { scenarios.map { GateScenario($0) } }
}

extension CalibrationReport: GateSource {
    package var gateScenarios: [GateScenario] { gateSets.map { GateScenario($0) } }
}

extension AttributionReport: GateSource {
    package var gateScenarios: [GateScenario] { [] }
}
