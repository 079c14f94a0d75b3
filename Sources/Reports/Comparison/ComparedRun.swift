import Statistics
import Studies

/// A run in a comparison: one of this program, possibly with its rows, or published numbers.
package struct ComparedRun: Sendable {
    /// The name of the run in the comparison.
    package var name: String
    /// `nats` or `bits`.
    let units: String
    /// The confidence level of the intervals.
    let confidence: Double
    /// The settings that decided the numbers; nil for published ones.
    let settings: StudySettings?
    /// The ID set.
    var id: ComparedSet
    /// The scenarios, in the order of the run.
    var scenarios: [ComparedSet]
    /// What the reader should know about this run.
    var notes: [String] = []
    /// Whether the file with the run's rows was read.
    let hasRows: Bool

    init(
        name: String, units: String, confidence: Double, settings: StudySettings?, id: ComparedSet,
        scenarios: [ComparedSet],
        notes: [String] = [], hasRows: Bool
    ) {
        (self.name, self.units, self.confidence, self.settings) = (name, units, confidence, settings)
        (self.id, self.scenarios, self.notes, self.hasRows) = (id, scenarios, notes, hasRows)
    }
}

/// One set of a compared run.
struct ComparedSet: Sendable {
    var name: String
    var kind: String?
    /// The number of the fit that judges the set; nil if unknown.
    var fit: String?
    /// Whether the set has results.
    var isMeasured = true
    var groupCount: Int?
    /// The values by measure (`ComparisonReport.measureNames`).
    var values: [String: ComparedValue] = [:]
    /// How far the queries are from those of the ID set; nil if unknown.
    var joint: Report.Discrepancy?
    /// The rows; nil if they were not kept.
    var rows: RowsFile.Rows?
}

/// A value with what is known about its error.
struct ComparedValue: Sendable, Equatable {
    var value: Double
    var standardError: Double?
    var interval: [Double]?
    /// The number of groups of references that the answers of both sets of a gap were compared with, if sets differ in size.
    var comparedGroups: Int?
}

extension ComparedRun {
    /// A run from a report of this program, with the rows beside it.
    ///
    /// - Throws: `RunError` if the rows do not belong to the report.
    package init(_ report: Report, name: String, rows: RowsFile? = nil) throws {
        let byName = Dictionary((rows?.sets ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var id = ComparedSet(report.id)
        // The ID set comes first, whatever its name is.
        id.rows = rows?.sets.first
        let scenarios = report.scenarios.map { scenario in
            var set = ComparedSet(scenario)
            set.rows = set.isMeasured ? byName[scenario.name] : nil
            return set
        }
        if let rows {
            for set in [id] + scenarios {
                guard let own = set.rows, let value = set.values["emi"]?.value else { continue }
                // The mean of the rows must agree, because they were written with all digits.
                guard rows.units == report.settings.units.rawValue, abs(own.emi - value) <= 1e-9 * max(1, abs(value))
                else {
                    throw RunError(
                        code: "rows_of_another_run",
                        message:
                            "\(name): expected rows of this run beside the report, found others (in set '\(set.name)')"
                            .withoutControls,
                        hint: "run it again with --keep-rows, or remove \(RowsFile.path(beside: name))".withoutControls)
                }
            }
        }
        self.init(
            name: name, units: report.settings.units.rawValue, confidence: report.settings.confidence,
            settings: report.settings,
            id: id, scenarios: scenarios, hasRows: rows != nil)
    }
}

extension ComparedSet {
    /// Whether the divergence of the queries from those of the ID set is the same to the last digit, which only that of the same queries is.
    func hasQueries(of other: ComparedSet) -> Bool {
        guard let joint, let other = other.joint else { return false }
        return joint.jsd == other.jsd && joint.excess == other.excess && joint.standardError == other.standardError
    }

    init(_ set: Report.SampleSet) {
        self.init(name: set.name, fit: set.fit, groupCount: set.groupCount)
        values["emi"] = ComparedValue(set.emi)
        add(score: set.score, similarity: set.responseSimilarity)
    }

    init(_ scenario: Report.Scenario) {
        self.init(
            name: scenario.name, kind: scenario.kind, isMeasured: scenario.status == "ok",
            groupCount: scenario.groupCount)
        guard isMeasured else { return }
        values["emi"] = scenario.emi.map { ComparedValue($0) }
        values["emid"] = scenario.emid.map {
            ComparedValue(value: $0.value, standardError: $0.standardError, interval: $0.interval, comparedGroups: $0.comparedGroups)
        }
        joint = scenario.discrepancies?["joint"]
        if let joint, let excess = joint.excess {
            values["excess"] = ComparedValue(
                value: excess, standardError: joint.standardError, interval: joint.interval)
        }
        // No report gives a standard error of the bound.
        values["bound"] = scenario.bound.map { ComparedValue(value: $0.value, interval: $0.interval) }
        add(score: scenario.score, similarity: scenario.responseSimilarity)
    }

    private mutating func add(score: Double?, similarity: Double?) {
        values["score"] = score.map { ComparedValue(value: $0) }
        values["response_similarity"] = similarity.map { ComparedValue(value: $0) }
    }
}

extension ComparedValue {
    init(_ found: Report.EffectiveInformation) {
        self.init(value: found.value, standardError: found.standardError, interval: found.interval)
    }
}
