/// How a report is written.
public enum ReportFormat: String, Sendable, CaseIterable {
    case text
    case json
    case csv
    case markdown
}

extension Report {
    /// The report in a format; `bold` marks the verdict for terminals that can show it.
    ///
    /// - Throws: `EncodingError` from JSON.
    public func rendered(_ format: ReportFormat, bold: Bool = false) throws -> String {
        switch format {
        case .text: text(bold: bold)
        case .json: try json()
        case .csv: csv
        case .markdown: markdown
        }
    }

    private var title: String {
        let shift =
            switch scenarios.count {
            case 0: ""
            case 1: " → \(scenarios[0].name.withoutControls)"
            default: " → \(scenarios.count) scenarios"
            }
        return "EMI of \(id.name.withoutControls)\(shift): \(settings.estimator), \(settings.units), seed \(settings.seed)"
    }

    /// Whether there is more than one comparison to show, or one that has nothing to show.
    private var isBatch: Bool { scenarios.count > 1 || summary.failedCount > 0 }

    /// What the report says, in sentences.
    private var verdicts: [String] {
        if isBatch { return Verdict.summary(self) }
        return ownVerdicts + estimatorSentences
    }

    private var ownVerdicts: [String] {
        guard !scenarios.isEmpty else {
            let end = id.emi.interval.map { ", \(Numbers.confidence(settings.confidence)) interval \(Numbers.interval($0))" } ?? ""
            return ["EMI is \(Numbers.decimal(id.emi.value)) \(settings.units)\(end); give --ood SET for the gap and the bound."]
        }
        return scenarios.map { Verdict.sentence($0, settings: settings) }
    }

    private var tables: [TextTable] {
        if isBatch { return [scenarioTable(), kindTable(), correlationTable()].compactMap { $0 } }
        return [emiTable()]
            + scenarios.flatMap { [Report.discrepancyTable($0), Report.boundTable($0)].compactMap { $0 } }
            + [estimatorTable()].compactMap { $0 }
    }

    /// Each note once, with the number of sets it was said of.
    private var notes: [(code: String, text: String)] {
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

    private var failures: [String] {
        scenarios.compactMap { scenario in
            scenario.error.map { "failed: \(scenario.name): \($0.message)".withoutControls }
        }
    }

    private func text(bold: Bool) -> String {
        var parts = [title + "\n"] + tables.map(\.plain)
        let remarks = failures.map { "  \($0)\n" } + notes.map { "  note (\($0.code)): \($0.text)\n" }
        if !remarks.isEmpty { parts.append(remarks.joined()) }
        parts.append(verdicts.map { (bold ? "\u{1B}[1m\($0)\u{1B}[0m" : $0) + "\n" }.joined())
        return parts.joined(separator: "\n")
    }

    private var markdown: String {
        var parts = ["### \(title)\n", verdicts.map { "**\($0)**\n" }.joined(separator: "\n")] + tables.map(\.markdown)
        let remarks = failures.map { "- \($0)\n" } + notes.map { "- `\($0.code)`: \($0.text)\n" }
        if !remarks.isEmpty { parts.append(remarks.joined()) }
        return parts.joined(separator: "\n")
    }
}
