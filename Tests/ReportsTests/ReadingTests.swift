import Foundation
import Studies
import Testing

@testable import Reports

@Suite struct ReadingTests {
    private func saved(_ change: (inout [String: Any]) -> Void) throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(savedReport().json().utf8))
        var report = try #require(object as? [String: Any])
        change(&report)
        return String(decoding: try JSONSerialization.data(withJSONObject: report), as: UTF8.self)
    }

    private func refusal(_ text: String) -> String {
        do {
            _ = try Report.read(text, name: "r.json")
            return ""
        } catch {
            return RunError(error).message
        }
    }

    @Test func aNewerMinorVersionIsReadWithANote() throws {
        let text = try saved { report in
            report["schema_version"] = "1.7"
            report["a_new_part"] = ["x": 1]
        }
        let (report, note) = try Report.read(text, name: "r.json")
        #expect(report.schemaVersion == "1.7")
        #expect(try report.scenarios == savedReport().scenarios)
        #expect(note?.code == .newerReport && note?.message.contains("r.json has schema version 1.7, newer than 1.1") == true)
        #expect(try Report.read(savedReport().json(), name: "r.json").note == nil)
    }

    @Test(arguments: ["2.0", "0.9", "10.3"]) func anotherMajorVersionIsRefused(_ version: String) throws {
        // What follows may be anything: the version is read before the rest.
        let text = "{\"schema_version\": \"\(version)\", \"id\": 7}"
        #expect(refusal(text) == "r.json: expected a report of schema version 1.x, found \(version)")
    }

    @Test func whatIsNoReportIsToldInOneSentence() throws {
        #expect(refusal("") == "r.json: expected a JSON report of emi, found text that is not JSON")
        #expect(
            refusal("{\"a\": [1,\n2")
                == "r.json: expected a JSON report of emi, found text that ends in the middle, on line 2 after 11 bytes")
        #expect(refusal("{\"a\": [1,\n2}]").hasSuffix("found text that is not JSON from line 2 on (byte 11)"))
        #expect(refusal("[1]").contains("found no object at the top") || refusal("[1]").contains("at the top"))
        #expect(refusal("{}") == "r.json: expected a JSON report of emi, found no schema_version")
        for version in ["1", "1.x", "1.0.0", "", "-1.0", "1.99999999999999999999", "\u{1B}[31m"] {
            #expect(refusal(try saved { $0["schema_version"] = version }).contains("found schema_version '"), "\(version)")
        }
        let missing = try saved { report in
            var settings = report["settings"] as? [String: Any] ?? [:]
            settings["entropy_scale"] = nil
            report["settings"] = settings
        }
        #expect(refusal(missing) == "r.json: expected a JSON report of emi, found no settings.entropy_scale")
        let wrong = try saved { report in
            var scenarios = report["scenarios"] as? [[String: Any]] ?? []
            scenarios[2]["sample_count"] = "ninety"
            report["scenarios"] = scenarios
        }
        #expect(refusal(wrong) == "r.json: expected a JSON report of emi, found no number at scenarios[2].sample_count")
    }

    @Test func oddReportsRenderWithoutATrap() throws {
        let text = try saved { report in
            var scenarios = report["scenarios"] as? [[String: Any]] ?? []
            scenarios[0]["emid"] = ["value": 1.797693134862315e308, "interval": [1.0]]
            scenarios[1]["emid"] = ["value": -1e-300, "interval": [Double]()]
            scenarios[2]["name"] = scenarios[3]["name"]
            scenarios[3]["name"] = ""
            scenarios[4]["bound"] = nil
            scenarios[4]["attribution"] = [String: Double]()
            scenarios[5] = ["name": "bare", "status": "odd", "warnings": [Any]()]
            report["scenarios"] = scenarios
        }
        let report = try Report.read(text, name: "r.json").report
        for format in ReportFormat.allCases { #expect(try !report.rendered(format).isEmpty) }
        var empty = report
        empty.scenarios = []
        for format in ReportFormat.allCases { #expect(try !empty.rendered(format).isEmpty) }
    }
}
