import LinearAlgebra
import Testing

@testable import Statistics

/// Two models on the same items: item effects that both have, and noise of their own.
private struct Trial {
    let a: ContributedRows
    let b: ContributedRows

    init(_ itemCount: Int, gain: Double, own: Double = 0.5, seed: UInt64, index: Int) {
        var generator = SeededGenerator(seed: seed, stream: "paired trial", index: index)
        var (groups, reference, first, second) = ([String](), [Double](), [Double](), [Double]())
        for item in 0..<itemCount {
            let hard = 2 * generator.normal()
            for _ in 0..<3 {
                groups.append("image \(item)")
                reference.append(hard + generator.normal())
                first.append(hard + own * generator.normal())
                second.append(hard + gain + own * generator.normal())
            }
        }
        let names = groups.indices.map { "item \($0)" }
        a = ContributedRows(identifiers: names, groups: groups, model: first, reference: reference)
        b = ContributedRows(identifiers: names, groups: groups, model: second, reference: reference)
    }
}

@Suite struct PairedDifferenceTests {
    @Test func intervalsHoldTheTruthAndTestsKeepTheirLevel() throws {
        var (covered, rejected) = (0, 0)
        let repetitions = 1_000
        for index in 0..<repetitions {
            let trial = Trial(20, gain: 0, seed: 1, index: index)
            let found = PairedDifference(emi: try PairedRows(trial.a, trial.b), intervals: IntervalMethod())
            if let interval = found.value.interval, interval.contains(0) { covered += 1 }
            if let p = found.pValue, p <= 0.05 { rejected += 1 }
        }
        // 5 % of 1,000 with four binomial standard errors.
        #expect(abs(covered - 950) < 28)
        #expect(rejected == repetitions - covered)
    }

    @Test func whatItemsDoToBothModelsCancels() throws {
        let trial = Trial(30, gain: 0.3, seed: 2, index: 0)
        let rows = try PairedRows(trial.a, trial.b)
        let found = PairedDifference(emi: rows, intervals: IntervalMethod())
        let errors = [trial.a, trial.b].map { rows in
            GroupInfluence(contributions: zip(rows.model, rows.reference).map { $0 - $1 }, groups: rows.groups)
                .standardError
        }
        let ratio = try #require(found.varianceRatio(independentErrors: (errors[0], errors[1])))
        #expect(ratio > 2.25)
        #expect(try #require(found.pValue) < 0.001)
        let emi = [trial.a, trial.b].map { rows in
            zip(rows.model, rows.reference).reduce(0) { $0 + $1.0 - $1.1 } / Double(rows.count)
        }
        #expect(abs(rows.mean - (emi[1] - emi[0])) < 1e-12)
    }

    @Test func theOrderOfRowsMovesNoDigit() throws {
        let trial = Trial(8, gain: 0.2, seed: 3, index: 0)
        var generator = SeededGenerator(seed: 9)
        let order = generator.permutation(of: trial.b.count)
        let shuffled = ContributedRows(
            identifiers: order.map { trial.b.identifiers[$0] }, groups: order.map { trial.b.groups[$0] },
            model: order.map { trial.b.model[$0] }, reference: order.map { trial.b.reference[$0] })
        #expect(try PairedRows(trial.a, shuffled) == PairedRows(trial.a, trial.b))
        #expect(try PairedRows(trial.a.sorted, trial.b) == PairedRows(trial.a, trial.b))
    }

    @Test func rowsThatAreNotOfTheSameItemsAreNotPaired() {
        func rows(
            _ names: [String] = ["x", "y", "z"], groups: [String] = ["1", "2", "3"], reference: [Double] = [1, 2, 3]
        ) -> ContributedRows {
            ContributedRows(identifiers: names, groups: groups, model: [0, 0, 0], reference: reference)
        }
        func obstacle(_ other: ContributedRows) -> PairingObstacle? {
            do {
                _ = try PairedRows(rows(), other)
                return nil
            } catch { return error }
        }
        #expect(obstacle(rows()) == nil)
        #expect(obstacle(rows(["x", "y", "y"])) == .repeatedItem("y"))
        #expect(obstacle(rows(["x", "y", "w"])) == .differentItems(example: "z"))
        #expect(obstacle(rows(groups: ["1", "2", "2"])) == .differentGroups(example: "z"))
        #expect(obstacle(rows(reference: [1, 2, 3.1])) == .differentReferences(example: "z"))
        #expect(obstacle(rows(reference: [1, .nan, 3])) == .differentReferences(example: "y"))
        #expect(obstacle(rows(reference: [1, 2, 3 + 1e-10])) == nil)
    }

    @Test func emidIsComparedWithinSharedGroups() throws {
        let (id, ood) = (Trial(20, gain: 0.1, seed: 4, index: 0), Trial(20, gain: -0.4, seed: 4, index: 1))
        let (clean, shifted) = (try PairedRows(id.a, id.b), try PairedRows(ood.a, ood.b))
        let found = PairedDifference(emid: clean, shifted, intervals: IntervalMethod())
        #expect(abs(found.value.value - (clean.mean - shifted.mean)) < 1e-15)
        // The same items: row by row, as one sample of c_i(ID) - c_i(OOD).
        let direct = GroupInfluence(
            contributions: zip(clean.differences, shifted.differences).map { $0 - $1 }, groups: clean.groups)
        #expect(abs(try #require(found.value.standardError) - (try #require(direct.standardError))) < 1e-12)
        #expect(found.influence.degreesOfFreedom == 19)
    }

    @Test func aMeanOverScenariosOfTheSameItemsHasNoLargerErrorThanOne() throws {
        let rows = try (0..<6).map { index in
            let trial = Trial(20, gain: 0.2, seed: 5, index: index)
            return PairedDifference(emi: try PairedRows(trial.a, trial.b), intervals: IntervalMethod())
        }
        let mean = try #require(PairedDifference(meanOf: rows, intervals: IntervalMethod()))
        let error = try #require(mean.value.standardError)
        #expect(error < 0.6 * (try #require(rows[0].value.standardError)))
        // The same scenario six times is one scenario.
        let same = try #require(PairedDifference(meanOf: [rows[0], rows[0], rows[0]], intervals: IntervalMethod()))
        #expect(abs(try #require(same.value.standardError) - (try #require(rows[0].value.standardError))) < 1e-12)
        #expect(PairedDifference(meanOf: [], intervals: IntervalMethod()) == nil)
    }

    @Test func twoGroupsTellNoError() throws {
        let trial = Trial(2, gain: 1, seed: 6, index: 0)
        let found = PairedDifference(emi: try PairedRows(trial.a, trial.b), intervals: IntervalMethod())
        #expect(found.value.standardError == nil && found.pValue == nil && found.value.interval == nil)
    }
}

@Suite struct LargestValueTests {
    @Test func theIntervalHoldsTheLargestTrueValue() throws {
        for truths in [[Double](repeating: 0, count: 30), (0..<30).map { 0.2 * Double($0) }] {
            let largest = truths.max() ?? 0
            let repetitions = 1_000
            let covered = (0..<repetitions).count { index in
                var generator = SeededGenerator(seed: 8, stream: "largest", index: index)
                let shared = generator.normal()
                let values = truths.map {
                    (
                        value: $0 + 0.6 * shared + 0.8 * generator.normal(), standardError: Double?(1),
                        degreesOfFreedom: Double.infinity
                    )
                }
                return LargestValue(values, confidence: 0.95)?.interval?.contains(largest) ?? false
            }
            // At least 95 %, less four binomial standard errors; the interval of the largest estimate alone has far
            // less.
            #expect(covered > 922)
        }
    }

    @Test func aValueWithoutAnErrorLeavesTheIntervalOut() throws {
        let found = try #require(LargestValue([(1, 0.1, 9), (3, nil, 9), (3, 0.1, 9)], confidence: 0.95))
        #expect(found.position == 1 && found.value == 3 && found.interval == nil)
        #expect(LargestValue([], confidence: 0.95) == nil)
    }
}

@Suite struct HolmAdjustmentTests {
    @Test func adjustedValuesAreThoseOfR() {
        // p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm"), and with ties and an order of its own.
        #expect(
            zip(holmAdjustedPValues([0.01, 0.02, 0.03, 0.04, 0.05]), [0.05, 0.08, 0.09, 0.09, 0.09]).allSatisfy {
                abs($0 - $1) < 1e-15
            })
        #expect(
            zip(holmAdjustedPValues([0.5, 0.01, 0.01, 0.9]), [1, 0.04, 0.04, 1]).allSatisfy { abs($0 - $1) < 1e-15 })
        #expect(holmAdjustedPValues([]).isEmpty && holmAdjustedPValues([0.3]) == [0.3])
    }
}
