import Foundation
import Scenarios
import Testing

@testable import Reports

/// The saved report, and one whose gaps are smaller by 0.1, 0.2, … in the scenarios, the last gap 0.05 larger.
private func reports() throws -> (Report, Report) {
    let a = try savedReport()
    var b = a
    for index in b.scenarios.indices {
        let isLast = index == b.scenarios.count - 1
        b.scenarios[index].emid?.value -= isLast ? -0.05 : 0.1 * Double(index + 1)
    }
    return (a, b)
}

private func compare(_ a: Report, _ b: Report, seed: UInt64 = 0) throws -> ComparisonReport {
    try ComparisonReport(a, name: "a.json", b, name: "b.json", seed: seed)
}

@Suite struct ComparisonTests {
    @Test func theOneThatLostLessIsNamed() throws {
        let (a, b) = try reports()
        let found = try compare(a, b)
        let emid = try #require(found.measures["emid"])
        #expect(emid.count == 15 && emid.lowerInB == 14 && emid.higherInB == 1)
        // 0.1 + … + 1.4 = 10.5.
        #expect(abs(emid.meanDifference - (0.05 - 10.5) / 15) < 1e-12 && abs(emid.medianDifference + 0.7) < 1e-12)
        // scipy.stats: binomtest(1, 15) and wilcoxon of the differences, method="exact": the one positive has rank 1.
        let (signs, ranks) = (try #require(emid.signTestPValue), try #require(emid.wilcoxonPValue))
        #expect(abs(signs - 0.0009765625) < 1e-14)
        #expect(abs(ranks - 4.0 / 32768) < 1e-15 && emid.wilcoxonIsExact == true)
        let interval = try #require(emid.interval)
        #expect(interval[0] < emid.meanDifference && emid.meanDifference < interval[1] && interval[1] < 0)
        #expect(found.verdicts[0].hasPrefix("B is more robust: its EMID is lower in 14 of 15 scenarios, by 0.697 nats on average"))
        #expect(found.verdicts[1] == "B is ahead most in frost_5_sr_4, by 1.400 nats.")
        #expect(found.verdicts[2] == "A is ahead most in frost_5_sr_7, by 0.050 nats, which is not resolved.")
        #expect(found.scenarios.first?.name == "frost_5_sr_4" && found.scenarios.last?.name == "frost_5_sr_7")
        // The other way round everything changes its sign.
        let back = try compare(b, a)
        let opposite = try #require(back.measures["emid"])
        // Sums in the opposite order round differently.
        #expect(abs(opposite.meanDifference + emid.meanDifference) < 1e-14 && opposite.wilcoxonPValue == emid.wilcoxonPValue)
        #expect(back.verdicts[0].hasPrefix("A is more robust"))
        // What does not differ has no test.
        let bound = try #require(found.measures["bound"])
        #expect(bound.meanDifference == 0 && bound.signTestPValue == nil && bound.wilcoxonPValue == nil)
    }

    @Test func oneScenarioHasTheErrorOfIndependentReports() throws {
        let (a, b) = try reports()
        let pair = try #require(compare(a, b).scenarios.first { $0.name == "frost_1" }?.emid)
        let error = try #require(a.scenarios.first?.emid?.standardError) * 2.0.squareRoot()
        let found = try #require(pair.difference.standardError)
        #expect(abs(pair.difference.value + 0.1) < 1e-12 && abs(found - error) < 1e-12)
        // t(0.975, 29) = 2.045229642132703 (scipy.stats.t.ppf).
        let interval = try #require(pair.difference.interval)
        #expect(abs(interval[1] - interval[0] - 2 * 2.045229642132703 * error) < 1e-12)
    }

    @Test func resultsDependOnTheSeedAndNotOnTheOrder() throws {
        let (a, b) = try reports()
        var shuffled = b
        shuffled.scenarios.reverse()
        #expect(try compare(a, b) == compare(a, shuffled))
        #expect(try compare(a, b).measures["emid"]?.interval != compare(a, b, seed: 1).measures["emid"]?.interval)
        let same = try compare(a, a)
        #expect(same.verdicts == ["A and B lose the same EMI in all of 15 scenarios."])
    }

    @Test func whatIsNotInBothIsListed() throws {
        var (a, b) = try reports()
        a.scenarios[0].name = "first"
        b.scenarios[1].name = "second"
        b.scenarios[2] = Report.Scenario(
            name: b.scenarios[2].name, status: "failed", error: .init(code: "x", message: "y"), warnings: [])
        b.settings.estimator = "gaussian"
        let found = try compare(a, b)
        #expect(found.onlyInA == ["first", "frost_1_KeyboardAug_1"] && found.onlyInB == ["frost_1", "second"])
        #expect(found.failed == ["frost_1_KeyboardAug_3"] && found.scenarios.count == 12)
        #expect(found.notes == ["the reports were not made alike: in B estimator is gaussian, and was club-kernel"])
        #expect(found.text.contains("note: only in A: first, frost_1_KeyboardAug_1\n"))
        b.settings.bound = "paper"
        #expect(try compare(a, b).measures["bound"] == nil)
        b.scenarios = []
        #expect(throws: RunError.self) { try compare(a, b) }
        b.settings.units = "bits"
        #expect(throws: RunError.self) { try compare(a, b) }
    }

    @Test func namesAreText() throws {
        let a = try syntheticReport(count: 40, names: hostileTexts)
        let found = try compare(a, a)
        #expect(!found.text.contains("\u{1B}") && !found.markdown.contains("<script>"))
        #expect(found.text.contains("… and ") && found.markdown.hasPrefix("### emi compare\n"))
        #expect(try FieldValue(json: found.rendered(.json))["scenarios"] != nil)
    }
}
