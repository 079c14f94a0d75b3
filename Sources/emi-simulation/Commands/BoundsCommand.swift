import ArgumentParser
import Foundation
import Information
import LinearAlgebra
import Statistics

/// `emi-simulation bounds`: measures how often EMID exceeds each form of the bound.
struct BoundsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bounds",
        abstract: "Violations of every form of the bound in finite worlds, where EMID and bound are exact.",
        discussion: """
            Random worlds have one to three modalities, two to six answers and Dirichlet weights from nearly certain to nearly uniform;
            a quarter of them meets the assumptions of the simplified theorem, where alone 'corrected-simplified', 'paper' and
            'scale-adjusted' are compared. Adversarial worlds meet all assumptions with equal outputs on either side, and climb towards
            EMID above one form each. A violation is EMID more than 1e-9 nats above the bound (|EMID| for the two corrected forms, which
            are two-sided). 'separation' and 'deviation' are O + C + 2 sqrt(E_M delta^2) sd_M(g) and O + C + 2 tau(J) sd_M(g) with g, the
            difference of the answers' entropies, exact. The exit code is 1 where a proven form is violated.
            """)

    @Option(help: "Random worlds.") var worlds = 240_000
    @Option(help: "Hill climbs.") var climbs = 1_200
    @Option(help: "Steps a climb.") var steps = 500
    @OptionGroup(title: "Common") var options: SimulationOptions

    func validate() throws {
        try checkAtLeast(1, worlds, "--worlds")
        try checkAtLeast(1, climbs, "--climbs")
        try checkAtLeast(1, steps, "--steps")
    }

    func run() throws {
        let random = try randomTally()
        note("\(worlds) random worlds")
        let adversarial = try adversarialTally()
        let table = MarkdownTable(
            header: [
                "form", "status", "random worlds", "violations", "largest EMID - bound", "adversarial worlds", "violations",
                "largest EMID - bound",
            ])
        for form in TalliedForm.allCases {
            table.write([form.name, form.status] + [random, adversarial].flatMap { Self.cells($0.counts[form]) })
        }
        let failed = [random, adversarial].contains { tally in
            tally.counts.contains { $0.key.status != BoundForm.paper.status && $0.value.violations > 0 }
        }
        if failed { throw ExitCode.failure }
    }

    /// Tallies random worlds; families alternate, and each world has its own random stream.
    func randomTally() throws -> BoundTally {
        let blockSize = 1_000
        let tallies = try concurrentMap(count: (worlds + blockSize - 1) / blockSize, threadCount: options.threadCount) { block in
            var tally = BoundTally()
            for index in block * blockSize..<min(worlds, (block + 1) * blockSize) {
                var generator = SeededGenerator(seed: options.seed, stream: "random world", index: index)
                let family = WorldFamily.allCases[index % WorldFamily.allCases.count]
                tally.add(.random(family, using: &generator), meetsAssumptions: family == .sharedConditionals)
            }
            return tally
        }
        return tallies.reduce(into: BoundTally()) { $0.add($1) }
    }

    /// Tallies adversarial worlds; the forms to climb towards alternate.
    func adversarialTally() throws -> BoundTally {
        let tallies = try concurrentMap(count: climbs, threadCount: options.threadCount) { index in
            var generator = SeededGenerator(seed: options.seed, stream: "adversarial world", index: index)
            let form = TalliedForm.allCases[index % TalliedForm.allCases.count]
            return AdversarialWorld.climb(towards: form, steps: steps, using: &generator)
        }
        return tallies.reduce(into: BoundTally()) { $0.add($1) }
    }

    private static func cells(_ count: BoundTally.Count?) -> [String] {
        guard let count, count.worlds > 0 else { return ["0", "-", "-"] }
        return ["\(count.worlds)", "\(count.violations)", String(format: "%.2g", count.largestExcess)]
    }
}
