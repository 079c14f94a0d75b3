extension Report {
    /// The report as a self-contained HTML file: charts, tables, settings, warnings, provenance and a glossary.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    package func html() throws -> String {
        let data = ChartData(self)
        let sections =
            [summarySection, chartSection(data), scenarioSection, discrepancySection, overviewSection]
            .compactMap { $0 } + [noteSection, settingSection, provenanceSection, glossarySection]
        let shift = scenarios.count == 1 ? scenarios[0].name : "\(scenarios.count) scenarios"
        let heading: Markup =
            scenarios.isEmpty
            ? "EMI of <span class=\"name\">\(id.name)</span>"
            : "EMI of <span class=\"name\">\(id.name)</span> → <span class=\"name\">\(shift)</span>"
        let facts = "\(settings.estimator) · \(settings.units) · seed \(settings.seed) · emi \(tool.version)"
        let page = HTMLPage(
            sort: .report, title: title, heading: heading, facts: facts, sections: sections, data: try scriptJSON(data),
            origin: environment?.origin)
        return page.source
    }
}
