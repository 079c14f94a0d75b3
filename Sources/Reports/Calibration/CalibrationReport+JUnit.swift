extension CalibrationReport {
    /// JUnit XML with a test case for each set. A set that failed is an error. If a gate was checked, its outcome decides; otherwise a set
    /// whose gap is not resolved is skipped, and nothing counts as a failure.
    package func junit(outcomes: [String: GateOutcome] = [:], gates: [(name: String, outcome: GateOutcome)] = []) -> String {
        let cases =
            gateSets.map { set -> JUnitCase in
                let kind = set.kind ?? "set"
                if set.status != "ok" || set.gap == nil {
                    if case .inconclusive? = outcomes[set.name], let outcome = outcomes[set.name] {
                        return JUnitCase(name: set.name, kind: kind, outcome: outcome)
                    }
                    return JUnitCase(
                        name: set.name, kind: kind,
                        error: set.error ?? Report.Failure(code: "no_confidences", message: "the set has no confidences"))
                }
                return JUnitCase(name: set.name, kind: kind, outcome: outcomes[set.name] ?? Self.ownOutcome(set))
            } + gates.map { JUnitCase(name: $0.name, kind: "policy", outcome: $0.outcome) }
        let properties = [
            ("emi.version", tool.version), ("emi.report", kind), ("emi.bins", "\(settings.bins)"), ("emi.seed", "\(settings.seed)"),
            ("emi.id", id.name),
        ]
        return junitSuite(
            name: "emi calibrate \(id.name)", properties: properties, cases: cases, output: verdicts,
            errors: notes.map { "note (\($0.code)): \($0.text)" })
    }

    /// The sets to which rules apply: the shifted ones, or the only one.
    var gateSets: [Set] { scenarios.isEmpty ? [id] : scenarios }

    private static func ownOutcome(_ set: Set) -> GateOutcome {
        guard let gap = set.gap, let ends = gap.interval else { return .inconclusive("the gap has no error estimate") }
        return ends[0] <= 0 && ends[1] >= 0
            ? .inconclusive("no gap between confidence and accuracy is resolved, \(Numbers.decimal(gap.value)) \(Numbers.interval(ends))")
            : .passed
    }
}
