import ArgumentParser
import Calibration
import LinearAlgebra
import RealModule
import Statistics

/// `emi-simulation calibration`: checks what `emi calibrate` prints in worlds with known truth.
struct CalibrationCommand: ParsableCommand {
    /// The property to measure.
    enum Table: String, CaseIterable, ExpressibleByArgument {
        case bias, ranking, coverage, level, power, changes, temperature
    }

    static let configuration = CommandConfiguration(
        commandName: "calibration",
        abstract: "Bias of calibration errors, coverage of their intervals, levels and power of the tests.",
        discussion: """
            Confidences are broad, 0.25 + 0.75 Beta(2, 1), or peaked, Beta(8, 1). Groups have three rows, with correlations of 0.5.
            bias: of a calibrated model, whose errors are 0. ranking: how often the smaller of two calibrated sets is called worse.
            coverage: of nominal 95 % intervals; * marks what is not in 92 to 98 %, and for the bracket around ECE what is below.
            level: of tests at 5 % on calibrated models; * marks what is not in 3.5 to 6.5 %. power: against T = 1.5.
            changes: of paired intervals. temperature: of ln T, and of the test that it survives a shift.
            """)

    @Option(parsing: .upToNextOption, help: "bias, ranking, coverage, level, power, changes, temperature.")
    var tables = Table.allCases
    @Option(parsing: .upToNextOption, help: "Rows a set.") var rows = [90, 300, 1_000]
    @Option(help: "Data sets.") var repetitions = 1_000
    @Option(help: "Patterns of signs of the kernel test.") var draws = 999
    @OptionGroup(title: "Common") var options: SimulationOptions

    func validate() throws {
        try checkAtLeast(2, repetitions, "--repetitions")
        for count in rows { try checkAtLeast(12, count, "--rows") }
    }

    func run() throws {
        for table in tables {
            note(table.rawValue)
            switch table {
            case .bias: try bias()
            case .ranking: try ranking()
            case .coverage: try coverage()
            case .level: try level()
            case .power: try power()
            case .changes: try changes()
            case .temperature: try temperatures()
            }
        }
    }

    /// The results of all repetitions; each repetition has its own random stream.
    func trials<Result: Sendable>(
        _ stream: String, _ trial: @Sendable (inout SeededGenerator) throws -> Result
    ) throws -> [Result] {
        try concurrentMap(count: repetitions, threadCount: options.threadCount) { index in
            var generator = SeededGenerator(seed: options.seed, stream: "calibration \(stream)", index: index)
            return try trial(&generator)
        }
    }

    private func reach(_ count: Int, _ groupSize: Int) -> StudentReach {
        StudentReach(degreesOfFreedom: Double((count + groupSize - 1) / groupSize - 1), confidence: 0.95)
    }

    private func settings(draws: Int = 0, seed: UInt64 = 0) -> CalibrationSummary.Settings {
        .init(signs: .init(draws: draws, seed: seed))
    }

    private func bias() throws {
        let table = MarkdownTable(header: [
            "calibrated model", "rows", "ECE-10", "excess", "mass ECE-10", "excess", "smECE", "MCE", "squared", "SD of it",
        ])
        for law in CalibrationWorld.Law.allCases {
            let world = CalibrationWorld(law: law, truth: .calibrated, groupSize: 1)
            for count in rows {
                let reach = reach(count, 1)
                let values = try trials("bias \(law) \(count)") { generator in
                    let summary = CalibrationSummary(try world.draw(count, using: &generator), settings(), reach: reach)
                    return [
                        summary.byWidth.ece, summary.byWidth.excess, summary.byMass.ece, summary.byMass.excess,
                        summary.smoothed, summary.byWidth.largestGap, summary.byWidth.squared ?? 0,
                    ]
                }
                let columns = (0..<7).map { column in values.map { $0[column] } }
                table.write(
                    [law.rawValue, "\(count)"] + columns.map { decimal($0.mean, 4) } + [decimal(columns[6].standardDeviation, 4)])
            }
        }
    }

    private func ranking() throws {
        let table = MarkdownTable(header: ["the smaller set is called worse by", "1,000 and 90", "1,000 and 300"])
        let world = CalibrationWorld(law: .broad, truth: .calibrated, groupSize: 1)
        let columns = try [90, 300].map { small in
            try trials("ranking \(small)") { generator in
                let pair = try [1_000, small].map { count in
                    CalibrationSummary(try world.draw(count, using: &generator), settings(), reach: reach(count, 1)).byWidth
                }
                return [pair[1].ece > pair[0].ece, pair[1].excess > pair[0].excess]
            }
        }
        for (index, name) in ["ECE", "excess"].enumerated() {
            table.write([name] + columns.map { column in Rate(column.map { $0[index] }).text })
        }
    }

    private func coverage() throws {
        let table = MarkdownTable(header: [
            "truth", "rows", "design", "gap", "accuracy", "confidence", "Brier", "ECE bracket", "squared", "AUROC",
        ])
        for truth in CalibrationWorld.Truth.allCases {
            for count in rows {
                for groupSize in [1, 3] {
                    let world = CalibrationWorld(law: .broad, truth: truth, groupSize: groupSize)
                    let exact = CalibrationTruth(world)
                    let reach = reach(count, groupSize)
                    let hits = try trials("coverage \(truth) \(count) \(groupSize)") { generator -> [Bool?] in
                        let summary = CalibrationSummary(try world.draw(count, using: &generator), settings(), reach: reach)
                        let half = summary.byWidth.squaredStandardError.map { $0 * reach.interval }
                        let squared = summary.byWidth.squared.flatMap { value in
                            half.map { abs(value - exact.squared) <= $0 }
                        }
                        return [
                            summary.gap.interval?.contains(exact.gap), summary.accuracy.interval?.contains(exact.accuracy),
                            summary.confidence.interval?.contains(exact.gap + exact.accuracy),
                            summary.brier.score.interval?.contains(exact.brier),
                            summary.byWidth.interval?.contains(exact.ece), squared,
                            summary.areaUnderCurve?.interval?.contains(exact.areaUnderCurve),
                        ]
                    }
                    let cells = (0..<7).map { column in
                        // The interval of a bracket, and that of a sum of first-order and degenerate parts, may be wider than nominal.
                        Rate(hits.compactMap { $0[column] }).text(required: 0.92...(column == 4 || column == 5 ? 1 : 0.98))
                    }
                    table.write([truth.rawValue, "\(count)", groupSize == 1 ? "rows" : "groups"] + cells)
                }
            }
        }
    }

    private func rejections(_ world: CalibrationWorld, _ count: Int, _ stream: String) throws -> [[Bool?]] {
        let reach = reach(count, world.groupSize)
        return try trials("\(stream) \(world.law) \(count) \(world.groupSize)") { generator in
            let rows = try world.draw(count, using: &generator)
            let summary = CalibrationSummary(rows, settings(draws: draws, seed: generator.next()), reach: reach)
            return [
                summary.kernel.pValue.map { $0 <= 0.05 }, summary.spiegelhalter.map { $0.pValue <= 0.05 },
                summary.gap.interval.map { !$0.contains(0) },
            ]
        }
    }

    private func level() throws {
        let table = MarkdownTable(header: ["calibrated model", "rows", "design", "SKCE signs", "Spiegelhalter", "gap, t"])
        for law in CalibrationWorld.Law.allCases {
            for count in rows {
                for groupSize in [1, 3] {
                    let world = CalibrationWorld(law: law, truth: .calibrated, groupSize: groupSize)
                    let found = try rejections(world, count, "level")
                    table.write(
                        [law.rawValue, "\(count)", groupSize == 1 ? "rows" : "groups"]
                            + (0..<3).map { test in Rate(found.compactMap { $0[test] }).text(required: 0.035...0.065) })
                }
            }
        }
    }

    private func power() throws {
        let table = MarkdownTable(header: ["T = 1.5", "rows", "design", "SKCE signs", "Spiegelhalter", "gap, t"])
        for count in rows {
            for groupSize in [1, 3] {
                let world = CalibrationWorld(law: .broad, truth: .overconfident, groupSize: groupSize)
                let found = try rejections(world, count, "power")
                table.write(
                    ["broad", "\(count)", groupSize == 1 ? "rows" : "groups"]
                        + (0..<3).map { test in Rate(found.compactMap { $0[test] }).text })
            }
        }
    }
}
