import EmbeddingFiles
import Foundation
import Studies
import Testing

@testable import Reports

/// The attribution of the fixture, with everything that there can be in it.
private func report(validation: Bool = true) throws -> AttributionReport {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/pairs").standardizedFileURL
    let (digits, clean) = (folder.appending(path: "digits.jsonl").path, folder.appending(path: "digits_clean.jsonl").path)
    var settings = AttributionSettings()
    (settings.rank, settings.ridge, settings.relative, settings.traced) = (10, 1, true, 2)
    let result = try runAttribution(
        AttributionSources(
            pairs: PairSource(bundle: digits), validation: validation ? PairSource(bundle: clean) : nil,
            queries: validation ? PairSource(bundle: clean) : nil),
        settings: settings, threadCount: 2)
    return AttributionReport(result, settings: settings, environment: nil)
}

@Suite struct AttributionReportTests {
    @Test func theReportIsAsItsSchemaSays() throws {
        let schema = try JSONSchema(PublishedSchema.attribute.text)
        for hasValidation in [true, false] {
            let json = try report(validation: hasValidation).json()
            #expect(try schema.problems(in: json) == [])
            #expect(!json.contains("null"))
        }
    }

    @Test func whatIsReadIsWhatWasWritten() throws {
        let written = try report()
        let read = try #require(try AttributionReport.read(written.json(), name: "r.json"))
        #expect(try read.json() == written.json())
        #expect(try AttributionReport.read(savedReport().json(), name: "r.json") == nil)
        let newer = try written.json().replacing("\"schema_version\" : \"1.0\"", with: "\"schema_version\" : \"2.0\"")
        #expect(throws: RunError.self) { try AttributionReport.read(newer, name: "r.json") }
    }

    @Test func influencesSayTheirDirectionInWords() throws {
        let found = try report()
        for row in found.rows {
            let influence = try #require(row.influence)
            #expect(row.effect == (influence < 0 ? "removing lowers the validation loss" : "removing raises the validation loss"))
            #expect((row.relativeInfluence ?? 0) * influence >= 0)
        }
        let valuation = try #require(found.valuation)
        #expect(valuation.target.contains("nats") && valuation.rowsRemoved == 30)
        #expect(found.notes.map(\.code).contains("influence_is_not_a_detector"))
    }

    @Test func namesFromFilesCannotBecomeMarkup() throws {
        var found = try report()
        let bad = "</td><script>alert(1)</script>|`x`\u{1B}[31m"
        (found.pairs.name, found.rows[0].id, found.rows[0].left) = (bad, bad, bad)
        let page = try found.rendered(.html)
        #expect(!page.contains("<script>alert") && page.contains("&lt;script&gt;alert(1)"))
        #expect(try !found.rendered(.markdown).contains("<script>"))
        #expect(try !found.rendered(.text).contains("\u{1B}"))
    }

    @Test func aGateChecksPartsOfAnAttribution() throws {
        let found = try report()
        func verdict(_ rule: String) throws -> GateReport {
            let policy = try GatePolicy(yaml: "version: 1\nrules:\n  - fail_if: \(rule)\n", path: "p.yaml", hasBaseline: false)
            return try Gate.check(found, name: "r.json", against: policy)
        }
        #expect(try verdict("detection.pair_auroc < 0.6").verdict == .pass)
        #expect(try verdict("detection.pair_auroc > 0.6").verdict == .fail)
        #expect(try verdict("trace.wrong > 0").verdict == .fail)
        // The share has an interval: a threshold inside it is open.
        let share = try #require(found.detection.shareInterval)
        let open = try verdict("detection.share > \((share[0] + share[1]) / 2)")
        #expect(open.findings.first?.outcome == .inconclusive)
        // A rule about scenarios has none to check.
        #expect(try verdict("emid.value > 0").verdict == .fail)
        #expect(try open.rendered(.junit, of: found).contains("<testcase name="))
    }
}
