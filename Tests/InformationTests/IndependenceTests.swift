import LinearAlgebra
import RealModule
import Statistics
import Testing

@testable import Information

@Suite struct IndependenceTests {
    @Test func groupsMoveAsOneAndOnlyAmongTheirLike() {
        let groups = ["a", "a", "b", "b", "c", "c", "d", "e", "f", "f", "f"]
        let design = PairingDesign(groups: groups, judges: [0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0])
        // a and b may change places, d and e may; c has another judge, f another size.
        #expect(abs(design.logPairingCount - 4.0.logarithm) < 1e-12)
        var seen: Set<[Int]> = []
        for pairing in design.lazyPairings(count: 300, seed: 1) { seen.insert(pairing) }
        // Four ways for groups, and two orders in each of a and b.
        #expect(seen.count == 16)
        for pairing in seen {
            #expect(pairing.sorted() == Array(0..<11) && Array(pairing[8...]) == [8, 9, 10] && Array(pairing[4..<6]) == [4, 5])
            #expect(pairing[0] / 2 == pairing[1] / 2 && pairing[2] / 2 == pairing[3] / 2)
        }
    }

    @Test func thePartsOfTheSeenPairingAreTheEstimate() throws {
        var simulation = Simulation(seed: 5)
        let set = simulation.set("set", rows: 60, groupSize: 2)
        let estimators: [any Estimator] = [
            ClubRidge(), ClubKernel(), MatrixRenyiInformation(),
        ]
        for estimator in estimators {
            let estimate = try estimator.estimate([set])[0]
            let parts = try estimate.underPairing()(Array(0..<60))
            #expect(abs(parts.model - estimate.modelMutualInformation) < 1e-9)
            #expect(abs(parts.reference - estimate.referenceMutualInformation) < 1e-9)
        }
    }

    @Test func largeSetsGiveWhatSmallOnesDo() throws {
        var simulation = Simulation(seed: 6)
        let form = CovarianceForm(
            directions: simulation.normals(4_100, 3), model: simulation.normals(4_100, 3), reference: simulation.normals(4_100, 3))
        var generator = SeededGenerator(seed: 1)
        let answers = generator.permutation(of: 4_100)
        let parts = try form.underPairing(answers)
        let moved = CovarianceForm(
            directions: form.directions, model: form.model.selectingRows(answers), reference: form.reference.selectingRows(answers)
        ).estimate(groups: (0..<4_100).map(String.init))
        #expect(abs(parts.model - moved.modelMutualInformation) < 1e-12)
        #expect(abs(parts.reference - moved.referenceMutualInformation) < 1e-12)
    }

    @Test(arguments: [1, 3]) func dependenceIsFoundAndIndependenceIsNot(_ groupSize: Int) throws {
        var simulation = Simulation(seed: 7)
        var found: [Double] = []
        for trial in 0..<40 {
            var set = simulation.set("\(trial)", rows: 60, width: 3, signal: 2, groupSize: groupSize)
            // The responses say nothing, the references do.
            set = SampleSet(
                name: set.name, modalities: set.modalities, response: simulation.normals(60, 3), reference: set.reference,
                groups: set.groups)
            let test = try #require(try ClubRidge().estimate([set])[0].independenceTest(pairingCount: 39, seed: UInt64(trial)))
            #expect(test.referencePValue == 1.0 / 40)
            found.append(test.modelPValue)
        }
        // Of 40 p-values without dependence 10 are below 0.25 on average; 3 and 19 are 2.5 deviations away.
        let low = found.count { $0 <= 0.25 }
        #expect(low > 2 && low < 19)
    }

    @Test func thereIsNoTestWithoutPairings() throws {
        var simulation = Simulation(seed: 8)
        let estimate = try ClubRidge().estimate([simulation.set("set", rows: 12, groupSize: 4)])[0]
        #expect(try estimate.independenceTest(pairingCount: 99, seed: 0) == nil)
        let other = try ClubRidge().estimate([simulation.set("set", rows: 30)])[0]
        #expect(try other.independenceTest(pairingCount: 0, seed: 0) == nil)
        #expect(try other.independenceTest(pairingCount: 20, seed: 0, threadCount: 3) == other.independenceTest(pairingCount: 20, seed: 0))
    }
}

extension Double {
    fileprivate var logarithm: Double { .log(self) }
}
