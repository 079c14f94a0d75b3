import EmbeddingFiles
import Foundation
import Statistics
import Studies
import Testing

@testable import Reports

/// The saved report, and one whose gaps are smaller by 0.1, 0.2, … in the scenarios, the last gap 0.05 larger.
private func reports() throws -> (Report, Report) {
    let a = try savedReport()
    var b = a
    for index in b.scenarios.indices {
        let isLast = index == b.scenarios.count - 1
        b.scenarios[index].emid?.value -= isLast ? -0.05 : 0.3 * Double(index + 1)
    }
    return (a, b)
}

private func compare(_ a: Report, _ b: Report) throws -> ComparisonReport {
    try ComparisonReport(a, name: "a.json", b, name: "b.json")
}

@Suite struct ComparisonTests {
    @Test func theOneThatLostLessIsNamed() throws {
        let (a, b) = try reports()
        let found = try compare(a, b)
        let emid = try #require(found.measures["emid"])
        #expect(emid.count == 15 && emid.lowerInB == 14 && emid.higherInB == 1)
        // 0.3 + … + 4.2 = 31.5.
        #expect(abs(emid.meanDifference - (0.05 - 31.5) / 15) < 1e-12 && abs(emid.medianDifference + 2.1) < 1e-12)
        // scipy.stats: binomtest(1, 15) and wilcoxon of the differences, method="exact": the one positive has rank 1.
        let (signs, ranks) = (try #require(emid.signTestPValue), try #require(emid.wilcoxonPValue))
        #expect(abs(signs - 0.0009765625) < 1e-14)
        #expect(abs(ranks - 4.0 / 32768) < 1e-15 && emid.wilcoxonIsExact == true)
        // Scenarios share their items: the error of the mean is the mean error, however many there are. t(0.975, 29) is scipy's.
        let errors = found.scenarios.compactMap { $0.emid?.difference.standardError }
        let (error, interval, own) = (errors.reduce(0, +) / 15, try #require(emid.interval), try #require(emid.standardError))
        #expect(errors.count == 15 && abs(own - error) < 1e-12)
        #expect(abs(interval[0] - emid.meanDifference + 2.045229642132703 * error) < 1e-9 && interval[1] < 0)
        #expect(found.verdicts[0].hasPrefix("B is more robust: its EMID is lower in 14 of 15 scenarios, by 2.097 nats on average (p"))
        #expect(found.verdicts[1] == "B is ahead most in frost_5_sr_4, by 4.200 nats.")
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
        #expect(abs(pair.difference.value + 0.3) < 1e-12 && abs(found - error) < 1e-12)
        // t(0.975, 29) = 2.045229642132703 (scipy.stats.t.ppf).
        let interval = try #require(pair.difference.interval)
        #expect(abs(interval[1] - interval[0] - 2 * 2.045229642132703 * error) < 1e-12)
    }

    @Test func aSmallDifferenceInManyScenariosIsNotResolved() throws {
        // One error of the ID set in all scenarios: twenty-five times the evidence of one scenario is still the evidence of one.
        let a = try savedReport()
        var b = a
        for index in b.scenarios.indices { b.scenarios[index].emid?.value -= 0.1 }
        let found = try compare(a, b)
        let emid = try #require(found.measures["emid"])
        let (signs, mean) = (try #require(emid.signTestPValue), try #require(emid.pValue))
        #expect(signs < 1e-4 && mean > 0.5)
        #expect(found.verdicts[0].hasPrefix("No difference in robustness is resolved over 15 scenarios"))
    }

    @Test func ofTwoEstimatorsNeitherReportIsCalledMoreRobust() throws {
        let (a, b) = try reports()
        var other = b
        other.settings.estimator = "gaussian"
        let found = try compare(a, other)
        let verdict = "Neither is called more robust: EMI of A is by reference-channel and that of B by gaussian, on two scales."
        #expect(found.verdicts == [verdict])
        #expect(found.estimators == ["reference-channel", "gaussian"] && found.measures["emid"] != nil)
        #expect(try compare(a, b).estimators == nil)
    }

    @Test func resultsDoNotDependOnTheOrder() throws {
        let (a, b) = try reports()
        var shuffled = b
        shuffled.scenarios.reverse()
        #expect(try compare(a, b) == compare(a, shuffled))
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
        #expect(found.notes == ["the reports were not made alike: in B estimator is gaussian, and was reference-channel"])
        #expect(found.text.contains("note: only in A: first, frost_1_KeyboardAug_1\n"))
        b.settings.bound = "paper"
        #expect(try compare(a, b).measures["bound"] == nil)
        b.scenarios = []
        #expect(throws: RunError.self) { try compare(a, b) }
        b.settings.units = .bits
        #expect(throws: RunError.self) { try compare(a, b) }
    }

    @Test func namesAreText() throws {
        let a = try syntheticReport(count: 40, names: hostileTexts)
        let found = try compare(a, a)
        #expect(!found.text.contains("\u{1B}") && !found.markdown.contains("<script>"))
        #expect(found.text.contains("… and ") && found.markdown.hasPrefix("### emi compare\n"))
        #expect(try FieldValue(json: found.rendered(.json))["scenarios"] != nil)
    }

    @Test func aDifferenceIsResolvedOnlyWhereFalseDiscoveriesAreControlled() throws {
        let (a, b) = try reports()
        let found = try compare(a, b)
        let pairs = found.scenarios.compactMap(\.emid)
        // Benjamini and Hochberg by hand: the smallest p times their number, and the largest as it is.
        let sorted = pairs.map(\.difference).sorted { ($0.pValue ?? 1) < ($1.pValue ?? 1) }
        let (least, most) = (try #require(sorted.first), try #require(sorted.last))
        let (leastQ, leastP) = (try #require(least.qValue), try #require(least.pValue))
        let (mostQ, mostP) = (try #require(most.qValue), try #require(most.pValue))
        #expect(leastQ <= 15 * leastP + 1e-15 && leastQ >= leastP && abs(mostQ - mostP) < 1e-15)
        #expect(zip(sorted, sorted.dropFirst()).allSatisfy { ($0.qValue ?? 2) <= ($1.qValue ?? -1) })
        var pair = pairs[0]
        func lead(_ value: Double, _ ends: [Double]?, _ q: Double?) -> ComparisonLead {
            pair.difference.value = value
            pair.difference.interval = ends
            pair.difference.qValue = q
            return ComparisonLead(pair)
        }
        #expect(lead(-0.2, [-0.3, -0.1], 0.05) == .b && lead(0.2, [0.1, 0.3], 0.01) == .a && lead(0.2, [0.1, 0.3], nil) == .a)
        #expect(lead(0.2, [0.1, 0.3], 0.06) == .unresolved && lead(0.1, [-0.1, 0.3], 0.01) == .unresolved)
        #expect(lead(0.1, nil, nil) == .unmeasured)
    }

    @Test func theJSONIsAsItsSchemaSays() throws {
        let schema = try JSONSchema(PublishedSchema.compare.text)
        var (a, b) = try reports()
        for found in [try compare(a, b), try compare(a, a)] { #expect(try schema.problems(in: found.rendered(.json)) == []) }
        b.scenarios = Array(b.scenarios.prefix(3))
        for index in b.scenarios.indices {
            // As little as a report can hold.
            b.scenarios[index].emid?.interval = nil
            b.scenarios[index].emid?.standardError = nil
            b.scenarios[index].discrepancies = nil
        }
        a.scenarios[4].kind = nil
        var few = try compare(a, b)
        few.provenance = Report.Provenance(inputs: [.init(path: "a.json", sha256: String(repeating: "0", count: 64))])
        #expect(try schema.problems(in: few.rendered(.json)) == [])
        #expect(few.measures["emid"]?.interval == nil && few.scenarios[0].emid?.difference.pValue == nil)
        let text = try few.rendered(.json)
        for (good, bad) in [
            ("\"only_in_a\"", "\"onlyInA\""), ("\"nats\"", "\"furlongs\""), ("\"mean_a\"", "\"mean\""), ("\"emid\"", "\"emi_d\""),
        ] {
            #expect(text.contains(good))
            #expect(try schema.problems(in: text.replacing(good, with: bad)) != [], "\(bad)")
        }
    }
}

@Suite struct ComparisonPageTests {
    private func count(of part: String, in text: String) -> Int { text.components(separatedBy: part).count - 1 }

    @Test func aPageHoldsWhatAReaderNeeds() throws {
        let (a, b) = try reports()
        var found = try compare(a, b)
        found.provenance = Report.Provenance(inputs: [.init(path: "b.json", sha256: String(repeating: "7", count: 64))])
        let page = try found.rendered(.html)
        for id in ["summary", "charts", "tests", "scenarios", "notes", "settings", "glossary"] {
            #expect(page.contains("<section id=\"\(id)\"") && page.contains("<a href=\"#\(id)\">"), "\(id)")
        }
        for chart in ["pair", "scatter"] { #expect(page.contains("data-chart=\"\(chart)\""), "\(chart)") }
        #expect(!page.contains("data-chart=\"differences\""))
        #expect(page.contains("B is more robust: its EMID is lower in 14 of 15 scenarios") && page.contains("SHA-256 of the reports"))
        #expect(page.contains("<span class=\"name\">a</span> against") && page.contains("● A: a<"))
        #expect(page.contains("Below the diagonal B lost less (14 of 15)"))
        #expect(count(of: "<tr><th scope=row>", in: page) == 15)
        // Where B is ahead most comes first, where A is comes last.
        let rows = page.components(separatedBy: "<tr><th scope=row>").dropFirst()
        #expect(rows.first?.hasPrefix("frost_5_sr_4<") == true && rows.last?.hasPrefix("frost_5_sr_7<") == true)
        #expect(page.contains("University of Washington") && page.contains("emi <span>comparison</span>"))
    }

    @Test func namesCannotBecomeMarkup() throws {
        let report = try syntheticReport(count: hostileTexts.count, names: hostileTexts)
        let plain = try syntheticReport(count: hostileTexts.count)
        var hostile = try ComparisonReport(report, name: hostileTexts[0], report, name: hostileTexts[1])
        hostile.notes.append(hostileTexts[2])
        hostile.provenance = Report.Provenance(inputs: [.init(path: hostileTexts[1], sha256: nil)])
        let (page, own) = (try hostile.rendered(.html), try compare(plain, plain).rendered(.html))
        for tag in ["<script", "</script", "<img", "<svg", "<iframe", "<!--"] {
            #expect(count(of: tag, in: page) == count(of: tag, in: own), "\(tag)")
        }
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("&lt;img src=x onerror="))
        let data = try #require(page.components(separatedBy: "id=\"data\">").last?.components(separatedBy: "</script>").first)
        #expect(!data.contains("<") && data.contains("\\u003cscript\\u003ealert(1)"))
        #expect(try JSONSerialization.jsonObject(with: Data(data.utf8)) is [String: Any])
    }

    @Test func thePolicyAllowsThePagesOwnScriptsAndNothingElse() throws {
        let (a, b) = try reports()
        let page = try compare(a, b).rendered(.html)
        let policy = try #require(
            page.components(separatedBy: "Content-Security-Policy\" content=\"").last?.components(separatedBy: "\"").first)
        #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("unsafe-eval") && !policy.contains("http"))
        let scripts = page.components(separatedBy: "<script>").dropFirst().map { $0.components(separatedBy: "</script>")[0] }
        #expect(scripts.count == 2)
        for script in scripts { #expect(policy.contains("'sha256-\(Data(sha256(Array(script.utf8))).base64EncodedString())'")) }
        for reference in ["src=", "href=\"http", "url(", "@import"] {
            #expect(!page.replacing(scripts[0], with: "").contains(reference), "\(reference)")
        }
    }

    @Test func fiveThousandScenariosStayBelowThreeMegabytes() throws {
        let a = try syntheticReport(count: 5000)
        var b = a
        for index in b.scenarios.indices { b.scenarios[index].emid?.value += Double(index % 7) / 10 - 0.25 }
        let page = try compare(a, b).rendered(.html)
        #expect(page.utf8.count < 3_000_000, "\(page.utf8.count)")
        #expect(page.contains("data-chart=\"differences\"") && page.contains("Shown are the 30 scenarios at either end"))
    }

    @Test func whatHasNoGapIsShownWithoutCharts() throws {
        var (a, b) = try reports()
        for index in a.scenarios.indices { a.scenarios[index].emid = nil }
        b.scenarios[0].emid = nil
        let page = try compare(a, b).rendered(.html)
        #expect(!page.contains("data-chart=") && page.contains("No scenario has EMID in both reports."))
        #expect(count(of: "<tr><th scope=row>", in: page) == 15)
    }
}
