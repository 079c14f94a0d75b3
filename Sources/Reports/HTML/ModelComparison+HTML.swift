import Studies

/// The data of the chart of several models, with numbers rounded to five digits.
private struct ModelChartData: Encodable {
    let units: String
    let confidence: String
    /// Always empty, because there are no pairs here; every page of comparisons has this field.
    let scenarios: [String]
    let models: [String]
    let points: [Point]

    struct Point: Encodable {
        let name: String
        let kind: String?
        let model: String
        let emid: Double
        let low: Double?
        let high: Double?
    }

    init(_ comparison: ModelComparison, scenarios shown: [String]) {
        units = comparison.comparisons[0].units
        confidence = Numbers.confidence(comparison.comparisons[0].confidence)
        scenarios = []
        models = distinctNames(comparison.shortNames)
        let names = distinctNames(shown)
        var points: [Point] = []
        for (name, scenario) in zip(names, shown) {
            for (index, model) in models.enumerated() {
                let pair = comparison.comparisons[max(0, index - 1)].scenarios.first { $0.name == scenario }?.emid
                guard let pair else { continue }
                let interval = index == 0 ? pair.aInterval : pair.bInterval
                points.append(
                    Point(
                        name: name,
                        kind: comparison.comparisons[0].scenarios.first { $0.name == scenario }?.kind?.withoutControls,
                        model: model, emid: (index == 0 ? pair.a : pair.b).toFiveDigits,
                        low: interval?.first?.toFiveDigits,
                        high: interval?.last?.toFiveDigits))
            }
        }
        self.points = points
    }
}

extension ModelComparison {
    /// The number of scenarios that the chart shows; the tables show all.
    private static let shownCount = 80

    /// The comparison as a self-contained HTML file.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    func html() throws -> String {
        guard comparisons.count > 1 else { return try comparisons[0].html(models: [modelSection]) }
        let scenarios = sharedScenarios
        let page = HTMLPage(
            sort: .comparison, title: "emi compare: \(models.count) models",
            heading: "\(models.count) models, the first of which is <span class=\"name\">\(shortNames[0])</span>",
            facts:
                "\(scenarios.count) scenarios in all · differences are the other less the first · \(comparisons[0].units)",
            sections: [
                summarySection, modelSection, chartSection(scenarios), differenceSection, scenarioSection(scenarios),
                noteSection,
            ]
            .compactMap { $0 },
            data: try scriptJSON(ModelChartData(self, scenarios: Array(scenarios.prefix(Self.shownCount)))),
            origin: comparisons[0].origin)
        return page.source
    }

    /// The scenarios with EMID in all models, those in which the first model lost most at the top.
    private var sharedScenarios: [String] {
        let names = comparisons.map { Set($0.scenarios.filter { $0.emid != nil }.map(\.name)) }
        let shared = names.dropFirst().reduce(names[0]) { $0.intersection($1) }
        return comparisons[0].scenarios.filter { shared.contains($0.name) }
            .sorted { (-($0.emid?.a ?? 0), $0.name) < (-($1.emid?.a ?? 0), $1.name) }.map(\.name)
    }

    private var summarySection: PageSection {
        let tiles = zip(shortNames, models).map { name, model in
            PageSection.Tile(
                name: name, value: Numbers.optional(model.measures["emid"]?.all).withMinusSigns,
                detail: "mean EMID, \(comparisons[0].units)"
                    + (model.worst.map { "; worst \($0.scenario) \(Numbers.decimal($0.emid))" } ?? ""))
        }
        return PageSection(sentences: verdicts, tiles: tiles)
    }

    /// The tables that papers print.
    private var modelSection: PageSection {
        let tables = modelTables.map { found in
            Markup.plainTable(
                found.table, caption: "\(ComparisonReport.label(found.measure)) by model and kind of shift")
        }
        return PageSection(
            id: "models", title: "Models", body: "<p>Means over the scenarios that all models have.</p>\n\(tables)")
    }

    private func chartSection(_ scenarios: [String]) -> PageSection? {
        guard !scenarios.isEmpty else { return nil }
        let more = scenarios.count > Self.shownCount ? " Shown are \(Self.shownCount) of \(scenarios.count)." : ""
        return PageSection(
            id: "charts", title: "Charts",
            body: Markup.figure(
                "models", "EMID of every model, by scenario",
                "EMID with \(Numbers.confidence(comparisons[0].confidence)) intervals: the lower lost less.\(more)",
                description:
                    "EMID of \(models.count) models in \(scenarios.count) scenarios; the table of scenarios has the numbers."
            ))
    }

    private var differenceSection: PageSection {
        PageSection(
            id: "tests", title: "Against the first model", link: "Tests",
            body: Markup.plainTable(differenceTable, caption: "Differences over all scenarios"))
    }

    private func scenarioSection(_ scenarios: [String]) -> PageSection {
        let header =
            ["Scenario", "Kind"] + shortNames.map { "EMID \($0)" }
            + shortNames.dropFirst().flatMap { ["\($0) less first", "q"] }
        let rows = scenarios.map { name -> Markup in
            let pairs = comparisons.map { comparison in comparison.scenarios.first { $0.name == name } }
            let values = [pairs[0]?.emid?.a] + pairs.map { $0?.emid?.b }
            let differences = pairs.flatMap { pair -> [Markup] in
                let difference = pair?.emid?.difference
                let isOpen = pair?.emid.map { !ComparisonLead($0).isResolved } ?? true
                return [
                    Markup.cell(difference.map { Numbers.decimal($0.value) }, isOpen: isOpen),
                    Markup.cell(difference?.qValue.map { Numbers.probability($0) }, isOpen: isOpen),
                ]
            }
            return
                "<tr><th scope=row>\(name)<td class=t>\(pairs[0]?.kind ?? "–")\(values.map { Markup.cell($0.map { Numbers.decimal($0) }) })\(differences)\n"
        }
        return PageSection(
            id: "scenarios", title: "Scenarios",
            body: """
                <p>Headers sort. In italics what is not resolved.</p>
                \(Markup.table(header, rows, id: "scenario-table", filters: "1", caption: "EMID of every model by scenario"))
                """)
    }

    private var noteSection: PageSection {
        let items = remarks.map { text -> Markup in "<li>\(text)</li>\n" }
        let files = Markup.fileTable(comparisons[0].provenance?.inputs ?? [], title: "SHA-256 of the reports")
        return PageSection(
            id: "notes", title: "What to hold beside the numbers", link: "Notes", body: "<ul>\n\(items)</ul>\n\(files)")
    }
}
