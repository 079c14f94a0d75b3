extension ScenarioRowsReport {
    private func rowTable(_ scenario: Scenario, limit: Int) -> TextTable {
        let rows = (scenario.rows ?? []).prefix(limit)
        let (isPaired, isScored) = (scenario.paired == true, rows.contains { $0.score != nil })
        return TextTable(
            header: ["row", "part of EMID (\(units))", "adds to EMI"] + (isPaired ? ["in the ID set"] : [])
                + (isScored ? ["score t", "unrelated", "flag"] : []),
            rows: rows.map { row in
                [row.id, Numbers.decimal(row.loss), Numbers.decimal(row.contribution)]
                    + (isPaired ? [Numbers.optional(row.contributionId)] : [])
                    + (isScored
                        ? [
                            Numbers.optional(row.score, places: 2), Numbers.optional(row.unrelated, places: 2),
                            row.flagged == true ? "yes" : "",
                        ]
                        : [])
            })
    }

    private func itemTable(_ scenario: Scenario, limit: Int) -> TextTable? {
        scenario.items.map { items in
            TextTable(
                header: ["group", "part of EMID (\(units))", "rows"],
                rows: items.prefix(limit).map { [$0.group, Numbers.decimal($0.loss), "\($0.rows)"] })
        }
    }

    func text(rowLimit: Int) -> String {
        scenarios.map { scenario in
            let head = scenario.sentence(units).withoutControls + "\n"
            guard scenario.status == "ok" else { return head }
            let absence = scenario.detection?.absence.map { "  no detector: \($0.withoutControls)\n" } ?? ""
            return head + absence + rowTable(scenario, limit: rowLimit).plain
                + (itemTable(scenario, limit: 5).map { "  by group\n" + $0.plain } ?? "")
        }.joined(separator: "\n")
    }

    func markdown(rowLimit: Int) -> String {
        "### Which rows carry the loss\n\n"
            + scenarios.map { scenario in
                "**\(scenario.sentence(units).markdownText)**\n\n"
                    + (scenario.status == "ok" ? rowTable(scenario, limit: rowLimit).markdown : "")
            }.joined(separator: "\n")
    }

    /// A line for each row of a scenario, the largest losses first.
    var csv: String {
        let header = [
            "scenario", "kind", "rank", "id", "loss", "contribution", "contribution_id", "score", "unrelated", "flagged", "units",
        ]
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        let lines = scenarios.flatMap { scenario in
            (scenario.rows ?? []).enumerated().map { position, row in
                [
                    scenario.name, scenario.kind ?? "", "\(position + 1)", row.id, number(row.loss), number(row.contribution),
                    number(row.contributionId), number(row.score), number(row.unrelated), row.flagged.map { "\($0)" } ?? "", units,
                ]
            }
        }
        return csvText([header] + lines)
    }

    /// The report as a self-contained HTML file: a table of the rows of all scenarios.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    func html() throws -> String {
        struct NoCharts: Encodable {
            let bins: [Double] = []
            let changes: [Double] = []
        }
        let shown = scenarios.flatMap { scenario in (scenario.rows ?? []).prefix(100).map { (scenario, $0) } }
        // One scenario is in the heading.
        let hasScenarios = scenarios.count != 1
        let lines = shown.map { scenario, row -> Markup in
            let numbers = [
                Numbers.decimal(row.loss), Numbers.decimal(row.contribution), Numbers.optional(row.contributionId),
                Numbers.optional(row.score, places: 2), Numbers.optional(row.unrelated, places: 2),
            ]
            let flag = row.flagged.map { $0 ? "flagged" : "open" } ?? "–"
            let name: Markup = hasScenarios ? "<td class=t>\(scenario.name)" : ""
            return "<tr><th scope=row>\(row.id)\(name)<td class=t>\(flag)\(numbers.map { Markup.cell($0) })\n"
        }
        let header =
            ["Row"] + (hasScenarios ? ["Scenario"] : []) + [
                "State", "Part of EMID", "Adds to EMI", "In the ID set", "Score t", "Unrelated",
            ]
        let table = Markup.table(
            header, lines, id: "row-table", filters: hasScenarios ? "1 2" : "1", caption: "Rows, the largest losses of each scenario first")
        let page = HTMLPage(
            sort: .attribution, title: "emi attribute: \(manifest.withoutControls)",
            heading: "Which rows carry the loss? <span class=\"name\">\(manifest)</span>",
            facts: "\(scenarios.count == 1 ? scenarios[0].name.withoutControls : "\(scenarios.count) scenarios") · \(estimator) · \(units)",
            sections: [
                PageSection(sentences: scenarios.prefix(12).map { $0.sentence(units) }, tiles: []),
                PageSection(
                    id: "rows", title: "Rows",
                    body: "<p>Up to 100 rows a scenario; parts of EMID add up to it over all rows. Headers sort.</p>\n\(table)"),
                PageSection(
                    id: "glossary", title: "What the numbers mean", link: "Glossary",
                    body: Markup.glossary(Glossary.ofScenarioRows)),
            ],
            data: try scriptJSON(NoCharts()), origin: environment?.origin)
        return page.source
    }
}
