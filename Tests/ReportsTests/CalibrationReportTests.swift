import Calibration
import EmbeddingFiles
import Foundation
import Statistics
import Studies
import Testing

@testable import Reports

/// Two sets of option scores, the second over-confident, and one that is missing; names as given.
private func calibrationReport(_ names: [String] = ["clean", "foggy"]) throws -> CalibrationReport {
    let folder = FileManager.default.temporaryDirectory.appending(path: "emi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let sources = try names.enumerated().map { index, name in
        var generator = SeededGenerator(seed: UInt64(index + 1), stream: "calibration report")
        let lines = (0..<120).map { row -> String in
            let best = generator.index(below: 3)
            let scores = (0..<3).map { $0 == best ? -0.1 - generator.uniform() : -2 - 2 * generator.uniform() }
            let label = generator.uniform() < (index == 0 ? 0.8 : 0.5) ? best : generator.index(below: 3)
            let answerable = row % 6 == 0 ? ", \"answerable\": 0, \"abstained\": \(row % 12 == 0)" : ""
            return
                "{\"id\": \"q\(row)\", \"group\": \"g\(row / 2)\", \"options\": [\(scores.map { "\($0)" }.joined(separator: ", "))], \"label\": \(label)\(answerable)}\n"
        }
        let path = folder.appending(path: "\(index).jsonl")
        try Data(lines.joined().utf8).write(to: path)
        return CalibrationSource(name: name, kind: index == 0 ? nil : "visual", path: path.path)
    }
    var settings = CalibrationSettings()
    settings.draws = 99
    let missing = CalibrationSource(name: "gone", kind: "text", path: "gone.jsonl")
    let report = CalibrationReport(try CalibrationStudy(sources + [missing], settings, threadCount: 1))
    return report
}

@Suite struct CalibrationReportTests {
    @Test func theReportIsWhatTheSchemaSays() throws {
        let report = try calibrationReport()
        let json = try report.rendered(.json)
        #expect(try JSONSchema(PublishedSchema.calibrate.text).problems(in: json) == [])
        let (again, note) = try CalibrationReport.read(json, name: "r.json")
        #expect(note == nil && CalibrationReport.isOne(json))
        #expect(try again.rendered(.json) == json)
        #expect(report.summary.scenarioCount == 2 && report.summary.failedCount == 1)
        let rows = try #require(report.id.rows)
        #expect(rows.read == rows.used + rows.excluded.values.reduce(0, +))
    }

    @Test func otherReportsAreNotTakenForIt() throws {
        #expect(!CalibrationReport.isOne(try savedReport().json()))
        #expect(throws: RunError.self) { try CalibrationReport.read("{}", name: "x") }
        let newer = try calibrationReport().rendered(.json).replacing("\"schema_version\" : \"1.0\"", with: "\"schema_version\" : \"2.0\"")
        let error = #expect(throws: RunError.self) { try CalibrationReport.read(newer, name: "x") }
        #expect(error?.code == "report_version")
    }

    @Test func theTextSaysWhatIsResolved() throws {
        let text = try calibrationReport().rendered(.text)
        #expect(text.contains("a calibrated model with these confidences would show"))
        #expect(text.contains("The shifted set is more over-confident than clean (q ≤ 0.05)."))
        #expect(text.contains("at clean's T ("))
        #expect(text.contains("gone: gone.jsonl: expected a file or folder, found nothing at this path"))
        #expect(text.contains("Abstentions\n") && !text.split { !$0.isLetter }.contains("nan"))
    }

    @Test func manySetsHaveALineEachAndOneNoteACode() throws {
        var report = try calibrationReport()
        let foggy = try #require(report.scenarios.first)
        report.scenarios = (0..<20).map { index in
            var set = foggy
            set.name = "foggy \(index)"
            return set
        }
        report.notes = (0..<20).map { CalibrationReport.Note(code: "few_groups", text: "foggy \($0): 6 groups of rows") }
        let text = try report.rendered(.text)
        #expect(text.contains("note (few_groups): foggy 0: 6 groups of rows (and 19 more sets)\n"))
        #expect(!text.contains("at clean's T (") && text.contains("--format csv\n") && text.split(separator: "\n").count < 90)
        #expect(try report.rendered(.markdown).contains("at clean's T ("))
    }

    @Test func tablesHaveARowForEachSet() throws {
        let report = try calibrationReport()
        let lines = report.csv.split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(lines.count == 4 && Set(lines.prefix(3).map(\.count)).count == 1)
        let markdown = try report.rendered(.markdown)
        #expect(markdown.hasPrefix("### emi calibrate: clean\n") && markdown.contains("| foggy |"))
        #expect(report.markdown(byteLimit: 4_096).utf8.count < 4_096)
    }

    @Test func thePageHasEveryChartAndHostileNamesAreText() throws {
        let page = try calibrationReport(["</script><b>x", "constructor"]).html()
        for chart in ["reliability", "recalibrated", "selection"] { #expect(page.contains("data-chart=\"\(chart)\"")) }
        #expect(!page.contains("</script><b>x") && page.contains("&lt;b&gt;x"))
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("emi <span>calibration</span>"))
    }

    @Test func rulesAreAboutShiftedSets() throws {
        let report = try calibrationReport()
        func verdict(_ rule: String, _ report: CalibrationReport) throws -> GateReport {
            var policy = GatePolicy()
            policy.failedScenarios = .pass
            policy.rules = [GatePolicy.Rule(condition: try Condition(rule), severity: .fail, place: "--fail-if")]
            return try Gate.check(report, name: "r.json", against: policy)
        }
        let found = try verdict("gap.interval_low > -0.5", report)
        #expect(found.verdict == .fail && found.findings.contains { $0.scenario == "foggy" })
        #expect(try verdict("temperature.ln_ratio.p_value < 0.0000001", report).verdict == .pass)
        #expect(try verdict("change.gap.q_value <= 0.05", report).verdict == .fail)
        #expect(try verdict("id.accuracy.value < 0.5", report).verdict == .pass)
        #expect(try verdict("rows.excluded.abstained > 1", report).verdict == .fail)
        var alone = report
        alone.scenarios = []
        #expect(try verdict("ece.excess > 0.9", alone).counts.scenarios == 1)
        let junit = try found.rendered(.junit, of: report)
        #expect(junit.contains("classname=\"emi.visual\"") && junit.contains("<failure type=\"policy\""))
        #expect(throws: RunError.self) { try Condition("gap.intervall_low > 0.05") }
    }

    @Test func aSavedRecalibrationIsReadAgain() throws {
        let saved = try SavedRecalibration(
            json: #"{"kind": "recalibration", "schema_version": "1.0", "set": "a", "rows": 3, "temperature": 1.5}"#, name: "t.json")
        #expect(saved.temperature == 1.5)
        for text in ["{}", #"{"kind": "recalibration", "schema_version": "1.0", "set": "a", "rows": 3, "temperature": -1}"#, "x"] {
            #expect(throws: RunError.self) { try SavedRecalibration(json: text, name: "t.json") }
        }
    }
}
