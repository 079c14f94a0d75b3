/// The formats of a report.
public enum ReportFormat: String, Sendable, CaseIterable {
    case text
    case json
    case csv
    case markdown
    case html
    case junit

    /// The format that the extension of a path implies; text without an extension, nil for an unknown one.
    public init?(path: String) {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        // A leading dot hides a file and does not begin an extension.
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
    /// The report in a format; the same report always gives the same text.
    ///
    /// - Parameters:
    ///   - bold: whether the text emphasises what it says in sentences, for terminals that can show it.
    ///   - byteLimit: the size that Markdown stays below, by default the 1 MiB of a step summary.
    ///   - outcomes: what a gate says about scenarios, by name, for JUnit XML.
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
