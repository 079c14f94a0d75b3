import EmbeddingFiles
import Foundation

extension CalibrationReport {
    /// The report as a self-contained HTML file.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    package func html() throws -> String {
        HTMLPage(
            sort: .calibration, title: "emi calibrate: \(id.name)".withoutControls,
            heading: "Is \(id.name) calibrated?",
            facts:
                "\(id.rows?.used ?? 0) rows, \(id.groups ?? 0) groups; \(summary.scenarioCount) shifted sets; \(settings.bins) bins of equal width",
            sections: [summarySection, reliabilitySection, selectionSection] + tableSections + [
                noteSection, settingSection, glossarySection,
            ],
            data: try scriptJSON(CalibrationChartData(self)), origin: environment?.origin
        ).source
    }

    private var summarySection: PageSection {
        func tile(_ name: String, _ value: Value?, _ detail: String, style: String = "") -> PageSection.Tile? {
            value.map {
                .init(name: name, value: Numbers.decimal($0.value), detail: "\(detail) \(Numbers.interval($0.interval))", style: style)
            }
        }
        var tiles = [tile("accuracy", id.accuracy, id.name), tile("confidence less accuracy", id.gap, id.name)].compactMap { $0 }
        if let ece = id.ece {
            tiles.append(
                .init(name: "ECE", value: Numbers.decimal(ece.value), detail: "chance alone makes \(Numbers.decimal(ece.chance))"))
        }
        if let temperature = id.temperature {
            tiles.append(
                .init(
                    name: "temperature", value: Numbers.decimal(temperature.value, places: 2),
                    detail: temperature.interval.map { "\(id.name) \(Numbers.interval($0))" } ?? "of \(id.name)"))
        }
        return PageSection(sentences: verdicts, tiles: tiles)
    }

    private var reliabilitySection: PageSection {
        PageSection(
            id: "reliability", title: "Reliability",
            body: Markup.figure(
                "reliability", "Accuracy by confidence",
                "Bars are the accuracy of each bin with its interval; the grey band is where a calibrated model's accuracy would lie. "
                    + "Below the diagonal the model is over-confident. Hover for counts; small bins say little.",
                description: "Reliability diagrams: accuracy against confidence by bin, for each set."
            )
            .followed(
                by: Markup.figure(
                    "recalibrated", "Before and after recalibration",
                    "The same bins after recalibration, every row by parameters from other folds.",
                    description: "Accuracy less confidence by bin before and after recalibration, for each set.")))
    }

    private var selectionSection: PageSection {
        PageSection(
            id: "selection", title: "Which answers to trust",
            body: Markup.figure(
                "selection", "Risk by coverage",
                "The share of wrong answers among the most confident ones, as fewer are answered. Dashed: an oracle that knows which are right. "
                    + "Dotted: a random choice. Equal confidences are answered together.",
                description: "Risk-coverage curves with oracle and random choice, for each set."))
    }

    private var tableSections: [PageSection] {
        tables.enumerated().filter { !$0.element.table.rows.isEmpty }.map { index, found in
            PageSection(
                id: "table-\(index)", title: found.title, link: ["Sets", "Scores"].dropFirst(index).first ?? found.title,
                body: Markup.plainTable(found.table, caption: found.title))
        }
    }

    private var noteSection: PageSection {
        let lines =
            remarks + shownNotes.map { "\($0.code): \($0.text)" }
            + ["'Not resolved' is no proof of calibration: read the smallest change that would have been found."]
        let items = lines.map { text -> Markup in "<li>\(text)</li>\n" }
        return PageSection(id: "notes", title: "What to hold beside the numbers", link: "Notes", body: "<ul>\n\(items)</ul>\n")
    }

    private var settingSection: PageSection {
        let rows = [
            ("bins", "\(settings.bins), \(settings.rule)"), ("confidence of intervals", Numbers.confidence(settings.confidence)),
            ("confidences from", settings.confidenceSource), ("option scores", settings.scores ?? "none"),
            ("patterns of signs", "\(settings.draws)"), ("seed", "\(settings.seed)"), ("program", "\(tool.name) \(tool.version)"),
            ("schema version", schemaVersion),
        ]
        let files = Markup.fileTable(provenance?.inputs ?? [], title: "SHA-256 of the inputs")
        return PageSection(id: "settings", title: "Settings", body: "\(Markup.facts(rows.map { ($0, Optional($1)) }))\(files)")
    }

    private var glossarySection: PageSection {
        PageSection(id: "glossary", title: "What the numbers mean", link: "Glossary", body: Markup.glossary(Glossary.ofCalibrations))
    }
}

extension Markup {
    fileprivate func followed(by other: Markup) -> Markup { Markup([self, other]) }
}

/// The data of the charts, with numbers rounded to five digits.
struct CalibrationChartData: Encodable {
    let confidence: String
    let sets: [Set]

    /// The number of sets to draw: the first, and those with the largest changes of the gap.
    static let setLimit = 12

    struct Set: Encodable {
        let name: String
        let bins: [Bin]
        let after: [Bin]
        let curve: [Point]
        let random: Double?
    }

    struct Bin: Encodable {
        let confidence, accuracy, low, high, bandLow, bandHigh: Double
        let n: Int

        init(_ bin: CalibrationReport.Bin) {
            (confidence, accuracy, n) = (bin.confidence.toFiveDigits, bin.accuracy.toFiveDigits, bin.n)
            (low, high) = (bin.interval[0].toFiveDigits, bin.interval[1].toFiveDigits)
            (bandLow, bandHigh) = (bin.band[0].toFiveDigits, bin.band[1].toFiveDigits)
        }
    }

    struct Point: Encodable {
        let coverage, risk, oracle: Double
    }

    init(_ report: CalibrationReport) {
        confidence = Numbers.confidence(report.settings.confidence)
        let others = report.scenarios.filter { $0.gap != nil }.enumerated()
            .sorted { (-abs($0.element.change?.gap?.value ?? 0), $0.offset) < (-abs($1.element.change?.gap?.value ?? 0), $1.offset) }
            .prefix(Self.setLimit - 1).map(\.element)
        let shown = [report.id].filter { $0.gap != nil } + others
        let names = distinctNames(shown.map(\.name))
        sets = zip(shown, names).map { set, name in
            Set(
                name: name, bins: (set.ece?.bins ?? []).map { Bin($0) }, after: (set.recalibrated?.bins ?? []).map { Bin($0) },
                curve: (set.selective?.curve ?? []).map {
                    Point(coverage: $0.coverage.toFiveDigits, risk: $0.risk.toFiveDigits, oracle: $0.oracle.toFiveDigits)
                }, random: set.selective?.random.toFiveDigits)
        }
    }
}
