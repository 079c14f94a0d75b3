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
    @OptionGroup(title: "Output") var outputs: FormattedOutputs<ArrayFormat>

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
                try outputs.write { format, _ in try format == .json ? jsonText(of: report) : report.text }
            }
        }
        if hasFailed || summaries.contains(where: { !$0.problems.isEmpty }) { throw ExitCode(2) }
    }

    func validate() throws { try outputs.check(against: files) }
}
