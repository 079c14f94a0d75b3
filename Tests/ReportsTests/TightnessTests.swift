import Information
import Statistics
import Testing

@testable import Reports

@Suite struct TightnessTests {
    /// The fixtures' report with another gap.
    private func report(_ value: Double, interval: [Double]?, p: Double?, q: Double? = nil) throws -> Report {
        var report = try fixtureReport()
        report.scenarios[0].emid = Report.Gap(value: value, interval: interval, pValue: p, qValue: q)
        report.assignTightness()
        return report
    }

    @Test func onlyAResolvedLossHasOne() throws {
        let resolved = try report(0.5, interval: [0.2, 0.8], p: 0.01)
        let bound = try #require(resolved.scenarios[0].bound)
        #expect(bound.tightness == bound.value / 0.5)
        #expect(try report(0.5, interval: [-0.1, 1.1], p: 0.01).scenarios[0].bound?.tightness == nil)
        #expect(try report(0.5, interval: [0.2, 0.8], p: 0.2).scenarios[0].bound?.tightness == nil)
        #expect(try report(-0.5, interval: [-0.8, -0.2], p: 0.01).scenarios[0].bound?.tightness == nil)
        #expect(try report(0.5, interval: nil, p: nil).scenarios[0].bound?.tightness == nil)
        #expect(try report(0.5, interval: [0.2, 0.8], p: nil).scenarios[0].bound?.tightness != nil)
        // A batch goes by the q-value.
        #expect(try report(0.5, interval: [0.2, 0.8], p: 0.01, q: 0.07).scenarios[0].bound?.tightness == nil)
    }

    @Test func theTextAndTheSchemaKnowIt() throws {
        let report = try report(0.5, interval: [0.2, 0.8], p: 0.01)
        #expect(try report.rendered(.text).contains(" times EMID."))
        #expect(try JSONSchema(PublishedSchema.report.text).problems(in: report.json()) == [])
        #expect(try !fixtureReport().rendered(.text).contains(" times EMID") || fixtureReport().scenarios[0].resolution == .above)
    }

    @Test func theSummaryHasTheMedianOfTheResolved() throws {
        let single = try fixtureReport()
        let base = single.scenarios[0]
        let gaps: [(Double, Double)] = [(0.1, 0.0001), (0.2, 0.0001), (0.4, 0.0001), (0.3, 0.9)]
        let scenarios = gaps.enumerated().map { index, gap in
            var scenario = base
            scenario.name = "s\(index)"
            scenario.kind = index < 2 ? "a" : "b"
            scenario.emid = Report.Gap(value: gap.0, interval: [gap.0 - 0.05, gap.0 + 0.05], pValue: gap.1)
            return scenario
        }
        let batch = Report(id: single.id, scenarios: scenarios, settings: single.settings, environment: nil)
        let bound = try #require(base.bound).value
        #expect(batch.summary.tightnessMedian.map { abs($0 - bound / 0.2) < 1e-9 } == true)
        let kinds = try #require(batch.summary.byKind)
        #expect(kinds[0].tightnessMedian.map { abs($0 - (bound / 0.1 + bound / 0.2) / 2) < 1e-9 } == true)
        #expect(kinds[1].tightnessMedian.map { abs($0 - bound / 0.4) < 1e-9 } == true)
        #expect(try JSONSchema(PublishedSchema.report.text).problems(in: batch.json()) == [])
        let text = try batch.rendered(.text)
        #expect(text.contains("times EMID in the median of the 3 scenarios with a resolved loss."))
        #expect(text.contains("median bound/EMID"))
    }

    @Test func logProbabilitiesAreInTheSettings() throws {
        let settings = try fixtureReport().settings
        #expect(settings.logProb == nil)
    }
}
