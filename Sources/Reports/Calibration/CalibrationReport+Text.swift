extension CalibrationReport {
    /// The report in a format.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    package func rendered(_ format: ReportFormat, byteLimit: Int = Report.stepSummaryByteLimit) throws -> String {
        switch format {
        case .text: text
        case .json: try jsonText(of: self)
        case .csv: csv
        case .markdown: markdown(byteLimit: byteLimit)
        case .html: try html()
        case .junit: junit()
        }
    }

    /// All sets, the first one first.
    var sets: [Set] { [id] + scenarios }

    /// Sentences on what the first set's confidences are worth, and on what the shift did to them.
    var verdicts: [String] {
        var sentences: [String] = []
        if let gap = id.gap, let accuracy = id.accuracy {
            let name = id.name.withoutControls
            if let ends = gap.interval, ends[0] > 0 {
                sentences.append(
                    "\(name) is over-confident: confidence exceeds accuracy (\(Numbers.decimal(accuracy.value))) by \(shown(gap)).")
            } else if let ends = gap.interval, ends[1] < 0 {
                sentences.append(
                    "\(name) is under-confident: confidence falls short of accuracy (\(Numbers.decimal(accuracy.value))) by \(shown(gap)).")
            } else {
                sentences.append("\(name): no gap between confidence and accuracy is resolved, \(shown(gap)).")
            }
            if let ece = id.ece {
                sentences.append(
                    "Its ECE is \(Numbers.decimal(ece.value)); a calibrated model with these confidences would show \(Numbers.decimal(ece.chance))."
                )
            }
        }
        if summary.scenarioCount > 0 {
            let tested = summary.moreOverconfident + summary.lessOverconfident + summary.unresolved
            var sentence =
                tested == 1
                ? change(ofOne: summary)
                : "Of \(tested) shifted sets \(summary.moreOverconfident) are more over-confident than \(id.name.withoutControls) "
                    + "and \(summary.lessOverconfident) less (q ≤ 0.05); \(summary.unresolved) are not resolved"
            if let smallest = summary.smallestGapChange, summary.unresolved > 0 {
                sentence += ", where a change of \(Numbers.decimal(smallest)) would have been found in 80 % of repetitions"
            }
            sentences.append(sentence + ".")
            if let refuted = summary.temperatureRefuted, let value = id.temperature?.value {
                let count = scenarios.count { $0.temperature?.lnRatio != nil }
                sentences.append(
                    "The temperature of \(id.name.withoutControls), \(Numbers.decimal(value, places: 2)), is refuted in \(refuted) of "
                        + "\(count) (p ≤ 0.05).")
            }
        }
        return sentences
    }

    /// What became of the confidence of the only shifted set.
    private func change(ofOne summary: Summary) -> String {
        let name = id.name.withoutControls
        if summary.unresolved > 0 { return "No change of over-confidence is resolved in the shifted set" }
        return "The shifted set is \(summary.moreOverconfident > 0 ? "more" : "less") over-confident than \(name) (q ≤ 0.05)"
    }

    private func shown(_ value: Value) -> String {
        let size = Numbers.decimal(abs(value.value))
        guard let ends = value.interval else { return size }
        let isNegative = value.value < 0
        return "\(size) \(Numbers.interval(isNegative ? [-ends[1], -ends[0]] : ends))"
    }

    /// The table of all sets; with temperatures, each set also has a line at the first set's temperature.
    func setTable(withTemperatures: Bool = true) -> TextTable {
        let hasChanges = scenarios.contains { $0.change?.gap != nil }
        let hasTemperatures = sets.contains { $0.temperature != nil }
        let header =
            ["set", "rows", "accuracy", "confidence", "gap", Numbers.confidence(settings.confidence) + " interval"]
            + ["ECE", "chance", "excess", "AUROC"] + (hasTemperatures ? ["T"] : []) + (hasChanges ? ["q of change"] : [])
        let rows = sets.flatMap { set -> [[String]] in
            guard let gap = set.gap else {
                let said = set.status == "ok" ? "no confidences" : "failed"
                return [[set.name, set.rows.map { "\($0.used)" } ?? "-", said] + [String](repeating: "-", count: header.count - 3)]
            }
            let own = [
                set.name, "\(set.rows?.used ?? 0)", Numbers.optional(set.accuracy?.value), Numbers.optional(set.confidence?.value),
                Numbers.decimal(gap.value), Numbers.interval(gap.interval), Numbers.optional(set.ece?.value),
                Numbers.optional(set.ece?.chance), Numbers.optional(set.ece?.excess), Numbers.optional(set.auroc?.value),
            ]
            let temperature =
                hasTemperatures
                ? [set.temperature.map { Numbers.decimal($0.value, places: 2) + ($0.limit == nil ? "" : " (limit)") } ?? "-"] : []
            let q = hasChanges ? [Numbers.probability(set.change?.gap?.qValue)] : []
            var lines = [own + temperature + q]
            if withTemperatures, let short = set.temperature?.atReference, let value = set.temperature?.reference {
                lines.append(
                    ["  at \(settings.appliedTemperature == nil ? id.name + "'s " : "")T (\(Numbers.decimal(value, places: 2)))", "", ""]
                        + [Numbers.decimal(short.confidence), Numbers.decimal(short.gap.value), Numbers.interval(short.gap.interval)]
                        + [Numbers.decimal(short.ece), Numbers.decimal(short.chance), Numbers.decimal(short.excess)]
                        + [Numbers.optional(short.auroc)] + (hasTemperatures ? [""] : []) + (hasChanges ? [""] : []))
            }
            return lines
        }
        return TextTable(header: header, rows: rows)
    }

    /// The table of scores, tests and selection.
    var detailTable: TextTable {
        TextTable(
            header: [
                "set", "ECE interval", "smECE", "Brier", "= misc.", "- disc.", "+ unc.", "log loss", "SKCE p", "z", "AURC", "naurc",
                "cov. at 5 %",
            ],
            rows: sets.filter { $0.gap != nil }.map { set in
                [
                    set.name, Numbers.interval(set.ece?.interval), Numbers.optional(set.smece), Numbers.optional(set.brier?.value),
                    Numbers.optional(set.brier?.miscalibration), Numbers.optional(set.brier?.discrimination),
                    Numbers.optional(set.brier?.uncertainty), Numbers.optional(set.logLoss?.value),
                    Numbers.probability(set.tests?.skce?.pValue, of: settings.draws),
                    Numbers.optional(set.tests?.spiegelhalter?.z, places: 2),
                    Numbers.optional(set.selective?.aurc), Numbers.optional(set.selective?.naurc),
                    Numbers.optional(set.selective?.coverageAtRisk["r05"]),
                ]
            })
    }

    /// The table of measures before and after cross-fitted recalibration.
    var recalibrationTable: TextTable? {
        let rows = sets.flatMap { set -> [[String]] in
            var found: [(String, Short)] = []
            if let short = set.recalibrated { found.append((set.recalibration ?? "own", short)) }
            if let short = set.isotonic { found.append(("isotonic", short)) }
            if let short = set.tokenProbability { found.append(("token probability instead", short)) }
            return found.map { name, short in
                [set.name, name, Numbers.decimal(short.gap.value), Numbers.interval(short.gap.interval)]
                    + [short.ece, short.chance, short.excess, short.smece, short.brier].map { Numbers.decimal($0) }
            }
        }
        guard !rows.isEmpty else { return nil }
        return TextTable(
            header: [
                "set", "recalibrated by", "gap", Numbers.confidence(settings.confidence) + " interval", "ECE", "chance", "excess", "smECE",
                "Brier",
            ],
            rows: rows)
    }

    /// The table of how the first set's temperature suits other sets.
    var temperatureTable: TextTable? {
        let rows = scenarios.compactMap { set -> [String]? in
            guard let temperature = set.temperature, temperature.lnRatio != nil || temperature.regret != nil else { return nil }
            return [
                set.name, Numbers.decimal(temperature.value, places: 2), Numbers.interval(temperature.interval),
                Numbers.optional(temperature.lnRatio?.value), Numbers.interval(temperature.lnRatio?.interval),
                Numbers.probability(temperature.lnRatio?.pValue), Numbers.optional(temperature.regret?.value),
                Numbers.interval(temperature.regret?.interval),
            ]
        }
        guard !rows.isEmpty else { return nil }
        return TextTable(header: ["set", "T", "interval", "ln ratio", "interval", "p", "regret (nats)", "interval"], rows: rows)
    }

    /// The table of changes since the first set.
    ///
    /// - Parameter ofGapsAlone: whether to show only the changes of the gap.
    func changeTable(ofGapsAlone: Bool = false) -> TextTable? {
        let rows = scenarios.flatMap { set -> [[String]] in
            let found =
                ofGapsAlone
                ? [("gap", set.change?.gap)]
                : [
                    ("accuracy", set.change?.accuracy), ("gap", set.change?.gap), ("Brier", set.change?.brier), ("NLL", set.change?.nll),
                    ("ECE excess", set.change?.ece),
                ]
            return found.compactMap { name, value in
                value.map { value in
                    [set.name, name, Numbers.decimal(value.value), Numbers.interval(value.interval)]
                        + [Numbers.probability(value.pValue), Numbers.probability(value.qValue), Numbers.optional(value.smallest)]
                }
            }
        }
        guard !rows.isEmpty else { return nil }
        return TextTable(
            header: ["set", "change of", "value", Numbers.confidence(settings.confidence) + " interval", "p", "q", "smallest found"],
            rows: rows)
    }

    /// The table of abstentions.
    var abstentionTable: TextTable? {
        let found = sets.filter { $0.idk != nil }
        guard !found.isEmpty else { return nil }
        func rate(_ value: Value?) -> String { Numbers.optional(value?.value) }
        return TextTable(
            header: [
                "set", "rows", "unanswerable", "abstained", "recall", "over-abst.", "precision", "F1", "acc. attempted", "truthful",
                "Phi_1", "Phi_10", "AUROC",
            ],
            rows: found.compactMap { set in
                set.idk.map { idk in
                    [set.name, "\(idk.n)", "\(idk.unanswerable)", "\(idk.abstained)", rate(idk.abstentionRecall), rate(idk.overAbstention)]
                        + [rate(idk.abstentionPrecision), Numbers.optional(idk.abstentionF1), rate(idk.accuracyAttempted)]
                        + [rate(idk.truthful), rate(idk.effectiveReliability["cost1"]), rate(idk.effectiveReliability["cost10"])]
                        + [rate(idk.auroc)]
                }
            })
    }

    /// The table of text, image and both.
    var modalityTable: TextTable? {
        guard let found = modalities else { return nil }
        func row(_ name: String, _ value: Value?) -> [String]? {
            value.map { [name, Numbers.decimal($0.value), Numbers.interval($0.interval)] }
        }
        let rows = [
            row("entropy / ln K, text", found.entropy.text), row("entropy / ln K, image", found.entropy.image),
            row("entropy / ln K, both", found.entropy.both), row("entropy, image less text", found.imageMinusText),
            row("integration gain", found.integrationGain), row("NLL, text (nats)", found.nll.text),
            row("NLL, image (nats)", found.nll.image), row("NLL, both (nats)", found.nll.both),
            row("NLL gain over the better one", found.nllGain), row("JSD text and both (bits)", found.jsdTextBoth),
            row("JSD image and both (bits)", found.jsdImageBoth), row("JSD text and image (bits)", found.jsdTextImage),
            row("reliance on text", found.relianceOnText), row("synergy (nats)", found.synergy),
        ]
        return TextTable(
            header: ["\(found.rows) items", "value", Numbers.confidence(settings.confidence) + " interval"], rows: rows.compactMap { $0 })
    }

    /// The tables with their titles, in the order of reading.
    var tables: [(title: String, table: TextTable)] {
        [
            ("Confidence against accuracy, \(settings.bins) bins of equal width", setTable()), ("Scores and tests", detailTable),
        ]
            + [
                ("After recalibration, each row by parameters from other folds", recalibrationTable),
                ("Does the temperature of \(id.name) survive?", temperatureTable), ("Changes since \(id.name)", changeTable()),
                ("Abstentions", abstentionTable), ("Text, image and both", modalityTable),
            ].compactMap { title, table in table.map { (title, $0) } }
    }

    /// Remarks on rows that are not used, and on sets that failed.
    var remarks: [String] {
        sets.compactMap { set in
            if let error = set.error { return "\(set.name): \(error.message)".withoutControls }
            guard let rows = set.rows, rows.read > rows.used else { return nil }
            let parts = rows.excluded.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
            let all = set.accuracyOfAll.map { "; accuracy with them as wrong unless known: \(Numbers.decimal($0.value))" } ?? ""
            return "\(set.name): \(rows.read) rows read, \(rows.used) used (\(parts))\(all)".withoutControls
        }
    }

    /// The notes to show. If there are many sets, each code appears once, in the words of the first set that has it.
    var shownNotes: [Note] {
        guard scenarios.count > Self.mostInFull else { return notes }
        var (first, counts): ([Note], [String: Int]) = ([], [:])
        for note in notes {
            if counts[note.code] == nil { first.append(note) }
            counts[note.code, default: 0] += 1
        }
        return first.map { note in
            let others = (counts[note.code] ?? 1) - 1
            let more = others > 0 ? " (and \(others) more \(others == 1 ? "set" : "sets"))" : ""
            return Note(code: note.code, text: note.text + more)
        }
    }

    /// Up to this number of shifted sets, the text for terminals has every table.
    private static let mostInFull = 12

    /// The text for terminals. If there are many sets, each has one line, and only the other formats have the details.
    var text: String {
        var parts = [verdicts.map { $0 + "\n" }.joined()]
        let isBrief = scenarios.count > Self.mostInFull
        let shown: [(title: String, table: TextTable)] =
            isBrief
            ? [
                ("Confidence against accuracy, \(settings.bins) bins of equal width", setTable(withTemperatures: false)),
                ("Changes since \(id.name)", changeTable(ofGapsAlone: true)),
            ].compactMap { title, table in table.map { (title, $0) } } : tables
        for (title, table) in shown where !table.rows.isEmpty { parts.append("\(title.withoutControls)\n\(table.plain)") }
        var lines = remarks + shownNotes.map { "note (\($0.code)): \($0.text)" }
        if isBrief {
            lines.append("Scores, tests, recalibration, temperatures and other changes of each set: -o report.html, or --format csv")
        }
        if !lines.isEmpty { parts.append(lines.map { $0 + "\n" }.joined()) }
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
