import Studies

extension Report {
    /// What was compared, and how, in one line.
    var title: String {
        let shift =
            switch scenarios.count {
            case 0: ""
            case 1: " → \(scenarios[0].name.withoutControls)"
            default: " → \(scenarios.count) scenarios"
            }
        return "EMI of \(id.name.withoutControls)\(shift): \(settings.estimator), \(settings.units), seed \(settings.seed)"
    }

    /// Whether there is more than one comparison to show, or one that has nothing to show.
    var isBatch: Bool { scenarios.count > 1 || summary.failedCount > 0 }

    /// What the report says, in sentences.
    var verdicts: [String] {
        if isBatch { return Verdict.summary(self) + batchEstimatorSentences }
        return ownVerdicts + estimatorSentences
    }

    private var ownVerdicts: [String] {
        guard !scenarios.isEmpty else {
            let end = id.emi.interval.map { ", \(Numbers.confidence(settings.confidence)) interval \(Numbers.interval($0))" } ?? ""
            return ["EMI is \(Numbers.decimal(id.emi.value)) \(settings.units)\(end); give --ood SET for the gap and the bound."]
        }
        return scenarios.map { Verdict.sentence($0, settings: settings) }
    }

    /// The tables of the report, in the order of reading.
    var tables: [TextTable] {
        if isBatch { return [scenarioTable(), kindTable(), correlationTable(), estimatorTable()].compactMap { $0 } }
        return [emiTable()]
            + scenarios.flatMap {
                [Report.discrepancyTable($0, settings: settings), Report.boundTable($0, settings: settings)].compactMap { $0 }
            }
            + [estimatorTable()].compactMap { $0 }
    }

    /// Each note once; in a batch, the first note of each code with the number of sets that have one.
    var notes: [(code: String, text: String)] {
        let sets = [id.warnings] + scenarios.map(\.warnings)
        guard isBatch else {
            // A note about the rows of one set names the set, and a note that both sets share appears once.
            return zip([id.name] + scenarios.map(\.name), sets).flatMap { name, warnings in warnings.map { (name, $0) } }
                .reduce(into: []) { notes, entry in
                    let (name, warning) = entry
                    let isOfOneSet = (WarningCode(rawValue: warning.code)?.isAboutOneSet ?? false) && !scenarios.isEmpty
                    let text =
                        isOfOneSet && sets.count { $0.contains(warning) } == 1
                        ? "\(name.withoutControls): \(warning.message)" : warning.message
                    if !notes.contains(where: { $0.text == text }) { notes.append((warning.code, text)) }
                }
        }
        var first: [(code: String, set: String, message: String)] = []
        var counts: [String: Int] = [:]
        for (name, warnings) in zip([id.name] + scenarios.map(\.name), sets) {
            for warning in warnings where counts[warning.code] == nil { first.append((warning.code, name, warning.message)) }
            for code in Set(warnings.map(\.code)) { counts[code, default: 0] += 1 }
        }
        return first.map { code, name, message in
            let others = (counts[code] ?? 1) - 1
            let more = others > 0 ? " (and \(others) more \(others == 1 ? "set" : "sets"))" : ""
            return (code, "\(name.withoutControls): \(message)\(more)")
        }
    }

    /// The reasons why scenarios have no results.
    var failures: [String] {
        scenarios.compactMap { scenario in
            scenario.error.map { "failed: \(scenario.name): \($0.message)".withoutControls }
        }
    }

    /// The report as aligned columns; `bold` emphasises what it says in sentences.
    func text(bold: Bool) -> String {
        var parts = [title + "\n"] + tables.map(\.plain)
        let remarks = failures.map { "  \($0)\n" } + notes.map { "  note (\($0.code)): \($0.text)\n" }
        if !remarks.isEmpty { parts.append(remarks.joined()) }
        if let statement = entropyStatement { parts.append("  \(statement)\n") }
        parts.append(verdicts.map { (bold ? "\u{1B}[1m\($0)\u{1B}[0m" : $0) + "\n" }.joined())
        return parts.joined(separator: "\n")
    }
}
