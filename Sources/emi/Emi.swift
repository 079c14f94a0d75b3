import ArgumentParser
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
              emi batch Fixtures/digits/manifest.yaml
            """,
        version: emiVersion,
        subcommands: [
            EstimateCommand.self, BatchCommand.self, ReportCommand.self, CheckCommand.self, CompareCommand.self, PlanCommand.self,
            InitCommand.self, InspectCommand.self, MutualInformationCommand.self, DivergenceCommand.self, EstimatorsCommand.self,
            ExplainCommand.self, SchemaCommand.self,
        ])

    static func main() {
        BLAS.useOneThreadPerCall()
        main(nil)
    }
}
