import LinearAlgebra
import Statistics
import Testing

@testable import Information

@Suite struct EMIDEstimateTests {
    /// An estimate of two groups that move EMI by `influence` and its opposite.
    private func estimate(model: Double, reference: Double = 0, influence: Double = 0) -> EMIEstimate {
        EMIEstimate(
            InformationParts(model: model, reference: reference),
            modelInfluence: GroupInfluence(byGroup: ["a": influence, "b": -influence]),
            referenceInfluence: GroupInfluence(byGroup: ["a": 0, "b": 0]), groups: ["a", "b"]
        ) { _ in InformationParts(model: model, reference: reference) }
    }

    /// What was printed as "EMI rose by 0.000 ± 0.000": a value and an interval of rounding errors.
    @Test(arguments: [1, 100.0]) func roundingIsNoGap(_ size: Double) {
        let gap = EMIDEstimate(
            (
                estimate(model: size, reference: size, influence: 1e-15 * size),
                estimate(model: size * (1 + 1e-14), reference: size)
            ), null: [size * 2e-14, -size * 1e-14], intervals: IntervalMethod())
        #expect(gap.gap.value == 0 && gap.gap.standardError == 0 && gap.gap.interval == 0...0)
        #expect(gap.pValue == 1)
    }

    @Test func aSmallGapIsKept() {
        let gap = EMIDEstimate(
            (estimate(model: 1e-9, influence: 1e-10), estimate(model: 0)), null: [0, 1e-10], intervals: IntervalMethod())
        #expect(gap.gap.value == 1e-9 && gap.gap.standardError.map { $0 > 1e-10 } == true)
        #expect(gap.pValue.map { $0 < 0.34 } == true)
    }

    @Test func theNullIsCentredBeforeEitherSideCounts() throws {
        // Relabelled gaps lie around 1, as those of a biased estimator of unequal sets do: 0 is the odd one out.
        let null = [0.9, 1, 1.1, 0.95, 1.05]
        func pValue(_ observed: Double) -> Double? {
            EMIDEstimate((estimate(model: observed), estimate(model: 0)), null: null, intervals: IntervalMethod()).pValue
        }
        #expect(pValue(0) == 1.0 / 6)
        #expect(pValue(2) == 1.0 / 6)
        #expect(try #require(pValue(1)) == 1)
    }

    @Test func thinnedRowsAreComparedWithThinnedRows() throws {
        // The gap of all rows is 5, that of the rows that were relabelled is 0, as are those under relabelling.
        let drawn = [RowSplit(first: [0], second: [2]), RowSplit(first: [1], second: [2])]
        let relabellings = (0..<19).map { _ in
            Relabelling(dealt: [RowSplit(first: [2], second: [0]), RowSplit(first: [2], second: [1])], drawn: drawn)
        }
        let gap = try EMIDEstimate(
            (estimate(model: 5), estimate(model: 0)), relabellings: relabellings, intervals: IntervalMethod(), threadCount: 2
        ) { splits in splits.map { $0.first == [0] || $0.first == [2] && $0.second == [1] ? 1 : -1 } }
        #expect(gap.gap.value == 5 && gap.pValue == 1)
    }

    /// The reference information of a larger set has less bias: with the null left where it is, p <= 0.05 is as frequent, but on
    /// one side only. Both ends of the null count.
    @Test func unequalSetsOfOneDistributionAreUniformInP() throws {
        let trials = 100
        var small = 0
        for trial in 0..<trials {
            var simulation = Simulation(seed: UInt64(300 + trial))
            let sets = [
                simulation.set("a", rows: 60, width: 3, mix: 0.6), simulation.set("b", rows: 30, width: 3, mix: 0.6),
            ]
            let estimator = GaussianInformation()
            let estimates = try estimator.estimate(sets)
            let gap = try estimator.gap(
                sets[0], sets[1], estimates: (estimates[0], estimates[1]),
                relabellings: ExchangeDesign(sets[0], sets[1]).lazyRelabellings(count: 19, seed: UInt64(trial)))
            if try #require(gap.pValue) < 0.251 { small += 1 }
        }
        // Binomial(100, 1/4): 4 sd.
        #expect((8...42).contains(small), "\(small)")
    }

    /// `gaussian` on 2 + 2 columns needs 6 rows; thinned to one row a group, four are left of the second set.
    @Test func relabelledRowsThatAreTooFewLeaveThePValueOut() throws {
        var simulation = Simulation(seed: 8)
        func set(_ name: String, _ groups: [String]) -> SampleSet {
            let count = groups.count
            return SampleSet(
                name: name, modalities: [Modality(name: "text", rows: simulation.normals(count, 2))],
                response: simulation.normals(count, 2), reference: simulation.normals(count, 2), groups: groups)
        }
        let sets = [
            set("a", (0..<24).map { "a \($0)" }), set("b", (0..<20).map { "b \($0 / 5)" }),
        ]
        let estimator = GaussianInformation()
        let estimates = try estimator.estimate(sets)
        let gap = try estimator.gap(
            sets[0], sets[1], estimates: (estimates[0], estimates[1]),
            relabellings: ExchangeDesign(sets[0], sets[1]).lazyRelabellings(count: 19, seed: 0))
        #expect(gap.pValue == nil)
        #expect(gap.gap.standardError != nil)
    }

    @Test func informationOfSomeRowsIsThatOfASetOfThem() throws {
        var simulation = Simulation(seed: 10)
        let form = CovarianceForm(
            directions: simulation.normals(9, 3), model: simulation.normals(9, 3), reference: simulation.normals(9, 3))
        let rows = [0, 2, 3, 7, 8]
        let part = CovarianceForm(
            directions: form.directions.selectingRows(rows), model: form.model.selectingRows(rows),
            reference: form.reference.selectingRows(rows))
        let expected = part.estimate(groups: rows.map(String.init)).value
        #expect(abs(form.effectiveMutualInformation([rows])[0] - expected) < 1e-14)
    }
}
