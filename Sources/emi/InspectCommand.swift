import ArgumentParser
import EmbeddingFiles
import Reports
import Scenarios

/// `emi inspect`: what is in files.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "What is in files: arrays, shapes, types, norms, repeats, rows that are not finite.",
        discussion: """
            EXAMPLES:
              emi inspect Fixtures/digits/clean.npz
              emi inspect Fixtures/digits/clean.jsonl --format json
            """)

    @Argument(help: ArgumentHelp("Files or folders.", valueName: "file")) var files: [String]
    @Option(help: "How to write the result: text or json.") var format = PrimitiveFormat.text
    @OptionGroup(title: "Common") var common: CommonOptions

    func run() throws {
        try reportingErrors {
            let report = InspectionReport(try files.map { try inspectFile($0) })
            try common.write(format == .json ? jsonText(of: report) : report.text)
            if report.files.contains(where: { !$0.problems.isEmpty }) { throw ExitCode(2) }
        }
    }
}
