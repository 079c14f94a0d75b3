import ArgumentParser
import Information
import LinearAlgebra
import Statistics

/// `emi-simulation nulls`: measures how often tests reject although nothing shifted.
struct NullsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nulls",
        abstract: "False-positive rates of every test at 5 %.",
        discussion: """
            Pairs of sets of one law, in percent with p <= 0.05; * marks what is not in 3 to 7 %. Sets that share items have half of
            the variance of their queries from the items. 99 relabellings make the level of a permutation test 5 %
            exactly; with 100 it is 4.95 %.
            """)

    @Option(parsing: .upToNextOption, help: "rows, groups, items, grouped-items.") var designs = SimulationDesign.allCases
    @Option(help: "Rows of the first set.") var rows = 90
    @Option(parsing: .upToNextOption, help: "Rows of the second set.") var others = [90, 60, 30]
    @Option(help: "The kernel of the divergences: linear, rbf, laplacian or cosine.") var kernel = "linear"
    @Option(parsing: .upToNextOption, help: "Estimators of EMID: club-kernel, club-ridge, gaussian.")
    var estimators = ["club-kernel", "club-ridge", "gaussian"]
    @Option(help: "Columns of each array.") var width = 4
    @Option(help: "Relabellings a test.") var permutations = 99
    @Option(help: "Pairs of sets.") var repetitions = 1_000
    @OptionGroup(title: "Common") var options: SimulationOptions

    func validate() throws {
        try checkAtLeast(1, repetitions, "--repetitions")
        try checkAtLeast(1, permutations, "--permutations")
        if Kernel(name: kernel) == nil { throw ValidationError("--kernel: expected one of \(Kernel.names), found \(kernel)") }
        _ = try namedEstimators(estimators)
        for count in others where count > rows || count < 4 {
            throw ValidationError("--others: expected 4 to \(rows), found \(count)")
        }
    }

    func run() throws {
        guard let kernel = Kernel(name: kernel) else { return }
        let tests = PairTest.all(estimators: try namedEstimators(estimators), kernel: kernel)
        let world = GaussianWorld(width: width, reference: 0.75, model: 0.6)
        let table = MarkdownTable(header: ["design", "rows"] + tests.flatMap(\.names))
        for design in designs {
            for count in others {
                let rejections = try concurrentMap(count: repetitions, threadCount: options.threadCount) { index in
                    var generator = SeededGenerator(
                        seed: options.seed, stream: "nulls \(design.rawValue) \(count)", index: index)
                    let sets = gaussianPair(
                        (world, world), counts: (rows, count), design: design, jitter: design.sharesItems ? 0.5 : 0,
                        using: &generator)
                    let pair = TestedPair(
                        sets.0.normalized, sets.1.normalized, permutations: permutations, seed: generator.next())
                    return try tests.flatMap { try $0.pValues(pair).map { $0.map { $0 <= 0.05 } } }
                }
                table.write(
                    [design.rawValue, "\(rows)/\(count)"]
                        + tests.flatMap(\.names).indices.map { test in
                            Rate(rejections.compactMap { $0[test] }).text(required: 0.03...0.07)
                        })
            }
        }
    }
}

/// The estimators with the given names and their usual parameters.
///
/// - Throws: `ValidationError` for an unknown name, `EstimationError` for an estimator that needs further settings.
func namedEstimators(_ names: [String]) throws -> [(name: String, estimator: any Estimator)] {
    try names.map { name in
        guard let type = EstimatorCatalogue.named(name) else {
            throw ValidationError("expected one of \(EstimatorCatalogue.names.joined(separator: ", ")), found \(name)")
        }
        return (name, try type.init(EstimatorParameters()))
    }
}
