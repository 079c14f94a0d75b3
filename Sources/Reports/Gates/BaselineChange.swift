import Studies

/// How scenarios differ from those with the same names in an earlier report, as `RunDifference` computes it.
struct BaselineChange {
    let report: Report
    let baseline: Report
    private let earlier: [String: Report.Scenario]

    /// The differences row by row, by scenario; empty if rows were not kept or cannot be compared.
    private let paired: [String: ComparisonReport.Scenario]
    /// How the reports were compared if rows were kept; nil otherwise.
    let pairing: String?

    /// - Parameter rows: the rows beside both reports.
    /// - Throws: `RunError` if the reports have different units, or if rows do not belong to their report.
    init(
        report: Report, name: String, baseline: (report: Report, name: String), rows: (own: RowsFile, baseline: RowsFile)? = nil
    ) throws {
        guard report.settings.units == baseline.report.settings.units else {
            throw RunError(
                code: "baseline_units",
                message: "the baseline: expected values in \(report.settings.units), found \(baseline.report.settings.units)"
                    .withoutControls,
                hint: "run both with the same --units")
        }
        self.report = report
        self.baseline = baseline.report
        earlier = Dictionary(baseline.report.scenarios.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        guard let rows else {
            (paired, pairing) = ([:], nil)
            return
        }
        let runs = (
            try ComparedRun(baseline.report, name: baseline.name, rows: rows.baseline),
            try ComparedRun(report, name: name, rows: rows.own)
        )
        guard let comparison = try? ComparisonReport(runs.0, runs.1) else {
            (paired, pairing) = ([:], nil)
            return
        }
        paired = Dictionary(comparison.scenarios.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        pairing =
            comparison.pairing.kind == "rows"
            ? "changes are rows against rows in \(comparison.pairing.scenarios) scenarios"
            : comparison.pairing.reason.map { "changes are not row by row: \($0)" }
    }

    /// The changes of a scenario as fields for rules; nil if the baseline has no results for it.
    func fields(of scenario: Report.Scenario) -> FieldValue? {
        guard let old = earlier[scenario.name], old.status == "ok" else { return nil }
        let groups = [scenario.groupCount, old.groupCount, report.id.groupCount, baseline.id.groupCount].compactMap { $0 }
        var members: [String: FieldValue] = [:]
        if let new = scenario.emid, let old = old.emid {
            members["emid"] =
                paired[scenario.name]?.emid.map { fields(of: $0.difference) }
                ?? change(new.value, new.standardError, old.value, old.standardError, groups)
        }
        if let new = scenario.emi, let old = old.emi {
            members["emi"] =
                paired[scenario.name]?.emi.map { fields(of: $0.difference) }
                ?? change(new.value, new.standardError, old.value, old.standardError, groups)
        }
        return .object(members)
    }

    /// The reason why a scenario has no change.
    func absence(of name: String) -> String {
        earlier[name] == nil ? "the baseline has no scenario of this name" : "the scenario has no such value in both reports"
    }

    /// The scenarios that only the baseline has.
    var lost: [String] {
        let names = Set(report.scenarios.map(\.name))
        return baseline.scenarios.map(\.name).filter { !names.contains($0) }
    }

    /// The differences of settings that make the reports hard to compare.
    var differingSettings: [String] { report.settings.differences(from: baseline.settings) }

    private func change(_ new: Double, _ newError: Double?, _ old: Double, _ oldError: Double?, _ groups: [Int]) -> FieldValue {
        fields(
            of: RunDifference(from: (old, oldError), to: (new, newError), groupCounts: groups, confidence: report.settings.confidence))
    }

    private func fields(of difference: RunDifference) -> FieldValue {
        var members: [String: FieldValue] = ["value": .number(difference.value)]
        members["standard_error"] = difference.standardError.map(FieldValue.number)
        members["interval"] = difference.interval.map { .list($0.map(FieldValue.number)) }
        members["p_value"] = difference.pValue.map(FieldValue.number)
        return .object(members)
    }
}
