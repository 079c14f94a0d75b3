import ArgumentParser
import EmbeddingFiles
import Reports
import Statistics

/// `emi compare`: two reports over the same scenarios.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Two reports over the same scenarios: which model is more robust, and where.",
        discussion: """
            A and B are what 'emi batch' wrote with --format json, of two models or of one before and after a change; '-' reads one of
            them from standard input. Scenarios are paired by their names, and differences are B less A: a lower EMID in B says that B
            lost less. Over scenarios: the mean difference with an interval that holds whatever they share, the exact sign test and
            Wilcoxon's signed rank test. In one scenario: the standard error of independent reports, sqrt(s1^2 + s2^2), conservative for the same items.

            EXAMPLES:
              emi compare Fixtures/reports/frost.json Fixtures/reports/frost.json
              emi compare Fixtures/reports/frost.json \\
                Fixtures/reports/frost.json -o comparison.html
            """)

    @Argument(help: ArgumentHelp("The first report.", valueName: "a")) var first: String
    @Argument(help: ArgumentHelp("The second report.", valueName: "b")) var second: String
    @OptionGroup(title: "Output") var outputs: FormattedOutputs<ComparisonFormat>
    @Flag(name: .shortAndLong, help: "No notes on standard error.") var quiet = false

    func validate() throws {
        if first == "-", second == "-" { throw ValidationError("expected '-' for one report, found it for both") }
        try outputs.check(against: [first, second].filter { $0 != "-" })
    }

    func run() throws {
        try reportingErrors {
            let (a, b) = (try readReport(first, quiet: quiet), try readReport(second, quiet: quiet))
            var comparison = try ComparisonReport(a, name: nameOfInput(first), b, name: nameOfInput(second))
            let files = [first, second].filter { $0 != "-" }
            if !files.isEmpty { comparison.provenance = Report.Provenance(fileDigests(files, threadCount: 1)) }
            try outputs.write { format, _ in try comparison.rendered(format) }
        }
    }
}

extension ComparisonFormat: ExpressibleByArgument {}
