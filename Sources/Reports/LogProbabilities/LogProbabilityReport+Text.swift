/// The formats of a report of log-probabilities.
package enum LogProbabilityFormat: String, Sendable, CaseIterable {
    case text
    case json
    case markdown
}

extension LogProbabilityReport {
    /// The report in a format.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    package func rendered(_ format: LogProbabilityFormat) throws -> String {
        switch format {
        case .text: text
        case .json: try jsonText(of: self)
        case .markdown: markdown
        }
    }

    private var title: String { "EMI from log-probabilities, \(units)" }

    private var level: String { "\(Numbers.confidence(settings.confidence)) interval" }

    /// A row for each set.
    private var setTable: TextTable {
        TextTable(
            header: ["set", "items", "groups", "pairs", "I(X;Yθ)", "s.e. of I(X;Yθ)", "I(X;Y)", "s.e. of I(X;Y)", "EMI", level, "p"],
            rows: ([id] + scenarios.map(\.set)).map { set in
                // Without a trap, whatever number a report from a file has.
                let (all, _) = set.sampleCount.multipliedReportingOverflow(by: max(1, set.sampleCount) - 1)
                let pairs = min(set.modelPairs, set.referencePairs ?? set.modelPairs)
                return [set.name, "\(set.sampleCount)", "\(set.groupCount)", pairs == all ? "all" : "\(pairs) of \(all)"]
                    + [set.modelMi, set.referenceMi].flatMap { [Numbers.optional($0?.value), Numbers.optional($0?.standardError)] }
                    + [Numbers.optional(set.emi?.value), Numbers.interval(set.emi?.interval), Numbers.probability(set.emi?.pValue)]
            }, dispensable: ["s.e. of I(X;Yθ)", "s.e. of I(X;Y)", "groups", "pairs", "p"])
    }

    /// A row for each shift.
    private var gapTable: TextTable? {
        guard scenarios.contains(where: { $0.emid != nil }) else { return nil }
        return TextTable(
            header: ["shift", "EMID", level, "p", "q", "groups in both"],
            rows: scenarios.map { scenario in
                [scenario.set.name, Numbers.optional(scenario.emid?.value), Numbers.interval(scenario.emid?.interval)]
                    + [scenario.emid?.pValue, scenario.emid?.qValue].map { Numbers.probability($0) }
                    + ["\(scenario.sharedGroups) of \(scenario.set.groupCount)"]
            }, dispensable: ["groups in both"])
    }

    private var text: String {
        title + "\n\n" + findings.map { $0 + "\n" }.joined() + (findings.isEmpty ? "" : "\n")
            + ([setTable] + [gapTable].compactMap { $0 }).map { $0.plain + "\n" }.joined()
            + notes.map { "note: \($0)\n" }.joined()
    }

    private var markdown: String {
        (["### emi logprobs\n", title.markdownText + "\n"] + findings.map { "**\($0.markdownText)**\n" }
            + ([setTable] + [gapTable].compactMap { $0 }).map(\.markdown)
            + [notes.map { "- \($0.markdownText)\n" }.joined()]).joined(separator: "\n")
    }
}
