import Studies

/// What `emi attribute --of MANIFEST` writes: the rows of each scenario that carry its loss.
package struct ScenarioRowsReport: Codable, Sendable, Equatable {
    /// `scenario-rows`, which distinguishes it from other reports.
    package var kind = "scenario-rows"
    package var schemaVersion = "1.0"
    package var tool = Report.Tool()
    /// The path of the manifest.
    package var manifest: String
    /// `nats` or `bits`.
    package var units: String
    /// The estimator whose row contributions are shown.
    package var estimator: String
    package var scenarios: [Scenario]
    package var environment: Report.Environment?
    package var provenance: Report.Provenance?

    /// One scenario.
    package struct Scenario: Codable, Sendable, Equatable {
        /// The scenario's name.
        package var name: String
        package var kind: String?
        /// `ok` or `failed`.
        package var status: String
        /// The reason why there are no results.
        package var error: String?
        /// EMI of the ID set minus that of the scenario; the losses of its rows add up to it.
        package var emid: Double?
        /// Whether each row is compared with the same item of the ID set.
        package var paired: Bool?
        /// The number of rows.
        package var rowCount: Int?
        /// The smallest number of rows whose losses add up to the gap; absent for a gap that is not above 0.
        package var carriers: Int?
        /// What the detector says about queries with their answers.
        package var detection: Detection?
        /// The rows, the largest losses first.
        package var rows: [Row]?
        /// The groups of rows, the largest losses first.
        package var items: [Item]?
    }

    /// What the detector says about all rows.
    package struct Detection: Codable, Sendable, Equatable {
        /// The probability that a pair scores above a decoy.
        package var pairAuroc: Double?
        /// The share of pairs that look no better than random ones.
        package var share: Double?
        /// The number of flagged rows.
        package var flagged: Int?
        /// The number of flagged rows among those that carry the gap.
        package var flaggedCarriers: Int?
        /// The reason why there is no detection.
        package var absence: String?
    }

    /// One row.
    package struct Row: Codable, Sendable, Equatable {
        /// The identifier of the row, or its number.
        package var id: String
        /// The row's part of EMID; a row above 0 loses.
        package var loss: Double
        /// What the row adds to the EMI of the scenario.
        package var contribution: Double
        /// What the same item adds to the EMI of the ID set; absent if the items differ.
        package var contributionId: Double?
        /// The detector's score.
        package var score: Double?
        /// Approximately an upper bound of the probability that query and answer are no better than a random pair.
        package var unrelated: Double?
        /// Whether the detector flags the row.
        package var flagged: Bool?
    }

    /// A group of rows.
    package struct Item: Codable, Sendable, Equatable {
        /// The label of the group.
        package var group: String
        /// The sum of the losses of its rows.
        package var loss: Double
        /// The number of its rows.
        package var rows: Int
    }

    /// The report of some scenarios.
    package init(
        manifest: String, settings: StudySettings, environment: Report.Environment?,
        scenarios: [(name: String, kind: String?, result: Result<ScenarioRows, RunError>)]
    ) {
        self.manifest = manifest
        let unit = settings.units
        units = unit.rawValue
        estimator = settings.estimator
        self.environment = environment
        self.scenarios = scenarios.map { name, kind, result in
            switch result {
            case .failure(let error): Scenario(name: name, kind: kind, status: "failed", error: error.message)
            case .success(let found): Scenario(found, name: name, kind: kind, unit: unit)
            }
        }
    }

    /// The report in a format.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    package func rendered(_ format: AttributionFormat, rowLimit: Int = 12) throws -> String {
        switch format {
        case .text: text(rowLimit: rowLimit)
        case .json: try jsonText(of: self)
        case .csv: csv
        case .markdown: markdown(rowLimit: rowLimit)
        case .html: try html()
        }
    }
}

extension ScenarioRowsReport.Scenario {
    fileprivate init(_ found: ScenarioRows, name: String, kind: String?, unit: InformationUnit) {
        let detection = found.detection
        self.init(name: name, kind: kind, status: "ok", emid: unit.value(found.gap), paired: found.isPaired)
        rowCount = found.rows.count
        carriers = found.carrierCount
        let carriers = found.rows.prefix(found.carrierCount ?? 0)
        self.detection = ScenarioRowsReport.Detection(
            pairAuroc: detection?.statistics.pairAUROC, share: detection?.statistics.share,
            flagged: detection?.isFlagged.count { $0 },
            flaggedCarriers: detection.map { detection in carriers.count { detection.isFlagged[$0.index] } },
            absence: found.absence)
        rows = found.rows.map { row in
            ScenarioRowsReport.Row(
                id: row.name, loss: unit.value(row.loss), contribution: unit.value(row.contribution),
                contributionId: row.before.map(unit.value), score: detection?.scores[row.index],
                unrelated: detection?.statistics.unrelated[row.index], flagged: detection?.isFlagged[row.index])
        }
        items =
            found.items.isEmpty
            ? nil : found.items.map { ScenarioRowsReport.Item(group: $0.name, loss: unit.value($0.loss), rows: $0.rowCount) }
    }

    /// The result of the scenario, in a sentence.
    func sentence(_ units: String) -> String {
        guard status == "ok", let emid, let rowCount else { return "\(name): failed: \(error ?? "no numbers")" }
        let gap = "EMID \(Numbers.decimal(emid)) \(units) over \(rowCount) rows"
        guard let carriers else { return "\(name): \(gap): nothing is lost on balance." }
        let compared = paired == true ? ", each compared with itself in the ID set" : ""
        let flags = detection?.flaggedCarriers.map { "; the detector finds \($0) of their answers no better than random ones" } ?? ""
        return "\(name): \(gap); \(carriers) \(carriers == 1 ? "row carries" : "rows carry") all of it\(compared)\(flags)."
    }
}
