import ArgumentParser
import Foundation
import LinearAlgebra
import Reports

/// `emi` computes the effective mutual information of multimodal models under distribution shift.
@main
struct Emi: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emi",
        abstract: "Effective mutual information of multimodal models under distribution shift.",
        discussion: reflowed(
            """
            EMI = I(X; Y_theta) - I(X; Y): how much the model's responses tell about its queries, against the references.
            EMID = EMI(ID) - EMI(OOD) is what the shift cost, with its discrepancies and an upper bound.

            EXAMPLES:
              emi estimate --id Fixtures/digits/clean.npz \\
                --ood Fixtures/digits/defocus_blur_5.npz
              emi batch Fixtures/digits/manifest.yaml \\
                -o report.json -o report.html
              emi check report.json --fail-if 'emid.interval_low > 0.05'
              emi estimate --id Fixtures/digits/clean.npz --format json \\
                | emi report - --format markdown
            """),
        version: emiVersion,
        subcommands: [
            EstimateCommand.self, BatchCommand.self, CalibrateCommand.self, ReportCommand.self, CheckCommand.self, CompareCommand.self,
            BottleneckCommand.self, LogProbabilityCommand.self, AttributeCommand.self, PlanCommand.self, SummarizeCommand.self,
            MergeCommand.self,
            InitCommand.self, InspectCommand.self, MutualInformationCommand.self, DivergenceCommand.self, EstimatorsCommand.self,
            ExplainCommand.self, SchemaCommand.self, ManualCommand.self,
        ])

    static func main() {
        StandardStreams.fillGaps()
        // A file that grows beyond a limit (ulimit -f) is then an error of writing, with a sentence, and no death by a signal.
        signal(SIGXFSZ, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        AddressSpace.restartIfLimited()
        FasterKernels.restartIfUseful(arguments)
        BLAS.useOneThreadPerCall()
        var command: ParsableCommand?
        do {
            try reportingErrors { try AddressSpace.reserve(arguments) }
            try checkHelp(arguments)
            command = try parseAsRoot(arguments)
            try CommandDescription.checkRepeats(arguments)
            try reportingErrors { try checkOutputFolders(arguments) }
            try command?.run()
        } catch let error as ExitCode {
            exit(withError: error)
        } catch {
            // Not by the parser's `exit(withError:)`, which ends the program with a trap if standard error takes nothing.
            let text = explanation(of: error, command: command, arguments: arguments)
            if exitCode(for: error).isSuccess {
                if (try? reportingErrors { try writeResult(text + "\n", to: nil) }) == nil { exit(withError: ExitCode(2)) }
                exit(withError: ExitCode.success)
            }
            StandardError.say(text)
            exit(withError: exitCode(for: error))
        }
    }
}
