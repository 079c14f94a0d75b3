import Foundation
import Testing

@testable import Statistics

/// Expected values are SciPy 1.17.1's: `binomtest(k, n).pvalue`, `wilcoxon(x, method="exact")` and, for ties, zeros and more than
/// 25 differences, `wilcoxon(x, zero_method="wilcox", correction=True, method="asymptotic")`.
@Suite struct PairedTestsTests {
    @Test(arguments: [
        (3, 10, 0.34375), (5, 10, 1), (0, 6, 0.03125), (7, 9, 0.1796875), (30, 100, 7.85013964559367e-05),
        (400, 1000, 2.728464156065947e-10),
    ]) func signsAreCounted(_ positive: Int, _ count: Int, _ expected: Double) throws {
        let differences = (0..<count).map { $0 < positive ? 0.5 : -2 } + [0, 0]
        let test = try #require(SignComparison(differences))
        #expect(test.positiveCount == positive && test.negativeCount == count - positive && test.zeroCount == 2)
        #expect(abs(test.pValue / expected - 1) < 1e-9)
        #expect(SignComparison(differences.map { -$0 })?.pValue == test.pValue)
    }

    private static func wave(_ count: Int) -> [Double] { (0..<count).map { cos(Double($0) * 1.7) + 0.3 } }

    @Test(arguments: [
        ([1.1, -0.4, 2.3, 0.7, -1.9, 3.1, 0.2, -0.05], 10, 0.3125, true), ([0.5, -0.3, 1.2], 1, 0.5, true),
        (wave(25), 94, 0.06670159101486206, true), (wave(30), 131, 0.037764446420273656, false),
        ([1, 2, 2, -2, 3, -1, 4, 5, 0, -3, 6], 12, 0.12480015623570083, false),
    ]) func ranksAreSigned(_ differences: [Double], _ statistic: Double, _ expected: Double, _ isExact: Bool) throws {
        let test = try #require(WilcoxonSignedRank(differences))
        #expect(test.statistic == statistic && test.isExact == isExact)
        #expect(abs(test.pValue / expected - 1) < 1e-12)
        #expect(WilcoxonSignedRank(differences.map { -$0 })?.pValue == test.pValue)
    }

    @Test func differencesWithoutSignsTellNothing() {
        #expect(SignComparison([]) == nil && SignComparison([0, 0]) == nil)
        #expect(WilcoxonSignedRank([]) == nil && WilcoxonSignedRank([0]) == nil)
        #expect(WilcoxonSignedRank([2])?.pValue == 1 && SignComparison([2])?.pValue == 1)
    }
}
