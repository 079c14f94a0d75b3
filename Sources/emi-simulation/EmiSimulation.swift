import ArgumentParser
import LinearAlgebra

/// `emi-simulation`: checks the uncertainty that `emi` prints in worlds with known truth.
@main
struct EmiSimulation: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emi-simulation",
        abstract: "Coverage of intervals, levels and power of the tests, and violations of the bounds of emi, each as one Markdown table.",
        discussion: """
            The same flags print the same table on any number of threads.

            EXAMPLES:
              emi-simulation coverage --worlds gaussian --estimators gaussian
              emi-simulation information --repetitions 200
              emi-simulation nulls --repetitions 1000
              emi-simulation batch-null --repetitions 200
              emi-simulation power
              emi-simulation bounds
              emi-simulation channel coverage
              emi-simulation attribution --rows 1000 20000
              emi-simulation calibration --tables bias ranking
            """,
        subcommands: [
            CoverageCommand.self, InformationCommand.self, NullsCommand.self, BatchNullCommand.self, PowerCommand.self, BoundsCommand.self,
            ChannelCommand.self, AttributionCommand.self, CalibrationCommand.self,
        ])

    static func main() {
        BLAS.useOneThreadPerCall()
        main(nil)
    }
}
