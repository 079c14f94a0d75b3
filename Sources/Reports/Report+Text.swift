extension Report {
    /// What was compared, and how.
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
        if isBatch { return Verdict.summary(self) }
        guard !scenarios.isEmpty else {
            let end = id.emi.interval.map { ", \(Numbers.confidence(settings.confidence)) interval \(Numbers.interval($0))" } ?? ""
            return ["EMI is \(Numbers.decimal(id.emi.value)) \(settings.units)\(end); give --ood SET for the gap and the bound."]
        }
        return scenarios.map { Verdict.sentence($0, settings: settings) }
    }

    /// The parts of the report, in the order of reading.
    var tables: [TextTable] {
        if isBatch { return [scenarioTable(), kindTable(), correlationTable()].compactMap { $0 } }
        return [emiTable()]
            + scenarios.flatMap { [Report.discrepancyTable($0), Report.boundTable($0)].compactMap { $0 } }
    }

    /// Each note once, with the number of sets it was said of.
    var notes: [(code: String, text: String)] {
        var counts: [String: Int] = [:]
        var order: [Warning] = []
        for warning in id.warnings + scenarios.flatMap(\.warnings) {
            if counts[warning.message] == nil { order.append(warning) }
            counts[warning.message, default: 0] += 1
        }
        return order.map { warning in
            let count = counts[warning.message] ?? 1
            return (warning.code, warning.message + (isBatch && count > 1 ? " (\(count) sets)" : ""))
        }
    }

    /// Why scenarios have no numbers.
    var failures: [String] {
        scenarios.compactMap { scenario in
            scenario.error.map { "failed: \(scenario.name): \($0.message)".withoutControls }
        }
    }

    /// Aligned columns; `bold` marks what the report says in sentences.
    func text(bold: Bool) -> String {
        var parts = [title + "\n"] + tables.map(\.plain)
        let remarks = failures.map { "  \($0)\n" } + notes.map { "  note (\($0.code)): \($0.text)\n" }
        if !remarks.isEmpty { parts.append(remarks.joined()) }
        parts.append(verdicts.map { (bold ? "\u{1B}[1m\($0)\u{1B}[0m" : $0) + "\n" }.joined())
        return parts.joined(separator: "\n")
    }
}
