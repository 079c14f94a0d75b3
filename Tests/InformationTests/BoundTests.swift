import RealModule
import Testing

@testable import Information

@Suite struct BoundTests {
    @Test(arguments: [0.0, 1e-12, 1e-6, 0.01, 0.2, 0.5, 0.69, .log(2)])
    func theVariationBoundInvertsPhi(_ divergence: Double) {
        let variation = Discrete.totalVariationBound(divergence)
        #expect(abs(Discrete.phi(variation) - divergence) < 1e-15)
        #expect(variation <= (2 * divergence).squareRoot() + 1e-15)
    }

    @Test func entropyChangesStayWithinTheContinuityBound() {
        var simulation = Simulation(seed: 3)
        for _ in 0..<2_000 {
            func distribution() -> [Double] {
                let weights = (0..<4).map { _ in Double.pow(simulation.uniform(), 3) }
                let sum = weights.reduce(0, +)
                return weights.map { $0 / sum }
            }
            let (p, q) = (distribution(), distribution())
            let change = abs(Discrete.entropy(p) - Discrete.entropy(q))
            let variation = Discrete.totalVariation(p, q)
            #expect(change <= Discrete.entropyContinuityBound(variation, outcomeCount: 4) + 1e-12)
            #expect(variation <= Discrete.totalVariationBound(Discrete.jensenShannonDivergence(p, q)) + 1e-12)
        }
    }

    @Test func sharesAddUpToTheJointDivergence() {
        let values = [1: 0.2, 2: 0.1, 3: 0.4, 4: 0.05, 5: 0.3, 6: 0.12, 7: 0.5]
        let three = shapleyShares(modalityCount: 3) { values[$0] ?? 0 }
        #expect(abs(three.reduce(0, +) - 0.5) < 1e-15)
        let two = shapleyShares(modalityCount: 2) { values[$0] ?? 0 }
        #expect(abs(two[0] - (0.4 + 0.2 - 0.1) / 2) < 1e-15)
        #expect(shapleyShares(modalityCount: 1) { values[$0] ?? 0 } == [0.2])
        #expect(fractions(ofShares: [0.3, -0.1, 0.1]).map { $0.map { ($0 * 100).rounded() } } == [75, 0, 25])
        #expect(fractions(ofShares: [0, -1]) == nil)
    }

    /// One discrete world behind both sides: the proven forms hold for every one of many random worlds.
    @Test func provenFormsHoldOnRandomWorlds() {
        var simulation = Simulation(seed: 4)
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
