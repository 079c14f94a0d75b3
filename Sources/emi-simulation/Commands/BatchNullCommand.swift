import ArgumentParser
import Information
import LinearAlgebra
import Statistics

/// `emi-simulation batch-null`: measures how often Benjamini and Hochberg's procedure rejects anything in a batch without a shift.
struct BatchNullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch-null",
        abstract: "Null batches of 61 scenarios: how often anything is rejected at a false discovery rate of 10 %.",
        discussion: """
            Scenarios share items, images and questions as those of the paper do (34 on the items of the ID set), and all are
            compared with one ID set. "any" is the share of batches with a rejection in the family, * where above 13 %; "single" the
            share of single tests with p <= 0.05.
            """)

    @Option(help: "Rows a set.") var rows = 90
    @Option(help: "The estimator of EMID: club-kernel, club-ridge.") var estimator = "club-kernel"
    @Option(help: "Columns of each array.") var width = 3
    @Option(help: "Relabellings a test; fewer than 610 cannot reject a single scenario.") var permutations = 999
    @Option(help: "Batches.") var repetitions = 200
    @OptionGroup(title: "Common") var options: SimulationOptions

    private static let families = ["EMID", "J visual", "MMD visual", "J text", "MMD text", "J joint", "MMD joint"]

    func validate() throws {
        try checkAtLeast(1, repetitions, "--repetitions")
        try checkAtLeast(1, permutations, "--permutations")
        _ = try namedEstimators([estimator])
    }

    func run() throws {
        var estimator = try namedEstimators([estimator])[0].estimator
        if var kernel = estimator as? ClubKernel {
            // With few columns, few landmarks suffice.
            kernel.landmarkCount = 100
            estimator = kernel
        }
        let world = GaussianWorld(width: width, reference: 0.75, model: 0.6)
        let batches = try concurrentMap(count: repetitions, threadCount: options.threadCount) { [estimator] index in
            var generator = SeededGenerator(seed: options.seed, stream: "batch null", index: index)
            let batch = NullBatch(world, rowCount: rows, using: &generator)
            let values = try pValues(batch, estimator, seed: generator.next())
            if (index + 1).isMultiple(of: 20) { note("\(index + 1) of \(repetitions)") }
            return values
        }
        let table = MarkdownTable(header: ["family", "any", "mean rejected", "single"])
        for (family, name) in Self.families.enumerated() {
            let rejected = batches.map { benjaminiHochbergQValues($0[family]).count { $0 <= 0.1 } }
            table.write([
                name, Rate(rejected.map { $0 > 0 }).text(required: 0...0.13), decimal(rejected.map(Double.init).mean, 2),
                Rate(batches.flatMap { $0[family].map { $0 <= 0.05 } }).text,
            ])
        }
    }

    /// The p-values of the 61 scenarios, for each family.
    private func pValues(_ batch: NullBatch, _ estimator: any Estimator, seed: UInt64) throws -> [[Double]] {
        let estimates = try estimator.estimate([batch.id] + batch.scenarios.map(\.set))
        // As in emi, one seed serves all scenarios, so scenarios of one design have the same relabellings.
        var known: [(design: ExchangeDesign, relabellings: [Relabelling])] = []
        // A condition that several scenarios share is tested only once.
        var divergences: [String: [Double]] = [:]
        var families = [[Double]](repeating: [], count: Self.families.count)
        for (index, scenario) in batch.scenarios.enumerated() {
            let design = ExchangeDesign(batch.id, scenario.set)
            let relabellings =
                known.first { $0.design == design }?.relabellings
                ?? design.relabellings(count: permutations, seed: seed)
            if !known.contains(where: { $0.design == design }) { known.append((design, relabellings)) }
            let pair = TestedPair(first: batch.id, second: scenario.set, relabellings: relabellings, seed: seed)
            func divergence(_ name: String, _ modalities: [Int], _ key: String) throws -> [Double] {
                if let value = divergences[key] { return value }
                let value = try PairTest.divergence(name, .linear, modalities: modalities).pValues(pair).map { $0 ?? 1 }
                divergences[key] = value
                return value
            }
            let gap = try estimator.gap(
                batch.id, scenario.set, estimates: (estimates[0], estimates[index + 1]), relabellings: relabellings)
            families[0].append(gap.pValue ?? 1)
            let found =
                try divergence("visual", [0], "visual \(scenario.visualCondition)")
                + divergence("text", [1], "text \(scenario.textCondition)") + divergence("joint", [0, 1], "joint \(index)")
            for (family, value) in found.enumerated() { families[family + 1].append(value) }
        }
        return families
    }
}
