import ArgumentParser
import EmbeddingFiles
import Reports
import Scenarios

/// `emi mi`: the mutual information of two arrays.
struct MutualInformationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mi",
        abstract: "The mutual information of the paired rows of two arrays.",
        discussion: """
            FILE may be FILE:array to take one array out of several. Rows are used as they are, unless --normalize.

            EXAMPLES:
              emi mi --x Fixtures/digits/clean.npz:text \\
                --y Fixtures/digits/clean.npz:reference
              emi mi --x Fixtures/digits/clean.npz:visual \\
                --y Fixtures/digits/clean.npz:reference --estimator gaussian
            """)

    @Option(help: ArgumentHelp("The first array.", valueName: "file")) var x: String
    @Option(help: ArgumentHelp("The second array.", valueName: "file")) var y: String
    @OptionGroup(title: "Estimator") var estimator: EstimatorOptions
    @Flag(help: "Divide rows by their norms.") var normalize = false
    @Option(help: "The confidence of the interval.") var confidence = 0.95
    @Option(help: "How to write the result: text or json.") var format = PrimitiveFormat.text
    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        guard confidence > 0, confidence < 1 else {
            throw ValidationError("--confidence: expected a number between 0 and 1, found \(confidence)")
        }
    }

    func run() throws {
        try reportingErrors {
            var settings = RunSettings()
            estimator.apply(to: &settings)
            settings.normalize = normalize
            settings.confidence = confidence
            settings.seed = common.seed
            let result = try runMutualInformation(
                x: try readColumn(x, preferring: ["x"]), y: try readColumn(y, preferring: ["y"]), settings: settings,
                threadCount: common.threadCount)
            let report = MutualInformationReport(result, settings: settings, unit: common.units)
            try common.write(format == .json ? jsonText(of: report) : report.text)
        }
    }
}
