import ArgumentParser
import EmbeddingFiles
import Information
import Reports
import Studies

/// `emi mi`: estimates the mutual information of two arrays.
struct MutualInformationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mi",
        abstract: "The mutual information of the paired rows of two arrays.",
        discussion: reflowed(
            """
            FILE may be FILE:array to take one array out of several. Rows are used as they are, unless --normalize. Rows of one
            group (the array 'group' of a bundle, or --group) count together in standard errors. Beside the estimate stand a lower
            bound (InfoNCE) and an upper one (CLUB), both on rows that their fits have not seen.

            EXAMPLES:
              emi mi --x Fixtures/digits/clean.npz:text \\
                --y Fixtures/digits/clean.npz:reference
              emi mi --x Fixtures/digits/clean.npz:visual \\
                --y Fixtures/digits/clean.npz:reference --estimator gaussian
            """))

    @Option(help: ArgumentHelp("The first array.", valueName: "file"), completion: .file()) var x: String
    @Option(help: ArgumentHelp("The second array.", valueName: "file"), completion: .file()) var y: String
    @Option(help: groupHelp) var group: String?
    @Option(
        help: ArgumentHelp("The estimator: \(EstimatorCatalogue.names.joined(separator: ", ")); see emi estimators.", valueName: "name"))
    var estimator = EstimatorCatalogue.standardForArrays.about.name
    @OptionGroup(title: "Estimator") var parameters: ParameterOptions
    @Flag(name: .customLong("no-error"), help: "Leave out the standard error and the interval, which can take longer than the estimate.")
    var leavesOutError = false
    @Flag(name: .customLong("no-bracket"), help: "Leave out the lower and the upper bound.") var leavesOutBracket = false
    @Flag(help: "Divide rows by their norms.") var normalize = false
    @Option(parsing: .unconditional, help: "The confidence of the interval.") var confidence = 0.95
    @Option(parsing: .unconditional, help: ArgumentHelp("Random pairings for the p-value of no dependence.", valueName: "count"))
    var permutations = 100
    @OptionGroup(title: "Output") var outputs: FormattedOutputs<ArrayFormat>
    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        try checkName(estimator, in: EstimatorCatalogue.names, flag: "--estimator")
        try checkParameters(settings)
        try checkConfidence(confidence)
        try checkPermutations(permutations)
        try outputs.check(against: [x, y] + [parameters.weights].compactMap { $0 })
    }

    private var settings: StudySettings {
        var settings = StudySettings()
        settings.estimator = estimator
        parameters.apply(to: &settings)
        common.apply(to: &settings)
        settings.normalize = normalize
        settings.confidence = confidence
        settings.permutations = permutations
        return settings
    }

    func run() throws {
        try reportingErrors {
            let result = try runMutualInformation(
                x: try readGroupedColumn(x, preferring: ["x"], group: group),
                y: try readGroupedColumn(y, preferring: ["y"], group: group), groupKey: group, bracketed: !leavesOutBracket,
                hasError: !leavesOutError, settings: settings,
                threadCount: common.threadCount)
            for warning in result.warnings { common.note("note (\(warning.code.rawValue)): \(warning.message)") }
            let report = MutualInformationReport(result, settings: settings, unit: settings.units)
            try outputs.write { format, _ in try format == .json ? jsonText(of: report) : report.text }
        }
    }
}
