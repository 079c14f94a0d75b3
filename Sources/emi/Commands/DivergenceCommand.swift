import ArgumentParser
import EmbeddingFiles
import Reports
import Studies

/// `emi jsd`: measures the divergence between two arrays.
struct DivergenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jsd",
        abstract: "The representation Jensen-Shannon divergence of the rows of two arrays.",
        discussion: reflowed(
            """
            FILE may be FILE:array to take one array out of several. Rows of one group (the array 'group' of a bundle, or
            --group) are relabelled together. Arrays of .npy, .npz and .safetensors files above 64 MB are read block by block under the
            linear and the cosine kernel, in memory for the squared width and not for the rows.

            EXAMPLES:
              emi jsd --p Fixtures/digits/clean.npz:visual \\
                --q Fixtures/digits/defocus_blur_5.npz:visual --paired
              emi jsd --p Fixtures/digits/clean.npz:response \\
                --q Fixtures/digits/clean.npz:reference --kernel rbf
            """))

    @Option(help: ArgumentHelp("The first array.", valueName: "file"), completion: .file()) var p: String
    @Option(help: ArgumentHelp("The second array.", valueName: "file"), completion: .file()) var q: String
    @Flag(help: "Row i of both arrays is the same item: relabel within pairs.") var paired = false
    @Option(help: groupHelp) var group: String?
    @OptionGroup(title: "Divergence") var divergence: DivergenceOptions
    @Flag(help: "Use rows as they are, without dividing by their norms.") var noNormalize = false
    @OptionGroup(title: "Output") var outputs: FormattedOutputs<ArrayFormat>
    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        try checkDivergence(settings)
        try outputs.check(against: [p, q])
    }

    private var settings: StudySettings {
        var settings = StudySettings()
        divergence.apply(to: &settings)
        common.apply(to: &settings)
        settings.normalize = !noNormalize
        return settings
    }

    func run() throws {
        try reportingErrors {
            let result = try runDivergence(
                p: p, q: q, paired: paired, groupKey: group, settings: settings, threadCount: common.threadCount)
            for warning in result.warnings { common.note("note (\(warning.code.rawValue)): \(warning.message)") }
            let report = DivergenceReport(result, settings: settings, unit: settings.units)
            try outputs.write { format, _ in try format == .json ? jsonText(of: report) : report.text }
        }
    }
}
