import Studies

/// The formats of an attribution.
package enum AttributionFormat: String, Sendable, CaseIterable {
    case text
    case json
    case csv
    case markdown
    case html
}

extension AttributionReport {
    /// The report in a format; the same report always gives the same text.
    ///
    /// - Parameter rowLimit: the number of rows in the tables of text and Markdown.
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    package func rendered(_ format: AttributionFormat, rowLimit: Int = 12) throws -> String {
        switch format {
        case .text: text(rowLimit: rowLimit)
        case .json: try json()
        case .csv: csv
        case .markdown: markdown(rowLimit: rowLimit)
        case .html: try html()
        }
    }

    /// The title: the pairs, with their numbers of rows and groups.
    var title: String {
        let groups = pairs.groups.map { " in \($0) groups" } ?? ""
        return "\(pairs.name): \(pairs.rows) pairs of \(pairs.left.name) and \(pairs.right.name)\(groups)"
    }

    /// What the report says, in sentences.
    var verdicts: [String] {
        var sentences: [String] = []
        let interval =
            detection.shareInterval.map {
                " (95 % interval \(Numbers.percent($0[0])) to \(Numbers.percent($0[1])))"
            } ?? ""
        if hasNoSignal {
            sentences.append(
                "Pairs do not stand apart from random partners (pair AUROC \(Numbers.decimal(detection.pairAuroc, places: 2))): nothing can be said of single rows."
            )
        } else {
            sentences.append(
                "About \(Numbers.percent(detection.share)) of the pairs\(interval) look no better than random partners, about an upper bound of the mismatched; \(detection.flagged.count) \(detection.flagged.count == 1 ? "is" : "are") flagged."
            )
            sentences.append(
                "\(detection.confirmed.count) of \(pairs.rows) pairs are confirmed as related (q ≤ \(detection.confirmed.alpha): of these at most that share is expected to be wrong)."
            )
        }
        if let valuation {
            let removed = valuation.rowsRemoved
            sentences.append(
                removed == 0
                    ? "No pair harms the validation loss."
                    : "Removing the \(removed) most harmful pairs changes the validation loss by \(Numbers.decimal(valuation.measuredChangeIfRemoved)) nats a pair after a refit (predicted \(Numbers.decimal(valuation.predictedChangeIfRemoved)); as many random pairs: \(Numbers.decimal(valuation.randomChange)))."
            )
        }
        if let trace {
            let corrected = trace.traced.count { $0.corrected }
            sentences.append(
                "\(trace.wrong) of \(trace.queries) queries are answered wrongly; of the \(trace.traced.count) traced, \(corrected) are right after a refit without the pairs named for them."
            )
        }
        return sentences
    }

    var hasNoSignal: Bool { notes.contains { $0.code == "no_signal" } }

    /// How the numbers were made, in one line.
    var method: String {
        let ridge = fit.ridge.map { "ridge \($0)" } ?? "the cosine alone"
        let cosine = detection.pairAurocCosine.map { ", cosine \(Numbers.decimal($0, places: 3))" } ?? ""
        return "head of rank \(fit.rank), \(ridge)\(settings.ridge == "auto" ? " (chosen)" : ""), \(detection.passes) "
            + "\(detection.passes == 1 ? "pass" : "passes"), \(detection.decoys) decoys; "
            + "pairs above decoys: AUROC \(Numbers.decimal(detection.pairAuroc, places: 3))\(cosine)"
    }

    /// The table of the least related rows.
    func rowTable(limit: Int) -> TextTable {
        let shown = rows.prefix(limit)
        let (hasCosine, hasInfluence) = (shown.contains { $0.cosine != nil }, shown.contains { $0.influence != nil })
        let header =
            ["row", "score", "p", "q", "unrelated", "flag"] + (hasCosine ? ["cosine"] : [])
            + (hasInfluence ? ["influence", "removing it"] : []) + ["better partner"]
        return TextTable(
            header: header,
            rows: shown.map { row in
                [
                    row.id, Numbers.decimal(row.score, places: 2), Numbers.probability(row.p), Numbers.probability(row.q),
                    Numbers.decimal(row.unrelated, places: 2), row.flagged ? "yes" : "",
                ] + (hasCosine ? [Numbers.optional(row.cosine)] : [])
                    + (hasInfluence
                        ? [
                            row.influence.map { Numbers.small($0) } ?? "-",
                            row.influence.map { $0 < 0 ? "lowers the loss" : "raises the loss" } ?? "-",
                        ]
                        : [])
                    + [row.partner ?? ""]
            }, dispensable: ["p", "cosine", "removing it", "score", "influence"])
    }

    /// The table of the pairs that harm most and those that help most.
    func valueTable(limit: Int) -> TextTable? {
        guard valuation != nil else { return nil }
        let valued = rows.filter { $0.influence != nil }
        let sorted = valued.sorted { ($0.influence ?? 0, $0.rank) < ($1.influence ?? 0, $1.rank) }
        let shown = sorted.filter { ($0.influence ?? 0) < 0 }.prefix(limit)
        return TextTable(
            header: ["row", "influence (nats a validation pair)", "removing it", "unrelated", "rank by score"],
            rows: shown.map { row in
                [
                    row.id, row.influence.map { Numbers.small($0) } ?? "-", "lowers the loss", Numbers.decimal(row.unrelated, places: 2),
                    "\(row.rank)",
                ]
            })
    }

    /// The table of wrong answers with the pair behind each.
    func traceTable() -> TextTable? {
        guard let trace, !trace.traced.isEmpty else { return nil }
        return TextTable(
            header: ["query", "answer", "right", "margin", "predicted change", "measured", "answer after", "strongest cause"],
            rows: trace.traced.map { answer in
                [
                    answer.query, answer.answer, answer.right, Numbers.decimal(answer.margin),
                    Numbers.decimal(answer.predictedMarginChange), Numbers.decimal(answer.measuredMarginChange),
                    answer.corrected ? "right" : answer.answerAfter, answer.top.first?.id ?? "-",
                ]
            }, dispensable: ["predicted change", "margin", "measured"])
    }

    private func text(rowLimit: Int) -> String {
        var parts = [title.withoutControls + "\n" + verdicts.map { "  \($0.withoutControls)\n" }.joined() + "  \(method)\n"]
        parts.append(
            "least related first (\(min(rowLimit, rows.count)) of \(rows.count); -o rows.csv has all)\n" + rowTable(limit: rowLimit).plain)
        if let table = valueTable(limit: rowLimit), !table.rows.isEmpty {
            parts.append("most harmful to the validation loss first\n" + table.plain)
        }
        if let table = traceTable() {
            parts.append("wrong answers; a change below 0 moves towards the right one\n" + table.plain)
        }
        if !notes.isEmpty { parts.append(notes.map { "note (\($0.code)): \($0.text.withoutControls)\n" }.joined()) }
        return parts.joined(separator: "\n")
    }

    private func markdown(rowLimit: Int) -> String {
        var parts = [
            "### \(title.markdownText)\n", verdicts.map { "**\($0.markdownText)**\n" }.joined(separator: "\n"), method.markdownText + "\n",
        ]
        parts.append("Least related first (\(min(rowLimit, rows.count)) of \(rows.count)):\n")
        parts.append(rowTable(limit: rowLimit).markdown)
        if let table = valueTable(limit: rowLimit), !table.rows.isEmpty {
            parts += ["Most harmful to the validation loss first:\n", table.markdown]
        }
        if let table = traceTable() { parts += ["Wrong answers; a change below 0 moves towards the right one:\n", table.markdown] }
        if !notes.isEmpty { parts.append(notes.map { "- `\($0.code)`: \($0.text.markdownText)\n" }.joined()) }
        return parts.joined(separator: "\n")
    }

    /// A line for each row, the least related first, with numbers in full precision.
    private var csv: String {
        let header = [
            "rank", "id", "group", "score", "p", "q", "unrelated", "flagged", "confirmed", "cosine", "softmax_cosine", "partner",
            "partner_score", "influence", "relative_influence", "effect",
        ]
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        let lines = rows.map { row in
            [
                "\(row.rank)", row.id, row.group ?? "", number(row.score), number(row.p), number(row.q), number(row.unrelated),
                "\(row.flagged)", "\(row.confirmed)", number(row.cosine), number(row.softmaxCosine), row.partner ?? "",
                number(row.partnerScore), number(row.influence), number(row.relativeInfluence), row.effect ?? "",
            ]
        }
        return csvText([header] + lines)
    }
}

extension Numbers {
    /// Three decimals; three digits of a smaller number, in up to six decimals; scientific notation for numbers smaller still.
    static func small(_ value: Double) -> String {
        switch value.magnitude {
        case 0, 0.0995...: decimal(value)
        case 0.00995...: decimal(value, places: 4)
        case 0.000995...: decimal(value, places: 5)
        case 0.0000995...: decimal(value, places: 6)
        default: scientific(value)
        }
    }
}
