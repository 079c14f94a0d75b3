import Studies
import Testing

@testable import Reports

@Suite struct BatchEstimatorsTests {
    private typealias Estimate = Report.EstimatorAgreement.Estimate

    /// The fixtures' report with scenarios of these gaps, beside which `others` has gaps of its own.
    private func report(_ gaps: [Double], _ others: [String: [Double?]]) throws -> Report {
        var report = try fixtureReport()
        let base = report.scenarios[0]
        report.scenarios = gaps.enumerated().map { index, gap in
            var scenario = base
            scenario.name = "s\(index)"
            scenario.emid?.value = gap
            scenario.emi?.value = report.id.emi.value - gap
            return scenario
        }
        let runs = others.flatMap { name, gaps in
            [run(name, nil, emi: 1, emid: nil)] + gaps.enumerated().map { run(name, "s\($0)", emi: $1.map { 1 - $0 }, emid: $1) }
        }
        report.addEstimators(runs, names: ["reference-channel"] + others.keys.sorted(), isBatch: true)
        return report
    }

    private func run(_ estimator: String, _ scenario: String?, emi: Double?, emid: Double?) -> Report.EstimatorRun {
        var run = Report.EstimatorRun(estimator: estimator, id: .failure(RunError(code: "code", message: "why not")), unit: .nats)
        run.scenario = scenario
        run.emi = emi.map { Estimate(value: $0, standardError: 0.1) }
        run.emid = emid.map { Estimate(value: $0, standardError: nil) }
        if emi != nil { run.error = nil }
        return run
    }

    @Test func pairsAgreeInSignAndOrder() throws {
        let report = try report([3, 2, 1, -1], ["b": [30, 20, 10, -10], "c": [-3, -2, -1, 1], "d": [1, 2, nil, -1]])
        let ranks = try #require(report.summary.estimators)
        #expect(
            ranks.pairs.map { [$0.first, $0.second] } == [
                ["reference-channel", "b"], ["reference-channel", "c"], ["reference-channel", "d"], ["b", "c"], ["b", "d"], ["c", "d"],
            ])
        #expect(ranks.pairs[0].kendall == 1 && ranks.pairs[0].emidSignAgreement == 1 && ranks.pairs[0].count == 4)
        #expect(ranks.pairs[1].spearman == -1 && ranks.pairs[1].emidSignAgreement == 0)
        // Three scenarios in common: 3, 2, -1 against 1, 2, -1.
        #expect(ranks.pairs[2].count == 3 && ranks.pairs[2].emidSignAgreement == 1)
        #expect(
            ranks.pairs[2].kendall.map { abs($0 - 1.0 / 3) < 1e-12 } == true
                && ranks.pairs[2].spearman.map { abs($0 - 0.5) < 1e-12 } == true)
        #expect(ranks.emidSignAgreement.map { abs($0 - 3.0 / 6) < 1e-12 } == true)
        // EMI is 1 less the gap: -2, -1, 0, 2 and 1 for the ID set under b's scenarios against 4, 3, 2, 0 and 1 under c's.
        #expect(ranks.pairs[3].emiSignAgreement.map { $0 < 1 } == true)
    }

    @Test func everyFormTellsIt() throws {
        let report = try report([3, 2, 1, -1], ["b": [3, 2, 1, -1], "d": [1, 2, nil, -1]])
        #expect(try JSONSchema(PublishedSchema.report.text).problems(in: report.json()) == [])
        #expect(try Report(json: report.json()) == report)
        let text = try report.rendered(.text)
        #expect(text.contains("signs as reference-channel") && text.contains("Two estimators have one sign of EMID in 100 % of scenarios"))
        #expect(text.contains("d: no numbers for 1 scenario: why not"))
        #expect(try report.rendered(.markdown).contains("signs as reference-channel"))
    }

    @Test func anEstimatorThatTheIDSetDoesNotAllowSaysWhy() throws {
        var report = try fixtureReport()
        let failed = Report.EstimatorRun(estimator: "gaussian", id: .failure(RunError(code: "code", message: "why not")), unit: .nats)
        report.addEstimators([failed], names: ["reference-channel", "gaussian"], isBatch: true)
        let entry = try #require(report.estimators?.estimators.last)
        #expect(entry.error?.message == "why not" && entry.scenarios == nil && report.summary.estimators == nil)
        // One scenario stands as that of a pair does.
        #expect(report.estimators?.estimators.first?.emid?.value == report.scenarios[0].emid?.value)
        #expect(try JSONSchema(PublishedSchema.report.text).problems(in: report.json()) == [])
    }

    @Test func theLineOfAJournalIsReadBack() throws {
        let line = JournalLine.estimator(run("ksg", "s1", emi: 0.25, emid: -0.5))
        #expect(try JournalLine(line.text()) == line)
    }
}
