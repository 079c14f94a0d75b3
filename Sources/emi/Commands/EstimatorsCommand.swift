import ArgumentParser
import Reports

/// `emi estimators`: lists the estimators.
struct EstimatorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "estimators",
        abstract: "The estimators of mutual information: what they compute, for which data, at what cost.",
        discussion: reflowed(
            """
            EXAMPLES:
              emi estimators
              emi estimators --format markdown
            """))

    @Option(help: "How to write the list: text, json or markdown.") var format = CatalogueFormat.text
    @OptionGroup(title: "Output") var output: SingleOutput

    /// The formats of the list.
    enum CatalogueFormat: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
        case markdown
    }

    func run() throws {
        try reportingErrors {
            let report = EstimatorsReport()
            switch format {
            case .text: try output.write { report.text }
            case .json: try output.write(jsonText(of: report))
            case .markdown: try output.write(report.markdown)
            }
        }
    }
}
