import ArgumentParser
import EmbeddingFiles
import Information
import Reports
import Studies

/// `emi estimate`: EMI of one set; with an OOD set the gap, the discrepancies and the bound.
struct EstimateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "estimate",
        abstract: "EMI of a set; with --ood the gap, the discrepancies and the bound.",
        discussion: """
            EXAMPLES:
              emi estimate --id Fixtures/digits/clean.npz \\
                --ood Fixtures/digits/defocus_blur_5.npz
              emi estimate --id Fixtures/digits/clean.jsonl \\
                --ood Fixtures/digits/defocus_blur_5.jsonl --format json
              emi estimate --id Fixtures/digits/clean.npz \\
                --ood Fixtures/digits/frost_3.npz --estimator all
            """)

    @OptionGroup(title: "ID set") var id: IDOptions
    @OptionGroup(title: "OOD set") var ood: OODOptions
    @OptionGroup(title: "Rows and modalities") var selection: SelectionOptions
    @OptionGroup(title: "Estimator") var estimator: EstimatorOptions
    @OptionGroup(title: "Divergence") var divergence: DivergenceOptions
    @OptionGroup(title: "Bound and intervals") var bound: BoundOptions
    @OptionGroup(title: "Output") var outputs: ReportOutputs
    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        if id.source(selection) == nil { throw ValidationError("expected an ID set: --id SET, or --id-response FILE with the others") }
        try checkUse(estimator, bound)
        try checkDebiasing(bound, divergence)
        try checkBandwidth(divergence)
        try outputs.check(against: inputs, also: [bound.saveFit])
    }

    /// Every path that is read.
    private var inputs: [String] {
        [id.source(selection), ood.source(selection)].flatMap { $0?.paths ?? [] } + [estimator.parameters.weights, bound.fit].compactMap { $0 }
    }

    func run() throws {
        try reportingErrors {
            let settings = StudySettings(estimator, divergence, bound, common)
            let sources = [id.source(selection), ood.source(selection)].compactMap { $0 }
            let sets = try loadSampleSets(sources, settings: settings, threadCount: common.threadCount)
            let saved = try settings.fit.path.map { try loadFit($0, settings: settings) }
            let result = try runEstimate(
                id: sets[0], ood: sets.dropFirst().first, settings: settings, savedFit: saved,
                threadCount: common.threadCount)
            if let path = bound.saveFit, let fit = result.fit { try saveFit(fit, settings: settings, to: path) }
            var report = Report(result, settings: settings, unit: common.units, environment: common.environment)
            if settings.comparesEstimators {
                let comparison = try compareEstimators(
                    id: sets[0], ood: sets.dropFirst().first, settings: settings, threadCount: common.threadCount)
                report.estimators = Report.EstimatorAgreement(comparison, unit: common.units)
            }
            report.provenance = Report.Provenance(fileDigests(inputs, threadCount: common.threadCount))
            if !outputs.isReadByPeople {
                for warning in report.id.warnings + report.scenarios.flatMap(\.warnings) {
                    common.note("note (\(warning.code)): \(warning.message)")
                }
            }
            try outputs.write(report, noColor: common.noColor)
        }
    }
}

extension FitChoice {
    /// The file of a saved fit.
    var path: String? {
        if case .file(let path) = self { path } else { nil }
    }
}
