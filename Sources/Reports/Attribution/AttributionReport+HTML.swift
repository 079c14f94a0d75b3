extension AttributionReport {
    /// The report as a self-contained HTML file: a ranked table with a filter, pairs against decoys, and predictions against measurements.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    func html() throws -> String {
        let sections = [summarySection, chartSection, rowSection] + [traceSection].compactMap { $0 } + [noteSection, glossarySection]
        let page = HTMLPage(
            sort: .attribution, title: "emi attribute: \(pairs.name.withoutControls)",
            heading: "Which rows? <span class=\"name\">\(pairs.name)</span>",
            facts: "\(pairs.rows) pairs of \(pairs.left.name) and \(pairs.right.name) · \(method)", sections: sections,
            data: try scriptJSON(AttributionChartData(self)), origin: environment?.origin)
        return page.source
    }

    private var summarySection: PageSection {
        var tiles = [
            PageSection.Tile(
                name: "No better than random", value: Numbers.percent(detection.share),
                detail: detection.shareInterval.map { "\(Numbers.percent($0[0])) to \(Numbers.percent($0[1])), about an upper bound" }
                    ?? "about an upper bound",
                style: hasNoSignal ? "unresolved" : ""),
            PageSection.Tile(
                name: "Flagged", value: "\(detection.flagged.count)", detail: "unrelated ≥ \(detection.flagged.threshold)"),
            PageSection.Tile(
                name: "Confirmed", value: "\(detection.confirmed.count)", detail: "related, q ≤ \(detection.confirmed.alpha)"),
            PageSection.Tile(
                name: "Pair AUROC", value: Numbers.decimal(detection.pairAuroc),
                detail: detection.pairAurocCosine.map { "cosine \(Numbers.decimal($0))" } ?? "pairs above decoys"),
        ]
        if let valuation {
            tiles.append(
                PageSection.Tile(
                    name: "Loss without the worst \(valuation.rowsRemoved)",
                    value: Numbers.decimal(valuation.measuredChangeIfRemoved).withMinusSigns,
                    detail: "nats a pair, measured; predicted \(Numbers.decimal(valuation.predictedChangeIfRemoved))".withMinusSigns))
        }
        return PageSection(sentences: verdicts, tiles: tiles)
    }

    private var chartSection: PageSection {
        var figures = [
            Markup.figure(
                "histogram", "Pairs against decoys",
                "Scores of the pairs beside those of \(detection.decoys) wrong pairs of held-out rows, as shares of each. Where pairs lie among decoys, a random partner would do as well.",
                description: "Histogram of the scores of pairs and of decoys; the table has the scores of all pairs.",
                legend: [("lead-a", "■ pairs"), ("lead-b", "■ decoys")])
        ]
        if valuation != nil || trace?.traced.isEmpty == false {
            figures.append(
                Markup.figure(
                    "changes", "Predicted against measured change",
                    "What influence predicts, and what a refit without the rows shows. On the diagonal both agree.",
                    description: "Scatter of predicted against measured changes; the tables have the numbers."))
        }
        return PageSection(id: "charts", title: "Charts", body: Markup(figures))
    }

    private var rowSection: PageSection {
        let shown = rows.prefix(Self.mostRows)
        let hasCosine = shown.contains { $0.cosine != nil }
        let hasInfluence = shown.contains { $0.influence != nil }
        let texts = [(pairs.left.name, \AttributionReport.Row.left), (pairs.right.name, \.right)].filter { _, path in
            shown.contains { $0[keyPath: path] != nil }
        }
        let header =
            ["Row", "State", "Score t", "p", "q", "Unrelated"] + (hasCosine ? ["Cosine"] : [])
            + (hasInfluence ? ["Influence", "Removing it"] : []) + ["Better partner"]
            + texts.map(\.0)
        let lines = shown.map { row -> Markup in
            let state = row.flagged ? "flagged" : row.confirmed ? "confirmed" : "open"
            let numbers =
                [
                    Numbers.decimal(row.score, places: 2), Numbers.probability(row.p), Numbers.probability(row.q),
                    Numbers.decimal(row.unrelated, places: 2),
                ] + (hasCosine ? [Numbers.optional(row.cosine)] : [])
            let influence: [Markup] =
                hasInfluence
                ? [
                    Markup.cell(row.influence.map { Numbers.small($0) }),
                    "<td class=t>\(row.influence.map { $0 < 0 ? "lowers the loss" : "raises the loss" } ?? "–")",
                ] : []
            let excerpts = texts.map { _, path -> Markup in
                "<td class=t>\(row[keyPath: path].map { Self.excerpt($0) } ?? "–")"
            }
            return """
                <tr><th scope=row>\(row.id)<td class=t>\(state)\(numbers.map { Markup.cell($0) })\(influence)\
                <td class=t>\(row.partner ?? "–")\(excerpts)

                """
        }
        let more = rows.count > shown.count ? " Shown are the first \(shown.count) of \(rows.count); the CSV has all." : ""
        return PageSection(
            id: "rows", title: "Rows",
            body: """
                <p>The least related first. Headers sort.\(more)</p>
                \(Markup.table(header, lines, id: "row-table", filters: hasInfluence ? "1 \(hasCosine ? 8 : 7)" : "1", texts: header.count - texts.count - 1, caption: "Pairs, the least related first"))
                """)
    }

    private static func excerpt(_ text: String) -> String { text.count > 160 ? text.prefix(160) + " …" : text }

    private var traceSection: PageSection? {
        guard let table = traceTable(), let trace else { return nil }
        let details = trace.traced.map { answer -> Markup in
            let causes = answer.top.map { cause -> Markup in
                "<li>\(cause.id): influence \(Numbers.small(cause.influence)), unrelated \(Numbers.decimal(cause.unrelated, places: 2))</li>\n"
            }
            return
                "<details><summary>\(answer.query): \(answer.answer) in place of \(answer.right)</summary><ol>\n\(causes)</ol></details>\n"
        }
        return PageSection(
            id: "trace", title: "Wrong answers",
            body: """
                <p>The margin is the score of the answer less that of the right one. A change below 0 moves towards the right one.</p>
                \(Markup.plainTable(table, caption: "Wrong answers"))
                \(details)
                """)
    }

    private var noteSection: PageSection {
        let items = notes.map { note -> Markup in "<li><code>\(note.code)</code>: \(note.text)</li>\n" }
        let ridges = fit.ridgeChoice.map { "\($0.ridge.map { "\($0)" } ?? "cosine alone"): \(Numbers.decimal($0.pairAuroc))" }
        let facts: [(String, String?)] = [
            ("rank", "\(settings.rank)"), ("ridge", settings.ridge), ("pair AUROC by ridge", ridges.joined(separator: ", ")),
            ("folds", "\(settings.folds)"), ("alpha", "\(settings.alpha)"), ("seed", "\(settings.seed)"),
            ("scale of the cosine prior, by fold", fit.priorScale.map { Numbers.decimal($0, places: 1) }.joined(separator: ", ")),
        ]
        let files = Markup.fileTable(provenance?.inputs ?? [], title: "SHA-256 of the files")
        return PageSection(
            id: "notes", title: "What to hold beside the numbers", link: "Notes",
            body: "<ul>\n\(items)</ul>\n\(Markup.facts(facts))\(files)")
    }

    private var glossarySection: PageSection {
        PageSection(id: "glossary", title: "What the numbers mean", link: "Glossary", body: Markup.glossary(Glossary.ofAttributions))
    }
}

/// The data of an attribution's charts.
private struct AttributionChartData: Encodable {
    struct Bin: Encodable {
        let from: Double
        let to: Double
        let pairs: Double
        let decoys: Double
    }

    struct Change: Encodable {
        let name: String
        let predicted: Double
        let measured: Double
    }

    let bins: [Bin]
    let changes: [Change]

    init(_ report: AttributionReport) {
        let histogram = report.detection.histogram
        let (pairs, decoys) = (max(1, histogram.pairs.reduce(0, +)), max(1, histogram.decoys.reduce(0, +)))
        bins = histogram.pairs.indices.map { index in
            let from = histogram.start + Double(index) * histogram.width
            return Bin(
                from: from.toFiveDigits, to: (from + histogram.width).toFiveDigits,
                pairs: (Double(histogram.pairs[index]) / Double(pairs)).toFiveDigits,
                decoys: (Double(histogram.decoys[index]) / Double(decoys)).toFiveDigits)
        }
        let values =
            report.valuation.map {
                [
                    Change(
                        name: "validation loss without the worst \($0.rowsRemoved)", predicted: $0.predictedChangeIfRemoved.toFiveDigits,
                        measured: $0.measuredChangeIfRemoved.toFiveDigits)
                ]
            } ?? []
        let names = distinctNames(report.trace?.traced.map(\.query) ?? [])
        let answers = zip(names, report.trace?.traced ?? []).map { name, answer in
            Change(
                name: "margin of \(name)", predicted: answer.predictedMarginChange.toFiveDigits,
                measured: answer.measuredMarginChange.toFiveDigits)
        }
        changes = values + answers
    }
}
