import EmbeddingFiles
import Foundation
import Testing

@testable import Reports

@Suite struct HTMLTests {
    @Test func interpolatedTextIsEscapedAndMarkupIsNot() {
        let inner: Markup = "<b>\("<&>\"'")</b>"
        let outer: Markup = "<p title=\"\("a\"b")\">\(inner)\(3)\([inner, inner])</p>"
        let bold = "<b>&lt;&amp;&gt;&quot;&#39;</b>"
        #expect(outer.source == "<p title=\"a&quot;b\">\(bold)3\(bold)\(bold)</p>")
        #expect(("\("\u{202E}a\u{1B}")" as Markup).source == "\u{FFFD}a\u{FFFD}")
    }

    @Test func namesCannotBecomeMarkup() throws {
        let report = try syntheticReport(count: hostileTexts.count, names: hostileTexts)
        let page = try report.html()
        let own = try syntheticReport(count: hostileTexts.count).html()
        // Every tag of the page is the program's own: names add text, and no element that the page has not without them.
        for tag in ["<script", "</script", "<img", "<svg", "<iframe", "onerror=", "<!--"] {
            let (found, expected) = (count(of: tag, in: page), count(of: tag, in: own))
            #expect(tag == "onerror=" ? page.contains("&lt;img src=x onerror=") : found == expected, "\(tag): \(found), \(expected)")
        }
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        let data = try #require(page.components(separatedBy: "id=\"data\">").last?.components(separatedBy: "</script>").first)
        #expect(!data.contains("<") && !data.contains("\u{2028}") && data.contains("\\u003cscript\\u003ealert(1)"))
        let decoded = try #require(try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any])
        #expect((decoded["scenarios"] as? [[String: Any]])?.count == hostileTexts.count)
    }

    @Test func thePolicyAllowsThePagesOwnScriptsAndNothingElse() throws {
        let page = try savedReport().html()
        let policy = try #require(
            page.components(separatedBy: "Content-Security-Policy\" content=\"").last?.components(separatedBy: "\"").first)
        #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("unsafe-eval") && !policy.contains("http"))
        let scripts = page.components(separatedBy: "<script>").dropFirst().map { $0.components(separatedBy: "</script>")[0] }
        #expect(scripts.count == 2)
        for script in scripts {
            #expect(policy.contains("'sha256-\(Data(sha256(Array(script.utf8))).base64EncodedString())'"))
        }
        for reference in ["src=", "href=\"http", "url(", "@import"] {
            #expect(!page.replacing(scripts[0], with: "").contains(reference), "\(reference)")
        }
    }

    @Test func aPageHoldsWhatAReaderNeeds() throws {
        let report = try savedReport()
        let page = try report.html()
        for id in ["summary", "charts", "scenarios", "discrepancies", "overview", "notes", "settings", "provenance", "glossary"] {
            #expect(page.contains("<section id=\"\(id)\""))
            #expect(page.contains("<a href=\"#\(id)\">"))
        }
        for chart in ["gap", "grid-0", "bound", "stack", "score"] { #expect(page.contains("data-chart=\"\(chart)\""), "\(chart)") }
        let files = try #require(report.provenance?.inputs)
        #expect(files.allSatisfy { page.contains($0.path) && page.contains($0.sha256 ?? "?") })
        #expect(page.contains("it is not guaranteed") && page.contains("Vega") && page.contains("University of Washington"))
        #expect(count(of: "<tr><th scope=row>", in: page) == 2 * report.scenarios.count)
    }

    @Test func oneComparisonAndOneSetHavePagesOfTheirOwn() throws {
        let pair = try fixtureReport().html()
        #expect(pair.contains("data-chart=\"gap\"") && !pair.contains("id=\"scenario-table\"") && pair.contains("All forms of the bound"))
        var unrecorded = try fixtureReport(ood: false)
        unrecorded.provenance = nil
        let single = try unrecorded.html()
        #expect(!single.contains("data-chart=") && single.contains("EMI of the sets"))
        #expect(single.contains("not recorded"))
    }

    @Test func fiveThousandScenariosStayBelowThreeMegabytes() throws {
        let page = try syntheticReport(count: 5000).html()
        #expect(page.utf8.count < 3_000_000)
        #expect(page.contains("data-chart=\"distribution\"") && page.contains("means over the scenarios of a kind"))
    }

    @Test(arguments: [
        ("none", "no inequality is known"), ("plug-in", "it is not guaranteed"), ("in-expectation", "not for every sample"),
        ("proven", "EMID cannot be above it"), ("stronger", "not known to this version"),
    ]) func aBoundClaimsNoMoreThanItsWeakestGuarantee(_ guarantee: String, _ words: String) throws {
        var report = try syntheticReport(count: 3)
        for index in 0..<3 { report.scenarios[index].bound?.guarantee = index == 1 ? guarantee : "proven" }
        let statement = try #require(report.boundStatement)
        #expect(statement.contains(words), "\(statement)")
        #expect(guarantee == "proven" || !statement.contains("cannot"))
        #expect(try report.html().contains(statement))
        #expect(report.markdown().contains(statement))
    }

    @Test func minusSignsStandBeforeNumbersOnly() {
        #expect("-0.5 [-1, 2] natural-joint 1e-05 a-1 (-3)".withMinusSigns == "−0.5 [−1, 2] natural-joint 1e-05 a-1 (−3)")
    }

    private func count(of part: String, in text: String) -> Int { text.components(separatedBy: part).count - 1 }
}

@Suite struct ScenarioResultTests {
    @Test func whatIsNotResolvedIsNotCalledALoss() throws {
        var scenario = try savedReport().scenarios[0]
        func result(_ interval: [Double]?, q: Double? = nil) -> ScenarioResult {
            scenario.emid = Report.Gap(value: ((interval?.first ?? 0) + (interval?.last ?? 0)) / 2, interval: interval, qValue: q)
            return ScenarioResult(scenario)
        }
        #expect(result([0.1, 0.3]) == .fell && result([-0.3, -0.1]) == .rose)
        #expect(result([-0.1, 0.5]) == .unresolved && result([0, 0.5]) == .unresolved)
        #expect(result([0.1, 0.3], q: 0.2) == .unresolved && result([0.1, 0.3], q: 0.05) == .fell)
        #expect(result(nil) == .unmeasured && result([0.1]) == .unmeasured)
        scenario.emid = nil
        #expect(ScenarioResult(scenario) == .failed)
    }
}

@Suite struct ScenarioGridTests {
    @Test func thePapersNamesFormTwoGrids() {
        let visual = ["frost_1", "frost_3"], text = ["sr_4", "KeyboardAug_1"]
        let names =
            visual + text + visual.flatMap { v in text.map { "\(v)_\($0)" } }
            + ["easy", "hard"].flatMap { domain in ["\(domain)_English", "\(domain)_Hindi"] } + ["id_Hindi"]
        let grids = ScenarioGrid.grids(names, id: "clean")
        #expect(grids.map(\.rows) == [["clean", "frost_1", "frost_3"], ["clean", "easy", "hard"]])
        #expect(grids.map(\.columns) == [["clean", "sr_4", "KeyboardAug_1"], ["clean", "Hindi"]])
        #expect(grids.map(\.cells.count) == [9, 6])
        let cell = grids[0].cells.first { $0.row == "frost_3" && $0.column == "KeyboardAug_1" }
        #expect(cell?.index.map { names[$0] } == "frost_3_KeyboardAug_1")
        #expect(grids[0].cells.last?.index == nil)
    }

    @Test func namesOfTwoPartsFormAGrid() {
        let grids = ScenarioGrid.grids(["fog × de", "fog × fr", "rain × de", "other"], id: "id")
        #expect(grids.map(\.rows) == [["fog", "rain"]] && grids.map(\.columns) == [["de", "fr"]])
    }

    @Test func whatFormsNoGridIsNone() {
        #expect(ScenarioGrid.grids(["a", "b", "c"], id: "id").isEmpty)
        // Two scenarios for one cell: neither may stand for both.
        #expect(ScenarioGrid.grids(["x_frost_1", "y_frost_1", "frost_3", "sr_4", "frost_1_sr_4"], id: "id").isEmpty)
        #expect(ScenarioGrid.grids((0..<50).map { "a\($0) × b\($0)" }, id: "id").isEmpty)
    }
}

/// What a reader of a page looks for first.
@Suite struct PageTests {
    private func batch() throws -> Report {
        var report = try syntheticReport(count: 12, names: [])
        let names = [
            "frost_1", "frost_3", "frost_1_sr_4", "frost_3_sr_4", "sr_4", "easy_Hindi", "easy_Greek", "hard_Hindi", "hard_Greek",
            "id_Hindi", "id_Greek", "normal_Hindi",
        ]
        for index in names.indices { report.scenarios[index].name = names[index] }
        return report
    }

    @Test func noTwoChartsShareATitle() throws {
        let page = try batch().html()
        let titles = page.components(separatedBy: "<figcaption><h3>").dropFirst().map { $0.components(separatedBy: "</h3>")[0] }
        #expect(titles.count > 3 && Set(titles).count == titles.count, "\(titles)")
    }

    @Test func itSaysWhenItWasMadeAndByWhat() throws {
        var report = try batch()
        report.environment = Report.Environment(
            blas: "b", threads: 1, platform: "p", date: "2026-11-28T00:10:00Z", command: "emi batch <m>.yaml")
        let page = try report.html()
        #expect(page.contains("made 2026-11-28 00:10:00 UTC by: emi batch &lt;m&gt;.yaml"))
        #expect(page.contains("emi \(emiVersion)"))
        report.environment = nil
        #expect(try !report.html().contains("by: emi"))
    }

    @Test func aBoundBelowTheGapIsMarked() throws {
        var report = try batch()
        #expect(try !report.html().contains("class=broken"))
        report.scenarios[3].bound?.holds = false
        let page = try report.html()
        #expect(page.components(separatedBy: "<td class=broken>").count == 2 && page.contains(" &lt; EMID"))
        #expect(page.contains("Bounds below EMID") && page.contains("\"is_broken\":true") || page.contains("\"isBroken\":true"))
        #expect(report.text(bold: false).contains(" < EMID"))
    }
}
