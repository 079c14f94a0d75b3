import ArgumentParser
import Attribution
import Foundation
import LinearAlgebra
import Statistics

/// `emi-simulation attribution`: measures what it costs to value and score pairs, by their number.
struct AttributionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attribution",
        abstract: "Processor seconds and memory of emi attribute by the number of pairs.",
        discussion: """
            Pairs share 32 hidden directions under different maps, with noise. `fit`: one head of all pairs to a thousandth of the first
            gradient. `influence`: all influences on the loss of 2,000 pairs, the solve to a thousandth. `detector`: both passes under one
            ridge, with --detector. Processor seconds are those of the process on all threads; memory is its peak so far.
            """)

    @Option(parsing: .upToNextOption, help: "Numbers of pairs.") var rows = [1_000, 5_000, 20_000]
    @Option(help: "Axes a side, and columns of the embeddings.") var rank = 64
    @Flag(help: "Run the detector too.") var detector = false
    @OptionGroup(title: "Common") var options: SimulationOptions

    func validate() throws {
        for count in rows { try checkAtLeast(100, count, "--rows") }
        try checkAtLeast(2, rank, "--rank")
    }

    func run() throws {
        let table = MarkdownTable(
            header: ["pairs", "fit, CPU s", "Newton steps", "influence, CPU s", "CG steps"] + (detector ? ["detector, CPU s"] : [])
                + ["memory, MB"])
        for count in rows {
            let pairs = try Self.pairs(count, columns: rank, seed: options.seed)
            let validation = pairs.selectingRows(Array(0..<min(count / 2, 2_000)))
            let (head, fitSeconds) = try timed {
                try TrainedPairHead(
                    pairs, rank: rank, ridge: 0.3, tolerance: 1e-3, seed: options.seed, threadCount: options.threadCount)
            }
            let target = try head.validationTarget(validation)
            let (influence, influenceSeconds) = try timed { try head.influences(on: target, tolerance: 1e-3) }
            var cells = ["\(count)", text(fitSeconds), "\(head.newtonSteps)", text(influenceSeconds), "\(influence.iterations)"]
            if detector {
                var detector = MisalignmentDetector()
                (detector.rank, detector.ridge, detector.threadCount) = (rank, 0.3, options.threadCount)
                let (_, seconds) = try timed { try detector.detect(pairs) }
                cells.append(text(seconds))
            }
            table.write(cells + ["\(peakMemory)"])
        }
    }

    private func text(_ seconds: Double) -> String { String(format: "%.2f", seconds) }

    private func timed<Value>(_ body: () throws -> Value) rethrows -> (Value, Double) {
        let start = processorSeconds
        let value = try body()
        return (value, processorSeconds - start)
    }

    private var processorSeconds: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

    /// The peak memory of the process in megabytes.
    private var peakMemory: Int {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss / 1_024
    }

    private static func pairs(_ count: Int, columns: Int, seed: UInt64) throws -> EmbeddedPairs {
        var generator = SeededGenerator(seed: seed, stream: "attribution costs")
        let hidden = generator.normals(count, 32)
        func side() -> Matrix {
            let map = generator.normals(32, columns)
            return hidden.times(map).adding(generator.normals(count, columns).mapElements { 3 * $0 })
        }
        return try EmbeddedPairs(left: side(), right: side(), identifiers: (0..<count).map { "\(10_000_000 + $0)" })
    }
}
