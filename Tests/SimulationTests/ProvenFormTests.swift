import Information
import RealModule
import Statistics
import Testing

@testable import emi_simulation

@Suite struct ProvenFormTests {
    /// sqrt(2) H sqrt(J) is enough for two modalities that say the same, and not for one.
    @Test func theCorrectedFormsHoldForASingleModality() {
        let world = DiscreteWorld(
            shape: [4], answerCount: 2, cells: [[0], [1], [2], [3]],
            idQuery: [0.46875, 0.46875, 0.03125, 0.03125], oodQuery: [0.03125, 0.03125, 0.46875, 0.46875],
            idReference: [[0.5, 0.5], [0.5, 0.5], [1, 0], [0, 1]], oodReference: [[0.5, 0.5], [0.5, 0.5], [1, 0], [0, 1]],
            model: [[1, 0], [0, 1], [0.5, 0.5], [0.5, 0.5]])
        let terms = world.boundTerms
        #expect(terms.bound(.correctedGeneral).value >= world.gap)
        #expect(terms.bound(.correctedSimplified).value >= world.gap)
        #expect(2.0.squareRoot() * terms.entropyScale * terms.jointDivergence.squareRoot() < world.gap)
    }

    /// One discrete world behind both sides: the proven forms hold for every one of many random worlds.
    @Test func provenFormsHoldOnRandomWorlds() {
        var simulation = SeededGenerator(seed: 4, stream: "simulation")
        func distribution(_ count: Int) -> [Double] {
            // Powers make some outcomes nearly impossible, zeros make some impossible.
            let weights = (0..<count).map { _ in simulation.uniform() < 0.3 ? 0 : Double.pow(simulation.uniform(), 4) }
            let sum = weights.reduce(0, +)
            return sum > 0 ? weights.map { $0 / sum } : [1] + [Double](repeating: 0, count: count - 1)
        }
        for _ in 0..<3_000 {
            let shape = [2, 3]
            let cells = (0..<2).flatMap { v in (0..<3).map { [v, $0] } }
            let world = DiscreteWorld(
                shape: shape, answerCount: 3, cells: cells, idQuery: distribution(6), oodQuery: distribution(6),
                idReference: cells.map { _ in distribution(3) }, oodReference: cells.map { _ in distribution(3) },
                model: cells.map { _ in distribution(3) })
            let terms = world.boundTerms
            for form in [BoundForm.joint, .split, .correctedGeneral] {
                #expect(terms.bound(form).value >= world.gap - 1e-12)
            }
        }
    }
}
