import ArgumentParser
import Information
import LinearAlgebra
import RealModule
import Statistics

/// `emi-simulation information`: measures how often nominal 95 % intervals of I(X; Y) contain the truth (`emi mi`).
struct InformationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "information",
        abstract: "Coverage of the 95 % intervals of I(X; Y) by each estimator.",
        discussion: """
            Pairs of d + d Gaussian columns, each column of y of correlation 0.6 with one of x: I = -d/2 ln(1 - 0.36). "truth %" is how
            often the interval holds that value, "mean %" how often it holds the mean of the estimates, which has the estimator's bias in it.
            * marks what is not in 92 to 98 %.
            """)

    @Option(parsing: .upToNextOption, help: "auto, copula, gaussian, ksg, infonce.")
    var estimators = ["auto", "copula", "gaussian", "ksg", "infonce"]
    @Option(parsing: .upToNextOption, help: "Columns of either array.") var columns = [1, 3]
    @Option(parsing: .upToNextOption, help: "Rows of a data set.") var rows = [200, 1_000]
    @Option(help: "Data sets.") var repetitions = 200
    @OptionGroup(title: "Common") var options: SimulationOptions

    func validate() throws {
        try checkAtLeast(2, repetitions, "--repetitions")
        for count in columns { try checkAtLeast(1, count, "--columns") }
        for count in rows { try checkAtLeast(20, count, "--rows") }
        _ = try namedEstimators(estimators)
    }

    func run() throws {
        let table = MarkdownTable(header: [
            "columns", "rows", "estimator", "truth", "mean", "SD", "mean SE", "SE/SD", "truth %", "mean %",
        ])
        for width in columns {
            let truth = -Double(width) / 2 * .log(onePlus: -GaussianPair.correlation * GaussianPair.correlation)
            for count in rows {
                for name in estimators {
                    let estimates = try estimates(namedEstimators([name])[0].estimator, width: width, rowCount: count)
                    let values = estimates.map(\.value)
                    let (mean, spread) = (values.mean, values.standardDeviation)
                    let errors = estimates.compactMap(\.standardError)
                    func coverage(_ value: Double) -> String {
                        Rate(estimates.map { $0.interval?.contains(value) ?? false }).text(required: 0.92...0.98)
                    }
                    table.write([
                        "\(width) + \(width)", "\(count)", "`\(name)`", decimal(truth), decimal(mean), decimal(spread),
                        decimal(errors.mean),
                        decimal(errors.mean / spread, 2), coverage(truth), coverage(mean),
                    ])
                }
            }
        }
    }

    private func estimates(_ estimator: any Estimator, width: Int, rowCount: Int) throws -> [UncertainValue] {
        try concurrentMap(count: repetitions, threadCount: options.threadCount) { index in
            var generator = SeededGenerator(seed: options.seed, stream: "information \(width) \(rowCount)", index: index)
            let set = GaussianPair.set(rowCount: rowCount, width: width, using: &generator)
            let found = try estimator.information(set, hasError: true, threadCount: 1)
            return UncertainValue(value: found.value, influence: found.influence)
        }
    }
}

/// Two arrays whose columns are standard normal and correlated in pairs.
enum GaussianPair {
    /// The correlation of each column of y with its column of x.
    static let correlation = 0.6

    static func set(rowCount: Int, width: Int, using generator: inout SeededGenerator) -> SampleSet {
        let x = generator.normals(rowCount, width)
        let y = generator.normals(rowCount, width).mixed(with: x, share: correlation * correlation)
        return SampleSet(name: "pair", modalities: [Modality(name: "x", rows: x)], response: y, reference: y)
    }
}
