import LinearAlgebra
import RealModule
import Testing

@testable import Statistics

@Suite struct StatisticsTests {
    /// scipy.special.digamma.
    @Test(arguments: [
        (0.5, -1.963510026021423479), (1.0, -0.577215664901532861), (3.25, 1.016990911068179), (44.5, 3.7842111540119263),
    ])
    func digammaIsExact(_ x: Double, _ expected: Double) {
        #expect(abs(SpecialFunctions.digamma(x) - expected) < 1e-10)
        // psi(x + 1) = psi(x) + 1/x.
        #expect(abs(SpecialFunctions.digamma(x + 1) - SpecialFunctions.digamma(x) - 1 / x) < 1e-13)
    }

    @Test(arguments: [1, 1.5, 2, 7.3, 40, 1_000, 1e8, Double.infinity], [0.01, 0.5, 0.8, 0.95, 0.999, 1 - 1e-9])
    func theQuantileLeavesTheTail(_ degreesOfFreedom: Double, _ confidence: Double) {
        let student = StudentDistribution(degreesOfFreedom: degreesOfFreedom)
        let quantile = student.twoSidedQuantile(confidence)
        // The tail is no finer than its own rounding.
        #expect(student.twoSidedTail(quantile * (1 + 1e-9)) <= 1 - confidence + 1e-15)
        #expect(student.twoSidedTail(quantile * (1 - 1e-9)) >= 1 - confidence - 1e-15)
    }

    /// scipy.stats.t.ppf(0.975, df).
    @Test(arguments: [
        (1.0, 12.706204736174694), (2, 4.302652729749462), (29, 2.0452296421327034), (89, 1.9869786), (.infinity, 1.959963984540054),
    ])
    func studentQuantilesAreThoseOfTheTables(_ degrees: Double, _ expected: Double) {
        let student = StudentDistribution(degreesOfFreedom: degrees)
        let quantile = student.twoSidedQuantile(0.95)
        #expect(abs(quantile - expected) < 1e-7 * expected)
        #expect(abs(student.twoSidedTail(quantile) - 0.05) < 1e-12)
    }

    @Test func clusteredErrorsAreThoseOfTheSandwich() throws {
        // Four rows in two groups: group sums of deviations are -1 and 1, so se = sqrt(2 * 2 (1/4)^2).
        let influence = GroupInfluence(contributions: [1, 2, 2, 2.0 + 0], groups: ["a", "a", "b", "b"])
        let mean = 1.75
        let sums = [(1 - mean) + (2 - mean), (2 - mean) * 2]
        let expected = (2 * (sums[0] * sums[0] + sums[1] * sums[1]) / 16).squareRoot()
        #expect(abs(try #require(influence.standardError) - expected) < 1e-15)
        #expect(GroupInfluence(contributions: [1, 2], groups: ["a", "a"]).standardError == nil)
    }

    /// CR3 by hand: groups of 3, 1 and 1 with means 2, 0 and 5; mean 2.2, influences -0.6/5 -> /(1 - 3/5), -2.2/5 and 2.8/5 -> /(1 - 1/5).
    @Test func aLargeGroupCountsForMoreAndForFewerDegreesOfFreedom() throws {
        let influence = GroupInfluence(contributions: [1, 2, 3, 0, 5], groups: ["a", "a", "a", "b", "c"])
        let parts = [(6 - 3 * 2.2) / 5 / (1 - 0.6), -2.2 / 5 / 0.8, 2.8 / 5 / 0.8]
        let variance = 2.0 / 3 * parts.reduce(0) { $0 + $1 * $1 }
        #expect(abs(try #require(influence.standardError) - variance.squareRoot()) < 1e-14)
        #expect(abs(influence.degreesOfFreedom - (25.0 / 11 - 1)) < 1e-14)
        #expect(abs(effectiveGroupCount([40] + [Double](repeating: 1, count: 30)) - 4900.0 / 1630) < 1e-14)
    }

    @Test func theJackknifeOfAMeanIsItsStandardError() throws {
        let values = [1.0, 4, 2, 8, 5, 7]
        let sum = values.reduce(0, +)
        let jackknife = GroupInfluence(
            leaveOneOut: Dictionary(uniqueKeysWithValues: values.enumerated().map { ("\($0)", (sum - $1) / 5) }))
        let rows = GroupInfluence(contributions: values, groups: values.indices.map(String.init))
        #expect(abs(try #require(jackknife.standardError) - (try #require(rows.standardError))) < 1e-14)
    }

    @Test func sharedGroupsCancelInADifference() {
        let a = GroupInfluence(contributions: [1, 5, 3], groups: ["x", "y", "z"])
        #expect(a.subtracting(a).standardError == 0)
        let other = GroupInfluence(contributions: [1, 5, 3], groups: ["u", "v", "w"])
        #expect(a.subtracting(other).byGroup.count == 6)
    }

    /// Differences of differences, whose groups are partly shared, against sums over dictionaries.
    @Test(arguments: 1...6) func differencesOfPartlySharedGroupsAddUpByLabel(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed), stream: "groups")
        func sample(_ first: Int) -> (values: [Double], groups: [String]) {
            let groups = (0..<200).map { _ in "group é \(first + generator.index(below: 40))" }
            return (groups.map { _ in generator.uniform() }, groups)
        }
        func naive(_ sample: (values: [Double], groups: [String])) -> [String: Double] {
            let (count, mean) = (200.0, sample.values.reduce(0, +) / 200)
            let byLabel = Dictionary(grouping: 0..<200) { sample.groups[$0] }
            let groupCount = Double(byLabel.count)
            return byLabel.mapValues { rows in
                rows.reduce(0) { $0 + (sample.values[$1] - mean) / count } * (groupCount - 1) / groupCount
                    / (1 - Double(rows.count) / count)
            }
        }
        let samples = [sample(0), sample(20), sample(50), sample(10)]
        let influences = samples.map { GroupInfluence(contributions: $0.values, groups: $0.groups) }
        let found = influences[0].subtracting(influences[1]).subtracting(influences[2].subtracting(influences[3]))
        var expected: [String: Double] = [:]
        for (index, sign) in [1.0, -1, -1, 1].enumerated() {
            for (label, value) in naive(samples[index]) { expected[label, default: 0] += sign * value }
        }
        #expect(found.byGroup.count == expected.count)
        for (label, value) in expected { #expect(abs(try #require(found.byGroup[label]) - value) < 1e-14) }
        // A label is in one stratum: with those of the samples that have it.
        let labels = found.strata.flatMap(\.labels)
        #expect(labels.count == Set(labels).count && found.strata.allSatisfy { $0.labels == $0.labels.sorted() })
        var variance = 0.0
        for stratum in found.strata {
            let count = Double(stratum.groupCount)
            let squares: [Double] = stratum.labels.map { label in
                let value = expected[label] ?? 0
                return value * value
            }
            variance += squares.reduce(0, +) * count / (count - 1)
        }
        #expect(abs(try #require(found.standardError) - variance.squareRoot()) < 1e-13)
        #expect(found.scaled(by: -2).byGroup.allSatisfy { abs($1 + 2 * (expected[$0] ?? 0)) < 1e-13 })
    }

    /// Welch and Satterthwaite's formula in NumPy gives 2.987582103855138 degrees of freedom.
    @Test func groupsOfOneSampleAloneAreThoseOfWelch() throws {
        let (x, y) = ([1.0, 2, 4, 3, 2, 3], [2.0, 5, 4])
        func influence(_ values: [Double], _ prefix: String) -> GroupInfluence {
            GroupInfluence(contributions: values, groups: values.indices.map { "\(prefix) \($0)" })
        }
        let difference = influence(x, "x").subtracting(influence(y, "y"))
        func squaredError(_ values: [Double]) -> Double {
            let count = Double(values.count)
            let mean = values.reduce(0, +) / count
            return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count
        }
        let (a, b) = (squaredError(x), squaredError(y))
        #expect(abs(try #require(difference.standardError) - (a + b).squareRoot()) < 1e-14)
        #expect(abs(difference.degreesOfFreedom - 2.987582103855138) < 1e-12)
        // All groups shared, or nothing that varies: G - 1.
        #expect(influence(x, "x").subtracting(influence(x.reversed(), "x")).degreesOfFreedom == 5)
        #expect(influence([1, 1], "x").subtracting(influence([2, 2], "y")).degreesOfFreedom == 3)
        // One group says nothing of its set's variance.
        #expect(influence(x, "x").subtracting(influence([1], "y")).standardError == nil)
    }

    /// 95 % intervals of a difference of means of few and many groups; one G for both covers 0.866 and 0.918.
    @Test(arguments: [(200, 5), (90, 10)]) func intervalsOfUnpairedGroupsCover(_ first: Int, _ second: Int) {
        let trials = 2_000
        var covered = 0
        for trial in 0..<trials {
            var simulation = SeededGenerator(seed: UInt64(9_000 + trial), stream: "simulation")
            func draw(_ count: Int, _ prefix: String) -> (mean: Double, influence: GroupInfluence) {
                let values = (0..<count).map { _ in simulation.normal() }
                return (
                    values.reduce(0, +) / Double(count),
                    GroupInfluence(contributions: values, groups: (0..<count).map { "\(prefix) \($0)" })
                )
            }
            let (a, b) = (draw(first, "a"), draw(second, "b"))
            let gap = UncertainValue(value: a.mean - b.mean, influence: a.influence.subtracting(b.influence))
            if gap.interval?.contains(0) == true { covered += 1 }
        }
        // Binomial(2000, 0.95): 0.935 to 0.965 is 3 sd.
        let coverage = Double(covered) / Double(trials)
        #expect(coverage > 0.935 && coverage < 0.965, "\(coverage)")
    }

    @Test func permutationPValuesAreNeverZero() {
        #expect(permutationPValue(observed: 9, null: [1, 2, 3]) == 0.25)
        #expect(permutationPValue(observed: 2, null: [1, 2, 3]) == 0.75)
        #expect(permutationPValue(observed: 1, null: []) == 1)
    }

    @Test func generatorsOfOneStreamAgreeAndOfTwoDiffer() {
        func draw(_ seed: UInt64, _ stream: String, _ index: Int) -> [UInt64] {
            var generator = SeededGenerator(seed: seed, stream: stream, index: index)
            return (0..<4).map { _ in generator.next() }
        }
        #expect(draw(1, "a", 2) == draw(1, "a", 2))
        #expect(Set([draw(1, "a", 2), draw(2, "a", 2), draw(1, "b", 2), draw(1, "a", 3)]).count == 4)
    }
}
