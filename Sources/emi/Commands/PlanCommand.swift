import ArgumentParser
import EmbeddingFiles
import Information
import Reports
import Studies

/// `emi plan`: says how many rows it takes to detect a gap of a given size.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "How many rows it takes to see a gap of a given size.",
        discussion: reflowed(
            """
            The variance comes from the ID set, or from a pilot of both sets with --ood. It is that of a q which is fitted to these sets
            alone; the q of a batch stands on all of its references and varies less: save it with 'emi batch --save-fit
            q.safetensors' and plan with --fit q.safetensors.

            EXAMPLES:
              emi plan --id Fixtures/digits/clean.npz --effect 0.5
              emi plan --id Fixtures/digits/clean.npz \\
                --ood Fixtures/digits/defocus_blur_5.npz --effect 0.5
            """))

    @OptionGroup(title: "ID set") var id: IDOptions
    @OptionGroup(title: "OOD set of a pilot") var ood: OODOptions
    @OptionGroup(title: "Rows and modalities") var selection: SelectionOptions
    @Option(parsing: .unconditional, help: ArgumentHelp("The gap to find, in the units of the output.", valueName: "size")) var effect:
        Double
    @Option(parsing: .unconditional, help: "The probability of finding it.") var power = 0.8
    @Option(parsing: .unconditional, help: "The confidence of the test.") var confidence = 0.95
    @Option(
        help: ArgumentHelp("On what q is fitted: pooled references, those of id, or a saved FILE.", valueName: "pooled|id|file"),
        completion: .file())
    var fit: String?
    @OptionGroup(title: "Estimator") var estimator: EstimatorOptions
    @Flag(help: "Use rows as they are, without dividing by their norms.") var noNormalize = false
    @OptionGroup(title: "Output") var outputs: FormattedOutputs<ArrayFormat>
    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        if id.source(selection) == nil { throw ValidationError("expected an ID set: --id SET, or --id-response FILE with the others") }
        guard effect > 0, effect.isFinite else {
            throw ValidationError("--effect: expected a gap above 0, found \(effect)")
        }
        if let name = estimator.estimator { try checkName(name, in: EstimatorCatalogue.names, flag: "--estimator") }
        try checkParameters(settings)
        // A power of one half or less is no better than tossing a coin.
        guard power > 0.5, power < 1 else { throw ValidationError("--power: expected a number between 0.5 and 1, found \(power)") }
        try checkConfidence(confidence)
        try outputs.check(against: study.files)
    }

    private var settings: StudySettings {
        var settings = StudySettings()
        estimator.apply(to: &settings)
        common.apply(to: &settings)
        settings.confidence = confidence
        settings.normalize = !noNormalize
        settings.fit = fit.map(FitChoice.init)
        return settings
    }

    private var study: Study {
        Study(
            id: StudySet(source: id.source(selection) ?? SampleSource()),
            shifts: ood.source(selection).map { [StudySet(source: $0)] } ?? [], settings: settings, threadCount: common.threadCount)
    }

    func run() throws {
        try reportingErrors {
            let unit = settings.units
            let result = try study.plan(effect: unit.nats(effect), power: power)
            for warning in result.warnings { common.note("note (\(warning.code.rawValue)): \(warning.message)") }
            let report = PlanReport(result, effect: effect, power: power, settings: settings, unit: unit)
            try outputs.write { format, _ in try format == .json ? jsonText(of: report) : report.text }
        }
    }
}
