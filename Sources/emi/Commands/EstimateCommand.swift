import ArgumentParser
import EmbeddingFiles
import Information
import Reports
import Studies

/// `emi estimate`: estimates EMI of one set; with an OOD set also the gap, the discrepancies and the bound.
struct EstimateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "estimate",
        abstract: "EMI of a set; with --ood the gap, the discrepancies and the bound.",
        discussion: reflowed(
            """
            EXAMPLES:
              emi estimate --id Fixtures/digits/clean.npz \\
                --ood Fixtures/digits/defocus_blur_5.npz
              emi estimate --id Fixtures/digits/clean.jsonl \\
                --ood Fixtures/digits/defocus_blur_5.jsonl --format json
              emi estimate --id Fixtures/digits/clean.npz \\
                --ood Fixtures/digits/frost_3.npz --estimator all
            """))

    @OptionGroup(title: "ID set") var id: IDOptions
    @OptionGroup(title: "OOD set") var ood: OODOptions
    @OptionGroup(title: "Rows and modalities") var selection: SelectionOptions
    @OptionGroup(title: "Estimator") var estimator: EstimatorOptions
    @OptionGroup(title: "Divergence") var divergence: DivergenceOptions
    @OptionGroup(title: "Bound and intervals") var bound: BoundOptions
    @OptionGroup(title: "Output") var outputs: ReportOutputs
    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        guard id.source(selection) != nil else {
            throw ValidationError("expected an ID set: --id SET, or --id-response FILE with the others")
        }
        try checkUse(settings, saveFit: bound.saveFit)
        try outputs.check(against: study.files, also: [bound.saveFit])
    }

    private var settings: StudySettings { StudySettings().overridden(by: estimator, divergence, bound, common) }

    private var study: Study {
        Study(
            id: StudySet(source: id.source(selection) ?? SampleSource()),
            shifts: ood.source(selection).map { [StudySet(source: $0)] } ?? [], settings: settings, threadCount: common.threadCount)
    }

    func run() throws {
        try reportingErrors {
            let report = try StudyRun(study).report(environment: common.environment, fitFile: bound.saveFit)
            if !outputs.isReadByPeople {
                for warning in report.id.warnings + report.scenarios.flatMap(\.warnings) {
                    common.note("note (\(warning.code)): \(warning.message)")
                }
            }
            try outputs.write(report, noColor: common.noColor)
        }
    }
}
