import Testing

@testable import Statistics

@Suite struct RankSumTests {
    /// scipy.stats.mannwhitneyu(x, y, alternative="two-sided", method="asymptotic").
    @Test func valuesAreThoseOfSciPy() throws {
        let (x, y) = ([1.0, 2, 2, 3, 5, 8], [2.0, 3, 4, 4, 9, 10, 11])
        let found = try #require(RankSum(x, y))
        #expect(abs(found.areaUnderCurve - 10.5 / 42) < 1e-15)
        #expect(abs(try #require(found.pValue) - 0.14972798189545122) < 1e-12)
        let back = try #require(RankSum(y, x))
        #expect(abs(back.areaUnderCurve + found.areaUnderCurve - 1) < 1e-15 && back.pValue == found.pValue)
    }

    @Test func whatDoesNotVaryTellsNothing() {
        #expect(RankSum([1, 1], [1, 1, 1]) == nil)
        #expect(RankSum([], [1]) == nil)
        #expect(RankSum([1], [0])?.areaUnderCurve == 1)
    }

    @Test func rowsThatDependOnEachOtherHaveNoPValue() throws {
        let found = try #require(RankSum([1, 1, 2], [2, 3, 3], areRowsIndependent: false))
        #expect(found.pValue == nil && found.areaUnderCurve == RankSum([1, 1, 2], [2, 3, 3])?.areaUnderCurve)
    }

    @Test func intervalsOfCorrelationsHoldTheirCoefficients() throws {
        var generator = SeededGenerator(seed: 5)
        let x = (0..<40).map { _ in Double.random(in: 0...1, using: &generator) }
        let y = x.map { $0 + Double.random(in: -0.5...0.5, using: &generator) }
        let found = try #require(CorrelationSummary(x, y, confidence: 0.95, seed: 0))
        for entry in [found.pearson, found.spearman, found.kendall] {
            let interval = try #require(entry.interval)
            #expect(interval.contains(entry.estimate.coefficient))
            #expect(interval.upperBound - interval.lowerBound < 0.8)
        }
        #expect(found == CorrelationSummary(x, y, confidence: 0.95, seed: 0))
        #expect(CorrelationSummary([1, 2, 3], [1, 3, 2], confidence: 0.95, seed: 0)?.pearson.interval == nil)
    }
}
