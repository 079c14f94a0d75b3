/// A report whose scenarios a gate speaks of.
package protocol GateSource {
    /// What rules are about.
    var gateScenarios: [GateScenario] { get }
    /// The report as JUnit XML with what a gate says of scenarios, by name, and of the whole report.
    func junit(outcomes: [String: GateOutcome], gates: [(name: String, outcome: GateOutcome)]) -> String
}

/// What a gate has to know of a scenario beside its fields.
package struct GateScenario: Sendable {
    package let name: String
    package let kind: String?
    /// Whether it has no numbers.
    package let isFailed: Bool
    /// Why.
    package let error: String?

    init(_ scenario: Report.Scenario) {
        (name, kind) = (scenario.name, scenario.kind)
        isFailed = scenario.status != "ok"
        error = scenario.error?.message
    }

    init(_ set: CalibrationReport.Set) {
        (name, kind) = (set.name, set.kind)
        isFailed = set.status != "ok"
        error = set.error?.message
    }
}

extension Report: GateSource {
    package var gateScenarios: [GateScenario] { scenarios.map { GateScenario($0) } }
}

extension CalibrationReport: GateSource {
    package var gateScenarios: [GateScenario] { gateSets.map { GateScenario($0) } }
}
