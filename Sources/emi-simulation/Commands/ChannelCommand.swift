import ArgumentParser
import Information
import LinearAlgebra
import Statistics

/// `emi-simulation channel`: measures coverage, test levels and readings of the default estimator.
struct ChannelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channel",
        abstract: "The reference channel: coverage of its intervals, levels of its tests, and what it says of known models.",
        discussion: """
            Worlds are of 24 contents in several wordings (WordedWorld). Two sets are judged in a run with eight others.

            coverage  how often 95 % intervals of EMI and EMID hold the truth: "own" is the value of the run's own channel on new sets of the
                      same size (its error is added to the interval's), "mean" the mean over all data sets. SE/SD is the mean standard
                      error over the standard deviation. * marks what is not in 92 to 98 %.
            nulls     two sets of one law: the share with p <= 0.05 for EMID by relabelling, with an interval without 0, and for
                      I(X;Yθ) = 0 of a set whose answers are drawn without looking. * marks what is not in 3.3 to 6.7 %.
            models    EMI of the first of nine sets under models whose quality is known.
            """)

    enum Table: String, CaseIterable, ExpressibleByArgument { case coverage, nulls, models }

    @Argument(help: "coverage, nulls or models.") var table: Table
    @Option(parsing: .upToNextOption, help: "Groups of the first set, and of the second: 30 or 30:10.")
    var groups = ["10", "20", "30", "90", "300", "30:10"]
    @Option(help: "Relabellings, and new pairings, of a test.") var permutations = 199
    @Option(help: "Data sets.") var repetitions = 400
    @OptionGroup(title: "Common") var options: SimulationOptions

    func validate() throws {
        try checkAtLeast(2, repetitions, "--repetitions")
        try checkAtLeast(19, permutations, "--permutations")
        _ = try designs()
    }

    func run() throws {
        switch table {
        case .coverage: try writeCoverage()
        case .nulls: try writeNulls()
        case .models: try writeModels()
        }
    }

    /// The design of the two sets in a run.
    private struct Design {
        let groups: (Int, Int)
        let size: Int
        let sharesItems: Bool

        var cells: [String] {
            let count = groups.0 == groups.1 ? "\(groups.0)" : "\(groups.0), \(groups.1)"
            return [count, "\(size)", sharesItems ? "same items" : "-"]
        }
    }

    private func designs() throws -> [Design] {
        try groups.flatMap { text -> [Design] in
            let counts = text.split(separator: ":").compactMap { Int($0) }
            guard (1...2).contains(counts.count), counts.allSatisfy({ (4...5_000).contains($0) }) else {
                throw ValidationError("--groups: expected 4 to 5000, or two of these as 30:10, found '\(text)'")
            }
            let pair = (counts[0], counts[counts.count - 1])
            let own = [Design(groups: pair, size: 1, sharesItems: false), Design(groups: pair, size: 3, sharesItems: false)]
            return pair.0 == pair.1 ? own + [Design(groups: pair, size: 3, sharesItems: true)] : own
        }
    }

    private static let world = WordedWorld()

    /// Two sets, and eight others of 30 groups of three.
    private func sets(
        _ design: Design, wrong: (Double, Double), isBlind: Bool = false, using generator: inout SeededGenerator
    ) -> [SampleSet] {
        let world = Self.world
        let items = world.items(groups: design.groups.0, size: design.size, using: &generator)
        let others = design.sharesItems ? items : world.items(groups: design.groups.1, size: design.size, using: &generator)
        let pair = [
            world.set(
                "id", items, wrong: wrong.0, isBlind ? .random : .honest, namesItems: design.sharesItems, using: &generator),
            world.set("ood", others, wrong: wrong.1, namesItems: design.sharesItems, using: &generator),
        ]
        return pair
            + (0..<8).map { index in
                let items = world.items(groups: 30, size: 3, using: &generator)
                return world.set("other \(index)", items, wrong: 0.08 * Double(index), using: &generator)
            }
    }

    private func each<Value: Sendable>(
        _ stream: String, _ design: Design, _ body: @Sendable @escaping (inout SeededGenerator, UInt64) throws -> Value
    ) throws -> [Value] {
        let name = "\(stream) \(design.cells.joined(separator: " "))"
        return try concurrentMap(count: repetitions, threadCount: options.threadCount) { index in
            var generator = SeededGenerator(seed: options.seed, stream: name, index: index)
            return try body(&generator, options.seed &+ UInt64(index))
        }
    }

    private func writeCoverage() throws {
        let output = MarkdownTable(header: [
            "groups", "rows a group", "items", "mean EMI", "EMI %, own", "mean %", "SE/SD", "mean EMID", "EMID %, own", "mean %", "SE/SD",
        ])
        let wrong = (0.15, 0.45)
        let newCount = 6
        for design in try designs() {
            let trials = try each("channel coverage", design) { generator, _ in
                let sets = self.sets(design, wrong: wrong, using: &generator)
                let (fit, rows) = try ReferenceChannel().judged(sets)
                let (first, second) = (rows[0].estimate, rows[1].estimate)
                // These are new sets of the same size, under their own names.
                let new = try (0..<newCount).map { index -> (emi: Double, gap: Double) in
                    let drawn = self.sets(
                        Design(groups: design.groups, size: design.size, sharesItems: false), wrong: wrong, using: &generator)
                    let new = drawn.prefix(2).map { set in
                        SampleSet(
                            name: set.name, modalities: set.modalities, response: set.response, reference: set.reference,
                            groups: (set.groups ?? (0..<set.rowCount).map { "\($0)" }).map { "new \(index) \(set.name) \($0)" })
                    }
                    let found = try fit.estimate(Array(new))
                    return (found[0].value, try gap(new[0], new[1], (found[0], found[1])).value)
                }
                func value(_ estimate: UncertainValue, _ truths: [Double]) -> CoveredValue {
                    CoveredValue(
                        estimate: estimate, truth: truths.mean, truthError: truths.standardDeviation / Double(truths.count).squareRoot())
                }
                return (
                    value(first.uncertainValue(IntervalMethod()), new.map(\.emi)),
                    value(try gap(sets[0], sets[1], (first, second)), new.map(\.gap))
                )
            }
            output.write(design.cells + cells(trials.map(\.0)) + cells(trials.map(\.1)))
        }
    }

    private func gap(_ id: SampleSet, _ ood: SampleSet, _ estimates: (EMIEstimate, EMIEstimate)) throws -> UncertainValue {
        try ReferenceChannel().gap(id, ood, estimates: estimates, relabellings: [Relabelling]()).gap
    }

    private func cells(_ values: [CoveredValue]) -> [String] {
        let estimates = values.map(\.estimate.value)
        let mean = estimates.mean
        return [
            decimal(mean), Rate(values.map(\.isCovered)).text(required: 0.92...0.98), Rate(values.map { $0.covers(mean) }).text,
            decimal(values.compactMap(\.estimate.standardError).mean / estimates.standardDeviation, 2),
        ]
    }

    private func writeNulls() throws {
        let output = MarkdownTable(header: [
            "groups", "rows a group", "items", "EMID, relabelling", "EMID, interval", "I(X;Yθ)", "I(X;Yθ), mean",
        ])
        for design in try designs() {
            let trials = try each("channel nulls", design) { generator, seed in
                let sets = self.sets(design, wrong: (0.3, 0.3), using: &generator)
                let rows = try ReferenceChannel().judged(sets).rows
                let relabellings = ExchangeDesign(sets[0], sets[1]).lazyRelabellings(count: permutations, seed: seed)
                let gap = try ReferenceChannel().gap(
                    sets[0], sets[1], estimates: (rows[0].estimate, rows[1].estimate), relabellings: relabellings)
                let blind = self.sets(design, wrong: (1, 0.3), isBlind: true, using: &generator)
                let estimate = try ReferenceChannel().judged(blind).rows[0].estimate
                let test = try estimate.independenceTest(pairingCount: permutations, seed: seed)
                return (
                    gap.pValue.map { $0 <= 0.05 } ?? false, gap.gap.interval.map { !$0.contains(0) } ?? false,
                    test.map { $0.modelPValue <= 0.05 } ?? false, estimate.modelMutualInformation
                )
            }
            let required = 0.033...0.067
            output.write(
                design.cells + [
                    Rate(trials.map(\.0)).text(required: required), Rate(trials.map(\.1)).text(required: required),
                    Rate(trials.map(\.2)).text(required: required), decimal(trials.map(\.3).mean),
                ])
        }
    }

    private func writeModels() throws {
        let output = MarkdownTable(header: ["model", "contents", "I(X;Yθ)", "I(X;Y)", "EMI", "notes"])
        for behaviour in WordedWorld.Behaviour.allCases {
            try write(KnownModel(behaviour), behaviour.rawValue, to: output)
        }
        for (count, name) in [(2, "yes or no, right in 4 of 5"), (4, "letters A to D, right in 4 of 5")] {
            try write(KnownModel(.honest, contentCount: count, firstWrong: 0.2), name, to: output)
        }
        try write(KnownModel(.honest, repeats: 2), "right, or wrong at random; every row twice", to: output)
        try write(KnownModel(.honest, repeats: 3), "right, or wrong at random; three epochs", to: output)
        try write(KnownModel(.honest, isRounded: true), "right, or wrong at random; references of the first set in float16", to: output)
    }

    private func write(_ model: KnownModel, _ name: String, to output: MarkdownTable) throws {
        let found = try model.reading(seed: options.seed, count: min(repetitions, 20), threadCount: options.threadCount)
        output.write([name, "\(model.contentCount)", decimal(found.model), decimal(found.reference), decimal(found.emi), found.notes])
    }
}
