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

    /// Eight modalities with parts of their own and one that two of them share: orders give the exact shares of what is additive.
    @Test func sharesOfRandomOrdersAddUpAndFollowTheExactOnes() {
        func divergence(_ subset: Int) -> Double {
            let own = (0..<8).reduce(0.0) { $0 + (subset & (1 << $1) != 0 ? Double($1) : 0) }
            return own + (subset & 0b11 == 0b11 ? 1 : 0)
        }
        let exact = shapleyShares(modalityCount: 8, divergence: divergence)
        let orders = joiningOrders(modalityCount: 8, pairCount: 4, seed: 5)
        #expect(orders.count == 8 && orders.allSatisfy { $0.sorted() == Array(0..<8) })
        #expect(orders == joiningOrders(modalityCount: 8, pairCount: 4, seed: 5))
        #expect(orders != joiningOrders(modalityCount: 8, pairCount: 4, seed: 6))
        let found = shapleyShares(orders: orders, divergence: divergence)
        #expect(abs(found.reduce(0, +) - divergence(255)) < 1e-12)
        // An order and its reverse give either of the first two the whole of what they share, once each.
        for (share, expected) in zip(found, exact) { #expect(abs(share - expected) < 1e-12) }
    }

    @Test func allOrdersGiveTheExactShares() {
        let values = [1: 0.2, 2: 0.1, 3: 0.4, 4: 0.05, 5: 0.3, 6: 0.12, 7: 0.5]
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        let found = shapleyShares(orders: orders) { values[$0] ?? 0 }
        for (share, expected) in zip(found, shapleyShares(modalityCount: 3) { values[$0] ?? 0 }) {
            #expect(abs(share - expected) < 1e-15)
        }
    }

    /// The mean of the plug-in entropy over all samples of n, exactly, for two outcomes.
    @Test(arguments: [1, 2, 5, 20]) func plugInEntropiesFallShortByNoMoreThanSaid(_ count: Int) {
        for p in [0.5, 0.3, 0.1, 0.01] {
            var mean = 0.0
            var chance = Double.pow(1 - p, Double(count))
            for hits in 0...count {
                let q = Double(hits) / Double(count)
                mean += chance * Discrete.entropy([q, 1 - q])
                chance *= Double(count - hits) / Double(hits + 1) * p / (1 - p)
            }
            let shortfall = Discrete.entropy([p, 1 - p]) - mean
            #expect(shortfall > 0)
            #expect(shortfall <= Discrete.plugInEntropyShortfall(outcomeCount: 2, drawCount: Double(count)))
        }
    }

    @Test func theFiniteSampleTermIsPartOfTheProvenForms() {
        var terms = BoundTerms(
            modalities: [], jointDivergence: 0, outputDivergenceID: 0, outputDivergenceOOD: 0, outputEntropyChange: 0,
            conceptChange: 0, conceptContinuity: 0, crossedEntropyScale: 1, publishedEntropyScale: 1, entropyScale: 1,
            answerCount: 3)
        #expect(terms.bounds.allSatisfy { $0.value == 0 && !$0.terms.contains { $0.name == "finite_sample" } })
        terms.finiteSampleTerm = 0.25
        for form in [BoundForm.joint, .split, .correctedGeneral] { #expect(terms.bound(form).value == 0.25, "\(form)") }
        #expect(terms.bound(.scaleAdjusted).value == 0)
    }

    @Test func aFormPromisesNoMoreThanItsTheoremAndItsTerms() {
        for form in BoundForm.entropyForms {
            let hasTheorem = [.joint, .split, .correctedGeneral].contains(form)
            for terms in [Guarantee.proven, .inExpectation, .plugIn, .none] {
                #expect(Bound.guarantee(of: form, terms: terms) == (hasTheorem ? terms : .none))
            }
        }
        for form in [BoundForm.channel, .channelDivergence, .channelRange] {
            #expect(Bound.guarantee(of: form, terms: .proven) == .plugIn)
        }
    }
}
