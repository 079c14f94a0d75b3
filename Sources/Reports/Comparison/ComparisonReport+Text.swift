import Statistics

/// The formats of a comparison.
package enum ComparisonFormat: String, Sendable, CaseIterable {
    case text
    case json
    case markdown
    case html
}

extension ComparisonReport {
    /// Which of the two lost less EMI, as far as the mean over scenarios shows, and where they differ most.
    var verdicts: [String] {
        guard let emid = measures["emid"] else { return ["No scenario has EMID in both reports."] }
        let evidence = emid.pValue.map { " (\(Numbers.evidence("p", $0)))" } ?? ""
        let size = "\(Numbers.decimal(abs(emid.meanDifference))) \(units)"
        let count = "\(emid.count) scenario\(emid.count == 1 ? "" : "s")"
        var sentences: [String] = []
        if let estimators {
            return [
                "Neither is called more robust: EMI of A is by \(estimators[0].withoutControls) and that of B by "
                    + "\(estimators[1].withoutControls), on two scales."
            ]
        }
        if emid.higherInB + emid.lowerInB == 0 {
            sentences.append("A and B lose the same EMI in all of \(count).")
        } else if let p = emid.pValue, p < 1 - confidence, emid.meanDifference != 0 {
            let isB = emid.meanDifference < 0
            sentences.append(
                "\(isB ? "B" : "A") is more robust: its EMID is lower in \(isB ? emid.lowerInB : emid.higherInB) of \(count), by \(size) "
                    + "on average\(evidence).")
        } else {
            sentences.append(
                "No difference in robustness is resolved over \(count): EMID is lower in B in \(emid.lowerInB) and in A in "
                    + "\(emid.higherInB)\(evidence).")
        }
        for (letter, sign) in [("B", -1.0), ("A", 1.0)] {
            let ahead = scenarios.first { ($0.emid?.difference.value ?? 0) * sign > 0 }
            if let ahead, let pair = ahead.emid {
                let (difference, lead) = (pair.difference, ComparisonLead(pair))
                sentences.append(
                    "\(letter) is ahead most in \(ahead.name.withoutControls), by \(Numbers.decimal(abs(difference.value))) "
                        + "\(units)\(lead.isResolved ? "" : ", which is not resolved").")
            }
        }
        return sentences
    }

    var title: String { "A = \(a.withoutControls), B = \(b.withoutControls); differences are B less A, in \(units)" }

    var measureTable: TextTable {
        TextTable(
            header: [
                "over scenarios", "n", "mean A", "mean B", "difference", Numbers.confidence(confidence) + " interval", "p", "B lower",
                "B higher", "sign p", "Wilcoxon p",
            ],
            rows: Self.measureNames.compactMap { name in
                measures[name].map { found in
                    [Self.label(name), "\(found.count)", Numbers.decimal(found.meanA), Numbers.decimal(found.meanB)]
                        + [Numbers.decimal(found.meanDifference), found.shownInterval, Numbers.probability(found.pValue)]
                        + ["\(found.lowerInB)", "\(found.higherInB)"]
                        + [found.signTestPValue, found.wilcoxonPValue].map { Numbers.probability($0) }
                }
            }, dispensable: ["Wilcoxon p", "sign p", "B higher", "B lower", "n"])
    }

    private func scenarioTable(limit: Int) -> TextTable {
        func row(_ name: String, _ kind: String, _ pair: Pair?) -> [String] {
            [name, kind, Numbers.optional(pair?.a), Numbers.optional(pair?.b), Numbers.optional(pair?.difference.value)]
                + [Numbers.interval(pair?.difference.interval), Numbers.probability(pair?.difference.pValue)]
                + [Numbers.probability(pair?.difference.qValue)]
        }
        return TextTable(
            header: ["scenario", "kind", "EMID A", "EMID B", "difference", Numbers.confidence(confidence) + " interval", "p", "q"],
            rows: scenarios.prefix(limit).map { row($0.name, $0.kind ?? "-", $0.emid) }, dispensable: ["kind", "p", "EMID A", "EMID B"])
    }

    /// What the reader must keep in mind beside the numbers.
    var remarks: [String] {
        let lists = [("only in A", onlyInA), ("only in B", onlyInB), ("without numbers in one of the two", failed)]
        return lists.filter { !$0.1.isEmpty }.map { "\($0): \($1.map(\.withoutControls).joined(separator: ", "))" } + notes
            + [
                "the interval and p over scenarios hold whatever scenarios share; the sign test and Wilcoxon's take them as independent, which "
                    + "they are not where they share the ID set or items: read these as counts"
            ]
            + pairingRemarks + queryRemarks
    }

    /// Which measures only the queries decide, which are the same in both.
    var queryRemarks: [String] {
        Self.measureNames.compactMap { name in measures[name]?.reason.map { "\(Self.label(name)): \($0)" } }
    }

    private static let shownCount = 20

    private var omitted: String? {
        scenarios.count > Self.shownCount ? "… and \(scenarios.count - Self.shownCount) more, in --format json" : nil
    }

    /// - Parameter models: the tables of the models, as text.
    func text(models: String) -> String {
        title + "\n\n" + verdicts.map { $0 + "\n" }.joined() + "\n" + models + measureTable.plain + "\n"
            + scenarioTable(limit: Self.shownCount).plain + (omitted.map { "  \($0)\n" } ?? "") + "\n"
            + remarks.map { "note: \($0)\n" }.joined()
    }

    /// - Parameter models: the tables of the models, as Markdown.
    func markdown(models: [String]) -> String {
        (["### emi compare\n", title.markdownText + "\n"] + verdicts.map { "**\($0.markdownText)**\n" }
            + models + [measureTable.markdown, scenarioTable(limit: Self.shownCount).markdown]
            + [omitted.map { $0 + "\n" }].compactMap { $0 }
            + [remarks.map { "- \($0.markdownText)\n" }.joined()]).joined(separator: "\n")
    }

    /// The text without the tables of models.
    var text: String { text(models: "") }

    /// The Markdown without the tables of models.
    var markdown: String { markdown(models: []) }

    /// The comparison in a format, without the tables of models.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    package func rendered(_ format: ComparisonFormat) throws -> String {
        switch format {
        case .text: text
        case .json: try jsonText(of: self)
        case .markdown: markdown
        case .html: try html(models: [])
        }
    }
}

extension ComparisonReport.Measure {
    /// The interval for a table, or in short why there is none.
    var shownInterval: String { reason == nil ? Numbers.interval(interval) : "same queries" }
}
