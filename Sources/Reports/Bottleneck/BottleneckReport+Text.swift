import Bottleneck
import Studies

/// The formats of a bottleneck report.
package enum BottleneckFormat: String, Sendable, CaseIterable {
    case text
    case json
    case markdown
    case html
}

extension BottleneckReport {
    /// The report in a format.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    package func rendered(_ format: BottleneckFormat) throws -> String {
        switch format {
        case .text: text
        case .json: try jsonText(of: self)
        case .markdown: markdown
        case .html: try html()
        }
    }

    /// The name of a representation for people.
    static func label(_ name: String) -> String {
        switch name {
        case "raw": "all columns"
        case "bottleneck": "bottleneck"
        case "principal": "principal components"
        case "random": "random projection"
        default: name
        }
    }

    /// A row for each direction.
    var directionTable: TextTable {
        TextTable(
            header: ["direction", "held-out rho", "s.e.", "enters at beta", "\(settings.units) of \(settings.for)"],
            rows: rho.indices.map { index in
                [
                    "\(index + 1)", Numbers.decimal(rho[index]), Numbers.decimal(rhoStandardError[index]),
                    Numbers.decimal(criticalBeta[index]),
                    Numbers.decimal(unit.value(gaussianInformation([rho[index]]))),
                ]
            })
    }

    private var unit: InformationUnit { InformationUnit(rawValue: settings.units) ?? .nats }

    /// A row for each representation: what a probe reads from it on the ID set and, on average, under shift.
    var representationTable: TextTable {
        let kinds = scenarioKinds
        func accuracy(_ name: String, _ kind: String?) -> String {
            let values = scenarios.filter { kind == nil || ($0.kind ?? "other") == kind }
                .compactMap { $0.representations[name]?.accuracy }.sorted()
            return values.isEmpty ? "-" : Numbers.decimal(values.reduce(0, +) / Double(values.count))
        }
        return TextTable(
            header: ["representation", "columns", "probe, ID"] + kinds.map { "probe, \($0)" }
                + (scenarios.isEmpty ? [] : ["probe, shifts"])
                + ["explained, ID", "effective rank"]
                + (scenarios.isEmpty ? [] : ["excess of JSD", "own nearest", "relative shift", "CKA"]),
            rows: representations.map { found in
                [Self.label(found.name), "\(found.columns)", Numbers.decimal(found.accuracy)]
                    + kinds.map { accuracy(found.name, $0) }
                    + (scenarios.isEmpty ? [] : [accuracy(found.name, nil)])
                    + [Numbers.decimal(found.explainedShare), Numbers.optional(found.effectiveRank, places: 1)]
                    + (scenarios.isEmpty
                        ? []
                        : [
                            mean(found.name, \.excess), mean(found.name, \.ownNearest),
                            mean(found.name, \.relativeShift), mean(found.name, \.cka),
                        ]
                        .map { Numbers.optional($0) })
            })
    }

    private var scenarioKinds: [String] {
        let found = Set(scenarios.map { $0.kind ?? "other" })
        let known = ["visual", "text", "joint", "natural-visual", "natural-text", "natural-joint"]
        return found.count < 2 ? [] : known.filter(found.contains) + found.subtracting(known).sorted()
    }

    /// A row for each shift.
    func scenarioTable(limit: Int = .max) -> TextTable {
        let hasBottleneck = representations.contains { $0.name == "bottleneck" }
        let shown = hasBottleneck ? ["raw", "bottleneck", "principal"] : ["raw"]
        return TextTable(
            header: ["scenario", "kind"] + shown.flatMap { ["probe, \(Self.short($0))", "excess, \(Self.short($0))"] }
                + ["own nearest", "relative shift", "CKA", "consistency", "modality gap"],
            rows: scenarios.prefix(limit).map { scenario in
                let raw = scenario.representations["raw"]
                return [scenario.name, scenario.kind ?? "-"]
                    + shown.flatMap { name in
                        [scenario.representations[name]?.accuracy, scenario.representations[name]?.excess].map {
                            Numbers.optional($0)
                        }
                    }
                    + [
                        raw?.ownNearest, raw?.relativeShift, raw?.cka, scenario.responseConsistency,
                        scenario.modalityGap,
                    ]
                    .map { Numbers.optional($0) }
            })
    }

    private static func short(_ name: String) -> String {
        switch name {
        case "raw": "all"
        case "principal": "p. c."
        default: name
        }
    }

    /// The facts of the run in one line.
    var facts: String {
        "\(settings.of) for \(settings.for), \(settings.kernel) features, \(id.name.withoutControls): \(id.sampleCount) rows in "
            + "\(id.groupCount) groups, \(id.columns) columns, ridge \(ridge)"
    }

    private var matchingLine: String? {
        matching.map {
            "matching information \(Numbers.decimal($0.value))\($0.standardError.map { " ± \(Numbers.decimal($0))" } ?? "") "
                + "\(settings.units); the answers hold at most \(Numbers.decimal(answerLimit))"
        }
    }

    /// The assumptions behind the numbers.
    static let remarks = [
        "correlations, information and probes are held out by group; in sample, independent rows of many columns have large correlations",
        "Gaussian nats are no Shannon nats where answers are few: matching information is at most what the answers hold",
        "divergences compare unit rows in the encoder of all ID rows; read them beside the controls, which have as many columns",
        "effective rank, own nearest, relative shift and CKA are of the features as they are, over items that both sets hold",
    ]

    var text: String {
        let notes = warnings.map { "note (\($0.code)): \($0.message)\n" }.joined()
        let shifts =
            scenarios.isEmpty
            ? ""
            : scenarioTable(limit: 20).plain
                + (scenarios.count > 20 ? "  … and \(scenarios.count - 20) more, in --format json\n" : "") + "\n"
        return facts + "\n\n" + findings.map { $0 + "\n" }.joined() + (matchingLine.map { $0 + "\n" } ?? "") + "\n"
            + (kept > 0 ? directionTable.plain + "\n" : "") + representationTable.plain + "\n" + shifts
            + Self.remarks.map { "note: \($0)\n" }.joined() + notes
    }

    var markdown: String {
        let parts =
            ["### emi bottleneck\n", facts.markdownText + "\n"] + findings.map { "**\($0.markdownText)**\n" }
            + [
                matchingLine.map { $0.markdownText + "\n" }, kept > 0 ? directionTable.markdown : nil,
                representationTable.markdown,
            ]
            .compactMap { $0 } + (scenarios.isEmpty ? [] : [scenarioTable().markdown])
            + [(Self.remarks + warnings.map { "\($0.message) (\($0.code))" }).map { "- \($0.markdownText)\n" }.joined()]
        return parts.joined(separator: "\n")
    }
}
