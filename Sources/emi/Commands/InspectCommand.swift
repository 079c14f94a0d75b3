import ArgumentParser
import EmbeddingFiles
import Reports
import Studies

/// `emi inspect`: says what files hold.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "What is in files: arrays, shapes, types, norms, repeats, rows that are not finite.",
        discussion: reflowed(
            """
            EXAMPLES:
              emi inspect Fixtures/digits/clean.npz
              emi inspect Fixtures/digits/clean.jsonl --format json
            """))

    @Argument(help: ArgumentHelp("Files or folders.", valueName: "file"), completion: .file()) var files: [String]
    @Option(help: "How to write the result: text or json (what the extension of -o says, else text).") var format: ArrayFormat?
    @OptionGroup(title: "Output") var output: SingleOutput
    @OptionGroup(title: "Common") var common: CommonOptions

    func run() throws {
        var summaries: [FileSummary] = []
        var hasFailed = false
        for file in files {
            // If one path is wrong, the others are still inspected.
            do {
                try reportingErrors { summaries.append(try inspectFile(file)) }
            } catch is ExitCode {
                hasFailed = true
            }
        }
        if !summaries.isEmpty {
            try reportingErrors {
                let report = InspectionReport(summaries)
                if output.isJSON(format) { return try output.write(jsonText(of: report)) }
                try output.write { report.text }
            }
        }
        if hasFailed || summaries.contains(where: { !$0.problems.isEmpty }) { throw ExitCode(2) }
    }

    func validate() throws { try checkOutputs([output.output], against: files) }
}
