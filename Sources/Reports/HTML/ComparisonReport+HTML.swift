import Statistics

extension ComparisonReport {
    /// The comparison as a self-contained HTML file: charts, tests, a table of scenarios and a glossary.
    ///
    /// - Parameter models: the tables of the models.
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    func html(models: [PageSection] = []) throws -> String {
        let data = ComparisonChartData(self)
        let (nameA, nameB) = shortNames
        let sections =
            [summarySection].compactMap { $0 } + models + [chartSection(data), testSection, scenarioSection].compactMap { $0 }
            + [noteSection, settingSection, glossarySection]
        let page = HTMLPage(
            sort: .comparison, title: "emi compare: \(nameA.withoutControls) and \(nameB.withoutControls)",
            heading: """
                <span class="lead-a">A</span> <span class="name">\(nameA)</span> against <span class="lead-b">B</span> \
                <span class="name">\(nameB)</span>
                """,
            facts: "\(scenarios.count) scenarios in both · differences are B less A · \(units)", sections: sections,
            data: try scriptJSON(data), origin: origin)
        return page.source
    }

    /// The names without folders and extension, if they still differ then.
    private var shortNames: (String, String) {
        func short(_ name: String) -> String {
            let file = name.split(separator: "/").last.map(String.init) ?? name
            return file.hasSuffix(".json") && file.count > 5 ? String(file.dropLast(5)) : file
        }
        return short(a) == short(b) ? (a, b) : (short(a), short(b))
    }

    private var summarySection: PageSection { PageSection(sentences: verdicts, tiles: tiles) }

    private var tiles: [PageSection.Tile] {
        let leads = scenarios.compactMap { $0.emid.map(ComparisonLead.init) }
        let rule = scenarios.contains { $0.emid?.difference.qValue != nil } ? "interval without 0 and q ≤ 0.05" : "interval without 0"
        var tiles = [ComparisonLead.a, .b].map { lead in
            PageSection.Tile(
                name: "\(lead.rawValue.uppercased()) ahead", value: "\(leads.count { $0 == lead })", detail: "of \(leads.count), \(rule)",
                style: lead.style)
        }
        tiles.append(
            PageSection.Tile(
                name: "Not resolved", value: "\(leads.count { !$0.isResolved })", detail: "no claim either way", style: "unresolved"))
        guard let emid = measures["emid"] else { return tiles }
        tiles.append(
            PageSection.Tile(
                name: "Mean difference", value: Numbers.decimal(emid.meanDifference).withMinusSigns,
                detail: "of EMID, \(units) \(Numbers.interval(emid.interval))".withMinusSigns))
        if let p = emid.pValue {
            tiles.append(
                PageSection.Tile(name: "p", value: Numbers.probability(p), detail: "of no mean difference, whatever scenarios share"))
        }
        return tiles
    }

    private func chartSection(_ data: ComparisonChartData) -> PageSection? {
        let count = data.scenarios.count
        guard count > 0 else { return nil }
        let (nameA, nameB) = shortNames
        let leads = Set(data.scenarios.map(\.lead))
        let isLong = count > ChartData.barLimit
        let shown = isLong ? " Shown are the \(ComparisonChartData.endCount) scenarios at either end." : ""
        var figures = [
            Markup.figure(
                "pair", "EMID in both, by scenario",
                """
                EMID of A and of B with their \(data.confidence) intervals, where B is ahead most at the top, where A is at the bottom: \
                the lower EMID lost less. Points are hollow where the difference is not resolved.\(shown)
                """,
                description: "EMID of A and of B with intervals in \(count) scenarios; the table of scenarios has the numbers.",
                legend: [("lead-a", "● A: \(nameA)"), ("lead-b", "◆ B: \(nameB)")])
        ]
        if isLong {
            figures.append(
                Markup.figure(
                    "differences", "All differences", "How many scenarios have a difference of EMID, B less A, of which size.",
                    description: "Histogram of the difference of EMID over \(count) scenarios.", legend: Self.legend(leads)))
        }
        if count > 1 {
            let below = data.scenarios.count { $0.b < $0.a }
            figures.append(
                Markup.figure(
                    "scatter", "A against B",
                    "One point a scenario. Below the diagonal B lost less (\(below) of \(count)), above it A did.",
                    description: "Scatter of EMID in B against EMID in A for \(count) scenarios; \(below) are below the diagonal.",
                    legend: Self.legend(leads)))
        }
        return PageSection(id: "charts", title: "Charts", body: Markup(figures))
    }

    private static func legend(_ leads: Set<ComparisonLead>) -> [(style: String, label: String)] {
        ComparisonLead.allCases.filter(leads.contains).map { ($0.style, $0.label) }
    }

    private var testSection: PageSection? {
        guard !measures.isEmpty else { return nil }
        return PageSection(
            id: "tests", title: "Over all scenarios", link: "Tests",
            body: """
                <p>Means over the scenarios that have the value in both reports; intervals and p hold whatever the scenarios share.</p>
                \(Markup.plainTable(measureTable, caption: "Differences over all scenarios"))
                """)
    }

    private var scenarioSection: PageSection {
        let hasKinds = scenarios.contains { $0.kind != nil }
        let others = [
            ("EMI", \Scenario.emi), ("Score", \.score), ("Cosine", \.responseSimilarity), ("Joint excess", \.excess), ("Bound", \.bound),
            ("Overconfidence", \.overconfidence), ("ECE over chance", \.eceExcess),
        ].filter { _, path in
            scenarios.contains { $0[keyPath: path] != nil }
        }
        let header =
            ["Scenario"] + (hasKinds ? ["Kind"] : [])
            + ["Result", "EMID A", "EMID B", "B less A", "\(Numbers.confidence(confidence)) interval", "q"]
            + others.flatMap { ["\($0.0) A", "\($0.0) B"] }
        let rows = (byDifference.map(\.scenario) + scenarios.filter { $0.emid == nil }).map { scenario -> Markup in
            let (pair, lead) = (scenario.emid, scenario.emid.map(ComparisonLead.init))
            let numbers =
                [pair?.a, pair?.b, pair?.difference.value].map { $0.map { Numbers.decimal($0) } }
                + [pair.map { Numbers.interval($0.difference.interval) }, pair?.difference.qValue.map { Numbers.decimal($0) }]
                + others.flatMap { _, path in
                    [scenario[keyPath: path]?.a, scenario[keyPath: path]?.b].map { $0.map { Numbers.decimal($0) } }
                }
            let kind: Markup = hasKinds ? "<td class=t>\(scenario.kind ?? "–")" : ""
            let result: Markup = lead.map { "<td class=\"t \($0.style)\">\($0.label)" } ?? "<td class=t>–"
            return "<tr><th scope=row>\(scenario.name)\(kind)\(result)\(numbers.map { Markup.cell($0) })\n"
        }
        return PageSection(
            id: "scenarios", title: "Scenarios",
            body: """
                <p>Headers sort. The lower EMID lost less; a difference below 0 speaks for B.</p>
                \(Markup.table(
                    header, rows, id: "scenario-table", filters: hasKinds ? "1 2" : "1", caption: "Scenarios, where B is ahead most first"))
                """)
    }

    private var noteSection: PageSection {
        let items = remarks.map { text -> Markup in "<li>\(text)</li>\n" }
        return PageSection(id: "notes", title: "What to hold beside the numbers", link: "Notes", body: "<ul>\n\(items)</ul>\n")
    }

    private var settingSection: PageSection {
        let rows = [("A", a), ("B", b), ("units", units), ("confidence", Numbers.confidence(confidence))]
        let files = Markup.fileTable(provenance?.inputs ?? [], title: "SHA-256 of the reports")
        return PageSection(id: "settings", title: "Settings", body: "\(Markup.facts(rows.map { ($0, Optional($1)) }))\(files)")
    }

    private var glossarySection: PageSection {
        PageSection(id: "glossary", title: "What the numbers mean", link: "Glossary", body: Markup.glossary(Glossary.ofComparisons))
    }
}
