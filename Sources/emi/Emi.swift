import ArgumentParser
import Foundation
import LinearAlgebra
import Reports

/// `emi`: effective mutual information of multimodal models under distribution shift.
@main
struct Emi: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emi",
        abstract: "Effective mutual information of multimodal models under distribution shift.",
        discussion: """
            EMI = I(X; Y_theta) - I(X; Y): how much the model's responses tell about its queries, against the references.
            EMID = EMI(ID) - EMI(OOD) is what the shift cost, with its discrepancies and an upper bound.

            EXAMPLES:
              emi estimate --id Fixtures/digits/clean.npz \\
                --ood Fixtures/digits/defocus_blur_5.npz
              emi batch Fixtures/digits/manifest.yaml \\
                -o report.json -o report.html
              emi check report.json --fail-if 'emid.interval_low > 0.05'
              emi batch manifest.yaml --format json | emi report - --format markdown
            """,
        version: emiVersion,
        subcommands: [
            EstimateCommand.self, BatchCommand.self, CalibrateCommand.self, ReportCommand.self, CheckCommand.self, CompareCommand.self,
            BottleneckCommand.self, AttributeCommand.self, PlanCommand.self, SummarizeCommand.self, MergeCommand.self,
            InitCommand.self, InspectCommand.self, MutualInformationCommand.self, DivergenceCommand.self, EstimatorsCommand.self,
            ExplainCommand.self, SchemaCommand.self, ManualCommand.self,
        ])

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        FasterKernels.restartIfUseful(arguments)
        BLAS.useOneThreadPerCall()
        do {
            try checkHelp(arguments)
            var command = try parseAsRoot(arguments)
            try command.run()
        } catch  where exitCode(for: error) == .validationFailure {
            FileHandle.standardError.write(Data((explanation(of: error, arguments: arguments) + "\n").utf8))
            exit(withError: ExitCode.validationFailure)
        } catch {
            exit(withError: error)
        }
    }
}
