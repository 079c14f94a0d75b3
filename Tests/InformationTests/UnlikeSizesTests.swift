import LinearAlgebra
import Statistics
import Testing

@testable import Information

/// Answers that are compared with fewer references show less, so sets of unlike sizes are compared at one size.
@Suite struct UnlikeSizesTests {
    private func gap(_ sets: [SampleSet], _ rows: [ChannelRows]) throws -> EMIDEstimate {
        try ReferenceChannel().gap(
            sets[0], sets[1], estimates: (rows[0].estimate, rows[1].estimate), relabellings: [Relabelling]())
    }

    @Test func setsOfOneSizeKeepTheDifferenceOfTheirEMI() throws {
        var world = ChannelWorld(seed: 4)
        let sets = [world.set("clean", rows: 40, wrong: 0.1), world.set("night", rows: 40, wrong: 0.5)]
        let rows = try ReferenceChannel().judged(sets).rows
        let found = try gap(sets, rows)
        #expect(found.comparedGroupCount == nil)
        #expect(found.gap.value == rows[0].estimate.value - rows[1].estimate.value)
    }

    @Test(arguments: [1, 3]) func aSmallSetOfTheSameLawHasNoGap(groupSize: Int) throws {
        var (equal, plain): ([Double], [Double]) = ([], [])
        for seed in 0..<60 {
            var world = ChannelWorld(seed: UInt64(100 + seed), contents: 24)
            let sets = [
                world.set("large", rows: 60 * groupSize, wrong: 0.5, groupSize: groupSize),
                world.set("small", rows: 8 * groupSize, wrong: 0.5, groupSize: groupSize),
                world.set("third", rows: 60, wrong: 0.2), world.set("fourth", rows: 60, wrong: 0.6),
            ]
            let rows = try ReferenceChannel().judged(sets).rows
            let found = try gap(sets, rows)
            #expect(found.comparedGroupCount == 8)
            equal.append(found.gap.value)
            plain.append(rows[0].estimate.value - rows[1].estimate.value)
        }
        func distance(_ values: [Double]) -> Double {
            let (mean, count) = (values.mean, Double(values.count))
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
            return abs(mean) / (variance / count).squareRoot()
        }
        #expect(distance(equal) < 3)
        #expect(distance(plain) > 5)
    }

    @Test func theGapDependsNeitherOnTheOrderOfRowsNorOnWhichSetIsSmall() throws {
        var world = ChannelWorld(seed: 9)
        let sets = [world.set("clean", rows: 50, wrong: 0.1, groupSize: 2), world.set("night", rows: 21, wrong: 0.5)]
        let rows = try ReferenceChannel().judged(sets).rows
        let expected = try gap(sets, rows).gap
        let turned = sets.map { set in set.selectingRows(Array((0..<set.rowCount).reversed())) }
        let found = try gap(turned, ReferenceChannel().judged(turned).rows).gap
        #expect(abs(found.value - expected.value) < 1e-9)
        #expect(try abs(#require(found.standardError) - #require(expected.standardError)) < 1e-9)
        let swapped = try gap([sets[1], sets[0]], [rows[1], rows[0]])
        #expect(abs(swapped.gap.value + expected.value) < 1e-12)
    }

    @Test func noContributionExceedsTheLogarithmOfTheSharedSize() throws {
        var world = ChannelWorld(seed: 12)
        let sets = [world.set("clean", rows: 64, wrong: 0), world.set("night", rows: 5, wrong: 0.2)]
        let rows = try ReferenceChannel().judged(sets).rows
        let pair = ChannelPair(rows[0], rows[1])
        let found = pair.contributionsUnderOwn()
        #expect(found.model.allSatisfy { $0 <= .log(5.0) + 1e-12 && $0 >= rows[0].leastContribution - 1e-12 })
        // The small set is compared with all that it has.
        let own = rows[1].contributions()
        for (value, expected) in zip(found.model.suffix(5), own.model) { #expect(abs(value - expected) < 1e-9) }
        // A bound that is made of these contributions adds up to the gap.
        let both = pair.contributionsUnderBoth()
        #expect(both.first.count == 64 && both.second.count == 5)
        #expect(both.model.allSatisfy { $0 <= .log(10.0) + 1e-12 })
    }
}
