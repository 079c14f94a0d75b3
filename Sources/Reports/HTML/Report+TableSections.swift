extension Report {
    /// The table of scenarios, the largest loss first; nil for a single comparison.
    var scenarioSection: PageSection? {
        guard isBatch else { return nil }
        let hasKinds = scenarios.contains { $0.kind != nil }
        let hasScores = scenarios.contains { $0.score != nil }
        let hasShares = scenarios.contains { ($0.attribution?.count ?? 0) > 1 }
        let hasQValues = scenarios.contains { $0.emid?.qValue != nil }
        let hasWhitened = id.whitenedSimilarity != nil
        let hasPower = scenarios.contains { $0.emid?.smallestDetectable != nil }
        let header =
            ["Scenario"] + (hasKinds ? ["Kind"] : [])
            + ["Result", "EMID", "\(Numbers.confidence(settings.confidence)) interval", hasQValues ? "q" : "p"]
            + (hasPower ? ["Smallest gap"] : []) + ["EMI"]
            + (hasScores ? ["Score"] : []) + ["Cosine"] + (hasWhitened ? ["Whitened"] : []) + (hasShares ? ["Largest share"] : [])
            + ["Bound", "Slack", "Rows"]
        let rows = worstFirst.map { scenario -> Markup in
            let result = ScenarioResult(scenario)
            let gap = scenario.emid
            let numbers =
                [gap.map { Numbers.decimal($0.value) }, gap.map { Numbers.interval($0.interval) }]
                + [
                    hasQValues
                        ? gap?.qValue.map { Numbers.probability($0) }
                        : gap?.pValue.map { Numbers.probability($0, of: settings.permutations) }
                ]
                + (hasPower ? [gap?.smallestDetectable.map { Numbers.decimal($0) }] : [])
                + [scenario.emi.map { Numbers.decimal($0.value) }]
                + (hasScores ? [scenario.score.map { Numbers.decimal($0) }] : [])
                + [scenario.responseSimilarity.map { Numbers.decimal($0) }]
                + (hasWhitened ? [scenario.whitenedSimilarity.map { Numbers.decimal($0) }] : [])
                + (hasShares ? [Self.largestShare(scenario)] : [])
                + [
                    scenario.bound.map { Numbers.decimal($0.value) + ($0.holds == false ? " < EMID" : "") },
                    scenario.bound?.slack.map { Numbers.decimal($0) },
                    scenario.sampleCount.map(String.init),
                ]
            let kind: Markup = hasKinds ? "<td class=t>\(scenario.kind ?? "–")" : ""
            let cells = numbers.map { Markup.cell($0, isBroken: $0?.hasSuffix(" < EMID") == true) }
            return "<tr><th scope=row>\(scenario.name)\(kind)<td class=\"t \(result.rawValue)\">\(result.label)\(cells)\n"
        }
        let filters = hasKinds ? "1 2" : "1"
        return PageSection(
            id: "scenarios", title: "Scenarios",
            body: """
                <p>Headers sort. The bound is \(settings.boundName); slack is the bound less EMID\(scenarios.contains { $0.bound?.slack != nil } ? "" : ", which are on two scales here"). \(boundStatement ?? "")</p>
                \(Markup.table(header, rows, id: "scenario-table", filters: filters, caption: "Scenarios, the largest loss of EMI first"))
                """)
    }

    /// The divergences of every scenario; nil for a single comparison.
    var discrepancySection: PageSection? {
        guard isBatch else { return nil }
        let keys = Set(scenarios.flatMap { $0.discrepancies.map { Array($0.keys) } ?? [] })
            .sorted { (Self.place($0), $0) < (Self.place($1), $1) }
        guard !keys.isEmpty, scenarios.count <= 1000 else { return nil }
        let hasExcess = scenarios.contains { $0.discrepancies?.values.contains { $0.excess != nil } == true }
        let header =
            ["Scenario"]
            + keys.flatMap { key in
                let name = Self.discrepancyTitles[key] ?? key
                return hasExcess ? [name, "q, \(name)"] : [name]
            }
        let rows = worstFirst.map { scenario -> Markup in
            let cells = keys.flatMap { key -> [Markup] in
                let found = scenario.discrepancies?[key]
                let probability = found?.qValue ?? found?.pValue
                let value = Markup.cell((found?.excess ?? found?.jsd).map { Numbers.decimal($0) }, isOpen: (probability ?? 0) > 0.05)
                return hasExcess ? [value, Markup.cell(probability.map { Numbers.decimal($0) })] : [value]
            }
            return "<tr><th scope=row>\(scenario.name)\(cells)\n"
        }
        let reading =
            hasExcess
            ? """
            Each divergence less what chance gives at these sizes (excess), with its q-value across scenarios (for the \
            outputs of the ID set, its p-value). Values in italics, with a q above 0.05, are not resolved.
            """
            : "Plug-in divergences. Without relabellings nothing says how much of them is chance."
        return PageSection(
            id: "discrepancies", title: "Discrepancies",
            body: """
                <p>\(reading)</p>
                \(Markup.table(header, rows, id: "discrepancy-table", filters: "", caption: "Divergences by scenario, in \(settings.units)"))
                """)
    }

    /// For a batch, the means by kind and the correlations; for a single comparison, all its tables.
    var overviewSection: PageSection? {
        let found =
            isBatch
            ? [(kindTable(), "By kind"), (correlationTable(), "Correlations across sets")]
            : [(emiTable(), "EMI of the sets")]
                + scenarios.flatMap {
                    [
                        (Report.discrepancyTable($0, settings: settings), "Discrepancies"),
                        (Report.boundTable($0, settings: settings), "All forms of the bound; * is the selected one"),
                    ]
                }
        let tables = found.compactMap { table, title in
            table.map { table -> Markup in
                "<h3>\(title)</h3>\n\(Markup.plainTable(table, caption: title))"
            }
        }
        guard !tables.isEmpty else { return nil }
        return PageSection(
            id: "overview", title: isBatch ? "Kinds and correlations" : "Numbers", link: isBatch ? "Kinds" : nil, body: Markup(tables))
    }

    private static let discrepancyTitles = ["joint": "joint query", "output_id": "outputs, ID", "output_ood": "outputs, OOD"]

    private static func place(_ key: String) -> Int {
        ["visual", "text"].firstIndex(of: key) ?? ["joint", "output_id", "output_ood"].firstIndex(of: key).map { $0 + 3 } ?? 2
    }
}
