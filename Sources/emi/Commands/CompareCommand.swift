import ArgumentParser
import EmbeddingFiles
import Foundation
import Reports
import Statistics
import Studies

/// `emi compare`: compares reports of several models over the same scenarios.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Reports of two or more models over the same scenarios: which is more robust, and where.",
        discussion: reflowed(
            """
            Reports are what 'emi batch' wrote with --format json, of models or of one model before and after a change; the first is what
            the others are compared with, and '-' reads one of them from standard input. The pairs-*.json that the authors of EMI
            published are read too. Scenarios belong together by their names; differences are the other less the first (B less A): a lower
            EMID says that it lost less.

            Where both runs were made with --keep-rows, over the same items and under one q (--fit-with, or --fit FILE), rows are set
            against rows: I(X;Y) cancels, and what makes an item easy or hard does too. Elsewhere the standard error is that of
            independent reports, sqrt(s1^2 + s2^2), which is conservative for the same items; the report says which, and why.
            Over scenarios: the mean difference with an interval that holds whatever they share; of several models with Holm's
            correction. q-values are over scenarios. --calibration adds, of each model, how overconfident it is and its ECE over chance.

            EXAMPLES:
              emi compare Fixtures/reports/frost.json Fixtures/reports/frost.json
              emi compare Fixtures/reports/frost.json \\
                Fixtures/reports/frost.json -o comparison.html
            """))

    @Argument(help: ArgumentHelp("Two reports or more; the first is the baseline.", valueName: "report"), completion: .file()) var reports:
        [String]
    @Option(
        help: ArgumentHelp(
            "What 'emi calibrate MANIFEST' wrote of each model, in the order of the models: adds calibration; repeat it.",
            valueName: "report.json"), completion: .file())
    var calibration: [String] = []
    @OptionGroup(title: "Output") var outputs: FormattedOutputs<ComparisonFormat>
    @Flag(help: "Take the reports as independent, even where rows were kept.") var unpaired = false
    @Flag(name: .shortAndLong, help: "No notes on standard error.") var quiet = false

    func validate() throws {
        if reports.count < 2 { throw ValidationError("expected two reports or more, found \(reports.count)") }
        if reports.count(where: { $0 == "-" }) > 1 {
            throw ValidationError("expected '-' for one report, found it for several")
        }
        if !calibration.isEmpty, calibration.count != reports.count {
            throw ValidationError(
                "--calibration: expected one a report, \(reports.count), found \(calibration.count)")
        }
        try outputs.check(against: (reports + calibration).filter { $0 != "-" })
    }

    func run() throws {
        try reportingErrors {
            var runs = try reports.map { try readRun($0, hasRows: !unpaired, quiet: quiet) }
            for (index, path) in calibration.enumerated() {
                let name = nameOfInput(path)
                guard let report = try readCalibrationReport(try readText(path), name: name, quiet: quiet) else {
                    throw RunError(
                        code: "not_a_calibration_report",
                        message: "\(name): expected what 'emi calibrate MANIFEST' wrote, found another report".withoutControls,
                        hint: "emi calibrate MANIFEST -o FILE.json writes one")
                }
                try runs[index].add(report, name: name)
            }
            var comparison = try ModelComparison(runs)
            let files = (reports + calibration).filter { $0 != "-" }
            if !files.isEmpty {
                comparison.comparisons[0].provenance = Report.Provenance(fileDigests(files, threadCount: 1))
            }
            var page = comparison
            page.comparisons[0].origin = Report.Environment.current(threads: 1).origin
            try outputs.write { format, _ in try (format == .html ? page : comparison).rendered(format) }
        }
    }
}

/// Reads a report, or published results, and the file of rows beside it.
///
/// - Parameter hasRows: whether to look for rows.
func readRun(_ path: String, hasRows: Bool, quiet: Bool) throws -> ComparedRun {
    let text = try readText(path)
    let name = nameOfInput(path)
    if ComparedRun.isPublished(text) { return try ComparedRun(published: text, name: name) }
    let report = try readReport(text, name: name, quiet: quiet)
    return try ComparedRun(report, name: name, rows: hasRows ? try readRows(beside: path) : nil)
}

/// Reads the file of rows beside a report; nil when there is none.
func readRows(beside path: String) throws -> RowsFile? {
    guard path != "-" else { return nil }
    let rows = RowsFile.path(beside: path)
    guard isFileOrFolder(rows) else { return nil }
    return try RowsFile.read(try readText(rows), name: rows)
}

extension ComparisonFormat: ExpressibleByArgument {}
