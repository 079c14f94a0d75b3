/// A report that a gate can be asked about.
package protocol GateSource: Encodable {
    /// What rules about scenarios are of; empty for a report without any.
    var gateScenarios: [GateScenario] { get }
    /// The report as JUnit XML with what a gate says of scenarios, by name, and of the whole report, by rule.
    func junit(outcomes: [String: GateOutcome], gates: [(name: String, outcome: GateOutcome)]) -> String
}

/// What a gate has to know of a scenario.
package struct GateScenario: Sendable {
    package let name: String
    package let kind: String?
    /// Whether it has no numbers.
    package let isFailed: Bool
    /// Why.
    package let error: String?
    /// Whether nothing can be measured in its run, whatever its numbers are.
    package let hasNoChannel: Bool
    /// What the report's JSON has of it.
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
