/// How a report is written.
public enum ReportFormat: String, Sendable, CaseIterable {
    case text
    case json
    case csv
    case markdown
    case html
    case junit

    /// The format that the extension of a path asks for; text where there is none, nil for an extension that says nothing.
    public init?(path: String) {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        // A leading dot hides a file; it starts no extension.
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
            self = .text
            return
        }
        guard let format = Self.byExtension[name[name.index(after: dot)...].lowercased()] else { return nil }
        self = format
    }

    /// The extensions that are known, for messages.
    package static let extensions = byExtension.keys.sorted()

    private static let byExtension: [String: ReportFormat] = [
        "txt": .text, "text": .text, "json": .json, "csv": .csv, "md": .markdown, "markdown": .markdown, "html": .html,
        "htm": .html, "xml": .junit,
    ]
}

extension Report {
    /// The report in a format: the same text for the same report.
    ///
    /// - Parameters:
    ///   - bold: whether the text marks what it says in sentences, for terminals that can show it.
    ///   - byteLimit: the size that Markdown keeps below, 1 MiB of a step summary by default.
    ///   - outcomes: what a gate says of scenarios, by name, for JUnit XML.
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    package func rendered(
        _ format: ReportFormat, bold: Bool = false, byteLimit: Int = Report.stepSummaryByteLimit,
        outcomes: [String: GateOutcome] = [:]
    ) throws -> String {
        switch format {
        case .text: text(bold: bold)
        case .json: try json()
        case .csv: csv
        case .markdown: markdown(byteLimit: byteLimit)
        case .html: try html()
        case .junit: junit(outcomes: outcomes)
        }
    }
}
