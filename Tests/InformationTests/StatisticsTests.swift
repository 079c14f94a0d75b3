import LinearAlgebra
import RealModule
import Testing

@testable import Information

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
