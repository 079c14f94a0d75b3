import ArgumentParser
import EmbeddingFiles
import Reports

/// `emi report`: writes a JSON report in another format.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "A JSON report as HTML, Markdown, CSV, JUnit XML or text.",
        discussion: reflowed(
            """
            REPORT is what 'emi batch', 'emi estimate', 'emi calibrate', 'emi attribute', 'emi bottleneck', 'emi compare' or 'emi logprobs'
            wrote with --format json, in any format that the command has; '-' reads it from standard input. Markdown of scenarios and sets keeps below --max-bytes, 1 MiB as GitHub's step summaries take it; comments on pull requests take 65536.

            EXAMPLES:
              emi report Fixtures/reports/frost.json -o report.html -o junit.xml
              emi report Fixtures/reports/frost.json --format markdown --max-bytes 65536
            """))

    @Argument(help: ArgumentHelp("The report, or '-' for standard input.", valueName: "report"), completion: .file()) var report: String
    @OptionGroup(title: "Output") var outputs: ReportOutputs
    @Option(parsing: .unconditional, help: ArgumentHelp("The size that Markdown keeps below.", valueName: "count"))
    var maxBytes = Report.stepSummaryByteLimit
    @Flag(name: .shortAndLong, help: "No notes on standard error.") var quiet = false
    @Flag(help: "No bold type (also with the environment variable NO_COLOR).") var noColor = false

    func validate() throws {
        if maxBytes < 4096 { throw ValidationError("--max-bytes: expected at least 4096, found \(maxBytes)") }
        try outputs.check(against: [report])
    }

    func run() throws {
        try reportingErrors {
            let json = try readText(report)
            if let found = try readCalibrationReport(json, name: nameOfInput(report), quiet: quiet) {
                return try outputs.write { format, _ in try found.rendered(format, byteLimit: maxBytes) }
            }
            if let found = try CommandReport.read(json, name: nameOfInput(report)) {
                return try outputs.write { format, _ in try found.rendered(format) }
            }
            try outputs.write(try readReport(json, name: nameOfInput(report), quiet: quiet), noColor: noColor, byteLimit: maxBytes)
        }
    }
}
