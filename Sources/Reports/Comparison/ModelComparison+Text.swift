extension ModelComparison {
    /// The comparison in a format.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    package func rendered(_ format: ComparisonFormat) throws -> String {
        switch format {
        case .text: text
        case .json: try jsonText(of: self)
        case .markdown: markdown
        case .html: try html()
        }
    }

    /// How each of the other models compares with the first, as far as Holm's correction allows a statement.
    var verdicts: [String] {
        comparisons.count == 1
            ? comparisons[0].verdicts
            : zip(shortNames.dropFirst(), comparisons).map { $1.shortVerdict(name: $0, baseline: shortNames[0]) }
    }

    /// A row for each model after the first: how it differs from the first over all scenarios.
    var differenceTable: TextTable {
        TextTable(
            header: [
                "less \(shortNames[0])", "measure", "difference", "interval", "p", "p (Holm)", "rows",
                "variance ratio",
            ],
            rows: zip(shortNames.dropFirst(), comparisons).flatMap { name, comparison in
                ComparisonReport.measureNames.compactMap { measure in
                    comparison.measures[measure].map { found in
                        [
                            name, ComparisonReport.label(measure), Numbers.decimal(found.meanDifference),
                            found.shownInterval,
                            Numbers.probability(found.pValue), Numbers.probability(found.holmPValue),
                            found.isPaired == true ? "paired" : "-",
                            Numbers.optional(comparison.medianVarianceRatio(measure), places: 2),
                        ]
                    }
                }
            })
    }

    private var text: String {
        let tables = modelTables.map { $0.table.plain + "\n" }.joined()
        guard comparisons.count > 1 else { return comparisons[0].text(models: tables) }
        return
            "the first model is \(models[0].name.withoutControls); differences are the other less the first, in \(comparisons[0].units)\n\n"
            + verdicts.map { $0 + "\n" }.joined() + "\n" + tables + differenceTable.plain + "\n"
            + remarks.map { "note: \($0)\n" }.joined()
    }

    private var markdown: String {
        let tables = modelTables.map(\.table.markdown)
        guard comparisons.count > 1 else { return comparisons[0].markdown(models: tables) }
        return
            ([
                "### emi compare\n",
                "The first model is \(models[0].name); differences are in \(comparisons[0].units).".markdownText + "\n",
            ]
            + verdicts.map { "**\($0.markdownText)**\n" } + tables + [differenceTable.markdown]
            + [remarks.map { "- \($0.markdownText)\n" }.joined()]).joined(separator: "\n")
    }

    /// What the reader must keep in mind beside the numbers.
    var remarks: [String] {
        let own = zip(shortNames.dropFirst(), comparisons).flatMap { name, comparison in
            (comparison.pairingRemarks + comparison.queryRemarks).map { comparisons.count > 1 ? "\(name.withoutControls): \($0)" : $0 }
        }
        let notes = comparisons.flatMap(\.notes)
        return own + notes.enumerated().filter { !notes[..<$0.offset].contains($0.element) }.map(\.element)
            + [
                "columns are means over the \(models[0].measures["emid"]?.count ?? 0) scenarios that all models have; the worst loss is the largest of "
                    + "many estimates, and its interval is for the largest true one"
            ]
            + (comparisons.count > 1
                ? [
                    "p (Holm) is over the comparisons with the first model; q-values are over scenarios within a comparison"
                ] : [])
    }
}

extension ComparisonReport {
    /// How the rows were used, in sentences.
    var pairingRemarks: [String] {
        switch pairing.kind {
        case "rows":
            let ratio =
                medianVarianceRatio("emi").map {
                    ": intervals of EMI are \(Numbers.decimal($0.squareRoot(), places: 2)) times narrower than those of independent runs (median)"
                } ?? ""
            return ["rows against rows in \(pairing.scenarios) of \(scenarios.count) scenarios\(ratio)"]
                + [pairing.reason.map { "not row by row in \($0)" }].compactMap { $0 }
        default:
            return [
                "not row by row: \(pairing.reason ?? "no rows"); intervals take the two reports as independent, which is conservative for "
                    + "the same items"
            ]
        }
    }

    /// The median over scenarios of the variance of independent runs divided by that of comparing rows with rows.
    func medianVarianceRatio(_ measure: String) -> Double? {
        let ratios = scenarios.compactMap { $0[measure]?.difference.varianceRatio }.sorted()
        return ratios.isEmpty ? nil : ratios[ratios.count / 2]
    }

    /// The verdict in one sentence, with the names of the other model and of the first.
    fileprivate func shortVerdict(name: String, baseline: String) -> String {
        let (name, baseline) = (name.withoutControls, baseline.withoutControls)
        guard let emid = measures["emid"] else { return "\(name): no scenario has EMID in both reports." }
        let size = "\(Numbers.decimal(abs(emid.meanDifference))) \(units)"
        let (label, p) = emid.holmPValue.map { ("p (Holm)", Optional($0)) } ?? ("p", emid.pValue)
        guard let p, p < 1 - confidence, emid.meanDifference != 0 else {
            return "\(name): no difference in robustness from \(baseline) is resolved"
                + (p.map { " (\(Numbers.evidence(label, $0)))" } ?? "") + "."
        }
        return
            "\(name) loses \(size) \(emid.meanDifference < 0 ? "less" : "more") EMI than \(baseline) on average "
            + "(\(Numbers.evidence(label, p)))."
    }
}
