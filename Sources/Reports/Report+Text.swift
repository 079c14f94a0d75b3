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
        let shift = scenarios.count == 1 ? " → \(scenarios[0].name)" : ""
        return "EMI of \(id.name)\(shift): \(settings.estimator), \(settings.units), seed \(settings.seed)"
    }

    /// One sentence a scenario, or what the ID set alone shows.
    private var verdicts: [String] {
        guard !scenarios.isEmpty else {
            let end = id.emi.interval.map { ", \(Numbers.percent(settings.confidence)) interval \(Numbers.interval($0))" } ?? ""
            return ["EMI is \(Numbers.decimal(id.emi.value)) \(settings.units)\(end); give --ood SET for the gap and the bound."]
        }
        return scenarios.map { Verdict.sentence($0, settings: settings) }
    }

    private var allWarnings: [Warning] {
        var seen: Swift.Set<String> = []
        return (id.warnings + scenarios.flatMap(\.warnings)).filter { seen.insert($0.message).inserted }
    }

    private func text(bold: Bool) -> String {
        var parts = [title + "\n", emiTable().plain]
        for scenario in scenarios {
            parts += [Report.discrepancyTable(scenario), Report.boundTable(scenario)].compactMap { $0?.plain }
        }
        if !allWarnings.isEmpty {
            parts.append(allWarnings.map { "  note (\($0.code)): \($0.message)\n" }.joined())
        }
        parts.append(verdicts.map { (bold ? "\u{1B}[1m\($0)\u{1B}[0m" : $0) + "\n" }.joined())
        return parts.joined(separator: "\n")
    }

    private var markdown: String {
        var parts = ["### \(title)\n", verdicts.map { "**\($0)**\n" }.joined(separator: "\n"), emiTable().markdown]
        for scenario in scenarios {
            parts += [Report.discrepancyTable(scenario), Report.boundTable(scenario)].compactMap { $0?.markdown }
        }
        if !allWarnings.isEmpty {
            parts.append(allWarnings.map { "- `\($0.code)`: \($0.message)\n" }.joined())
        }
        return parts.joined(separator: "\n")
    }
}
