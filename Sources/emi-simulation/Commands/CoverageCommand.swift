import ArgumentParser
import Information
import LinearAlgebra
import Statistics

/// `emi-simulation coverage`: measures how often nominal 95 % intervals of EMI and EMID contain the truth.
struct CoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Coverage of the 95 % intervals of EMI and EMID.",
        discussion: """
            The truth of gaussian is that of the world. That of club-kernel and club-ridge is the value of their own q on rows that it
            has not seen, because intervals take q as given; "mean" is the coverage of one value for all data sets instead,
            their mean, which varies with q as well. SE/SD is the mean standard error, with that of the truth, over the
            standard deviation of estimate less truth, bias the mean of that in standard deviations. * marks what is not in 92 to 98 %.

            Digits need a folder of seeds:
              for seed in $(seq 0 19); do python Scripts/make_digits_study.py --rows 765 --seed $seed \\
                --only clean,frost_3,normal_German --out FOLDER/$seed; done
            """)

    @Option(parsing: .upToNextOption, help: "gaussian, digits.") var worlds = ["gaussian"]
    @Option(parsing: .upToNextOption, help: "club-kernel, club-ridge, gaussian (which needs its own world).")
    var estimators = ["gaussian", "club-ridge", "club-kernel"]
    @Option(parsing: .upToNextOption, help: "Rows a set.") var rows = [60, 90, 300]
    @Option(parsing: .upToNextOption, help: "rows, groups, items, grouped-items.") var designs: [SimulationDesign] = [.rows, .groups]
    @Option(help: "A folder of seeds of the digits study.") var digits: String?
    @Option(help: "The shifted set of the digits study.") var scenario = "normal_German"
    @Option(help: "Columns of each array of the Gaussian world.") var width = 4
    @Option(help: "Rows a set from which the truth of a fitted q is measured.") var unseenRows = 3_000
    @Option(help: "Resamples of bootstrap intervals; 0 for Student's t.") var bootstrap = 0
    @Option(help: "Data sets.") var repetitions = 400
    @OptionGroup(title: "Common") var options: SimulationOptions

    func validate() throws {
        try checkAtLeast(2, repetitions, "--repetitions")
        try checkAtLeast(1, width, "--width")
        if worlds.contains("digits"), digits == nil { throw ValidationError("--worlds digits needs --digits FOLDER") }
        for world in worlds where !["gaussian", "digits"].contains(world) {
            throw ValidationError("--worlds: expected gaussian or digits, found \(world)")
        }
        _ = try namedEstimators(estimators)
    }

    func run() throws {
        let table = MarkdownTable(header: [
            "world", "estimator", "rows", "design", "mean EMI", "EMI %", "mean %", "SE/SD", "bias", "mean EMID", "EMID %", "mean %",
            "SE/SD", "bias",
        ])
        for world in worlds {
            let source = try source(world)
            for (name, estimator) in try namedEstimators(estimators) where world == "gaussian" || name != "gaussian" {
                for count in rows {
                    for design in designs {
                        let trials = try trials(source, estimator, count, design)
                        table.write(
                            [source.name, name, "\(count)", design.rawValue] + cells(trials.map(\.emi)) + cells(trials.map(\.gap)))
                    }
                }
            }
        }
    }

    private func trials(
        _ source: CoverageSource, _ estimator: any Estimator, _ count: Int, _ design: SimulationDesign
    ) throws -> [CoverageTrial] {
        try concurrentMap(count: repetitions, threadCount: options.threadCount) { index in
            var generator = SeededGenerator(
                seed: options.seed, stream: "coverage \(source.name) \(count) \(design.rawValue)", index: index)
            let intervals = IntervalMethod(resamples: bootstrap, seed: options.seed &+ UInt64(index))
            return try CoverageTrial(source.draw(count, design, &generator), estimator, intervals: intervals)
        }
    }

    private func cells(_ values: [CoveredValue]) -> [String] {
        let estimates = values.map(\.estimate.value)
        let mean = estimates.mean
        let errors = values.map { $0.estimate.value - $0.truth }
        let spread = errors.standardDeviation
        return [
            decimal(mean), Rate(values.map(\.isCovered)).text(required: 0.92...0.98), Rate(values.map { $0.covers(mean) }).text,
            decimal(values.compactMap(\.errorOfDifference).mean / spread, 2), decimal(errors.mean / spread, 2),
        ]
    }

    private func source(_ world: String) throws -> CoverageSource {
        guard world == "digits", let digits else { return .gaussian(width: width, unseenRows: unseenRows) }
        return .digits(
            clean: try DigitsPopulation(folder: digits, name: "clean", threadCount: options.threadCount),
            shifted: try DigitsPopulation(folder: digits, name: scenario, threadCount: options.threadCount), unseenRows: unseenRows)
    }
}
