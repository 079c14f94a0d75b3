import Studies

/// The data of a bottleneck's charts, with numbers rounded to five digits.
private struct BottleneckChartData: Encodable {
    let units: String
    let of: String
    let target: String
    let representations: [Label]
    let plane: [BottleneckReport.Point]
    let chosen: BottleneckReport.Point?
    let points: [Point]

    struct Label: Encodable {
        let label: String
    }

    struct Point: Encodable {
        let name: String
        let label: String
        let accuracy: Double
        let excess: Double?
    }

    init(_ report: BottleneckReport) {
        units = report.settings.units
        (of, target) = (report.settings.of.withoutControls, report.settings.for)
        representations = report.representations.map { Label(label: BottleneckReport.label($0.name)) }
        plane = report.plane.map(Self.short)
        chosen = report.minimal.map(Self.short)
        let names = distinctNames(report.scenarios.map(\.name))
        points = zip(names, report.scenarios).flatMap { name, scenario in
            report.representations.compactMap { found in
                scenario.representations[found.name].map {
                    Point(
                        name: name, label: BottleneckReport.label(found.name), accuracy: $0.accuracy.toFiveDigits,
                        excess: $0.excess?.toFiveDigits)
                }
            }
        }
    }

    private static func short(_ point: BottleneckReport.Point) -> BottleneckReport.Point {
        BottleneckReport.Point(
            beta: point.beta.toFiveDigits, rate: point.rate.toFiveDigits, relevance: point.relevance.toFiveDigits,
            rank: point.rank)
    }
}

extension BottleneckReport {
    /// The number of scenarios that charts show; the tables show all.
    private static let shownCount = 80

    /// The report as a self-contained HTML file.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    func html() throws -> String {
        let page = HTMLPage(
            sort: .bottleneck, title: "emi bottleneck: \(id.name.withoutControls)",
            heading:
                "<span class=\"name\">\(settings.of)</span> for <span class=\"name\">\(settings.for)</span> in \(id.name)",
            facts: facts,
            sections: [summarySection, chartSection, tableSection, scenarioSection, noteSection].compactMap { $0 },
            data: try scriptJSON(BottleneckChartData(self)), origin: environment?.origin)
        return page.source
    }

    private var summarySection: PageSection {
        var tiles = [
            PageSection.Tile(
                name: "Told of \(settings.for)", value: Numbers.decimal(information.value),
                detail: "\(settings.units), at least about"
                    + (information.standardError.map { ", ± \(Numbers.decimal($0))" } ?? ""))
        ]
        if let minimal {
            tiles.append(
                PageSection.Tile(
                    name: "Columns kept", value: "\(minimal.rank)",
                    detail: "of \(id.columns), for \(Numbers.decimal(minimal.rate)) \(settings.units)"))
        }
        for (name, title) in [("raw", "All columns"), ("bottleneck", "Bottleneck")] {
            guard let found = representations.first(where: { $0.name == name }) else { continue }
            let shifted = mean(name, \.accuracy).map { ", \(Numbers.percent($0)) under shift" } ?? ""
            tiles.append(
                PageSection.Tile(
                    name: title, value: Numbers.percent(found.accuracy), detail: "of answers read\(shifted)"))
        }
        return PageSection(sentences: findings, tiles: tiles)
    }

    private var chartSection: PageSection? {
        guard kept > 0 else { return nil }
        var figures = [
            Markup.figure(
                "plane", "The information plane",
                "How many \(settings.units) of \(settings.of) a representation keeps, and how many of \(settings.for) that buys; the diamond is the "
                    + "one in use.",
                description: "Curve of relevance over rate; the table of directions has its corners.")
        ]
        if (1...Self.shownCount).contains(scenarios.count) {
            figures.append(
                Markup.figure(
                    "probes", "Answers read under shift",
                    "What a plain decoder reads in each representation; more is better.",
                    description: "One point a scenario and representation; the table of scenarios has the numbers."))
            if scenarios.contains(where: { $0.representations["raw"]?.excess != nil }) {
                figures.append(
                    Markup.figure(
                        "divergences", "Divergence from the ID set",
                        "Less what chance gives. Fewer columns alone make it fall: compare the bottleneck with the controls.",
                        description: "One point a scenario and representation; the table of scenarios has the numbers.")
                )
            }
        }
        return PageSection(id: "charts", title: "Charts", body: Markup(figures))
    }

    private var tableSection: PageSection {
        let directions: Markup = kept > 0 ? Markup.plainTable(directionTable, caption: "Resolved directions") : ""
        return PageSection(
            id: "representations", title: "Representations",
            body: """
                \(Markup.plainTable(representationTable, caption: "Representations on the ID set and under shift"))
                \(directions)
                """)
    }

    private var scenarioSection: PageSection? {
        guard !scenarios.isEmpty else { return nil }
        let table = scenarioTable()
        let rows = table.rows.map { row -> Markup in
            "<tr><th scope=row>\(row[0])<td class=t>\(row[1])\(row.dropFirst(2).map { Markup.cell($0) })\n"
        }
        return PageSection(
            id: "scenarios", title: "Scenarios",
            body: Markup.table(
                table.header, rows, id: "scenario-table", filters: "1", caption: "Every shift in every representation"))
    }

    private var noteSection: PageSection {
        let items = (Self.remarks + warnings.map { "\($0.message) (\($0.code))" }).map { text -> Markup in
            "<li>\(text)</li>\n"
        }
        return PageSection(
            id: "notes", title: "What to hold beside the numbers", link: "Notes",
            body: "<ul>\n\(items)</ul>\n\(Markup.fileTable(provenance?.inputs ?? [], title: "SHA-256 of the files"))")
    }
}
