import Information
import Statistics
import Testing

@testable import emi_simulation

@Suite struct BoundTallyTests {
    private func command(_ arguments: String...) throws -> BoundsCommand { try BoundsCommand.parse(arguments) }

    @Test func provenFormsHoldAndFalseOnesAreExceeded() throws {
        let command = try command("--worlds", "4000", "--climbs", "36", "--steps", "300")
        let (random, adversarial) = (try command.randomTally(), try command.adversarialTally())
        for form in [BoundForm.joint, .split, .correctedGeneral] {
            #expect(random.counts[.reported(form)]?.worlds == 4_000 && random.counts[.reported(form)]?.violations == 0, "\(form)")
        }
        #expect(random.counts[.reported(.correctedSimplified)]?.worlds == 1_000)
        for form in [BoundForm.joint, .split, .correctedGeneral, .correctedSimplified] {
            #expect(
                adversarial.counts[.reported(form)]?.worlds == 36 * 301 && adversarial.counts[.reported(form)]?.violations == 0, "\(form)")
        }
        for form in [BoundForm.paper, .scaleAdjusted] {
            #expect(adversarial.counts[.reported(form)].map { $0.violations > 100 && $0.largestExcess > 0.2 } == true, "\(form)")
        }
        for form in [TalliedForm.exact(.separation), .exact(.deviation)] {
            #expect(random.counts[form]?.worlds == 4_000 && random.counts[form]?.violations == 0)
            #expect(adversarial.counts[form].map { $0.violations == 0 && $0.largestExcess > -1e-9 } == true)
        }
        // The joint form is attained.
        #expect(adversarial.counts[.reported(.joint)].map { $0.largestExcess > -1e-9 } == true)
    }

    @Test func threadsMoveNoDigit() throws {
        let (one, three) = (
            try command("--worlds", "2500", "--climbs", "6", "--steps", "20", "--threads", "1"),
            try command("--worlds", "2500", "--climbs", "6", "--steps", "20", "--threads", "3")
        )
        #expect(try one.randomTally().counts == three.randomTally().counts)
        #expect(try one.adversarialTally().counts == three.adversarialTally().counts)
    }

    @Test func adversarialWorldsKeepTheirAssumptions() {
        for seed in 0..<40 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed, stream: "test")
            var adversarial = AdversarialWorld(using: &generator)
            for _ in 0..<300 { adversarial.change(using: &generator) }
            let world = adversarial.world
            #expect(world.idReference == world.oodReference)
            #expect(abs(world.id.outputDivergence) < 1e-12 && abs(world.ood.outputDivergence) < 1e-12)
            let distributions = [world.idQuery, world.oodQuery] + world.model + world.idReference
            #expect(distributions.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-12 && $0.allSatisfy { $0 >= 0 } })
            #expect(world.boundTerms.modalities.allSatisfy { abs($0.divergence - world.boundTerms.jointDivergence) < 1e-12 })
        }
    }

    @Test(arguments: WorldFamily.allCases) func familiesKeepWhatTheySay(_ family: WorldFamily) {
        for index in 0..<200 {
            var generator = SeededGenerator(seed: 7, stream: "test", index: index)
            let world = DiscreteWorld.random(family, using: &generator)
            let distributions = [world.idQuery, world.oodQuery] + world.model + world.idReference + world.oodReference
            #expect(distributions.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-12 && $0.allSatisfy { $0 >= 0 } })
            #expect((world.idReference == world.oodReference) == (family != .free))
            guard family == .sharedConditionals else { continue }
            let terms = world.boundTerms
            #expect(terms.modalities.allSatisfy { $0.conditionalRootDivergence < 1e-6 })
            #expect(terms.modalities.allSatisfy { abs($0.divergence - terms.jointDivergence) < 1e-9 })
        }
    }

    @Test func aViolationIsCounted() throws {
        // The seesaw: EMID 1.213 where the published form says 0.940.
        let answers = [[0.5, 0.5], [0.5, 0.5], [1, 0], [0, 1]]
        let world = DiscreteWorld(
            shape: [4, 4], answerCount: 2, cells: (0..<4).map { [$0, $0] }, idQuery: [0.46875, 0.46875, 0.03125, 0.03125],
            oodQuery: [0.03125, 0.03125, 0.46875, 0.46875], idReference: answers, oodReference: answers,
            model: [[1, 0], [0, 1], [0.5, 0.5], [0.5, 0.5]])
        var tally = BoundTally()
        tally.add(world, meetsAssumptions: true)
        tally.add(tally)
        let paper = try #require(tally.counts[.reported(.paper)])
        #expect(paper.worlds == 2 && paper.violations == 2 && abs(paper.largestExcess - 0.2734) < 1e-3)
        #expect(tally.counts[.reported(.joint)]?.violations == 0)
        var unchecked = BoundTally()
        unchecked.add(world, meetsAssumptions: false)
        #expect(unchecked.counts[.reported(.paper)] == nil && unchecked.counts[.reported(.joint)]?.worlds == 1)
    }
}
