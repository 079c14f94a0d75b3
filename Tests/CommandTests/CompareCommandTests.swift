import Foundation
import Testing

private let saved = "Fixtures/reports/frost.json"

@Suite struct CompareCommandTests {
    @Test func everyFormComesFromOneComparison() throws {
        let folder = try TemporaryFolder()
        let json = try String(contentsOf: Program.project.appending(path: saved), encoding: .utf8)
        let outcome = try Program.run(
            ["compare", "-", saved] + ["c.json", "c.md", "c.html"].flatMap { ["-o", folder.path($0)] } + ["-o", "-"], input: json)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("A = standard input, B = \(saved); differences are B less A, in nats\n"))
        let data = try Data(contentsOf: folder.url.appending(path: "c.json"))
        let found = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let emid = try #require((found["measures"] as? [String: [String: Any]])?["emid"])
        #expect(emid["count"] as? Int == 15 && emid["mean_difference"] as? Double == 0)
        #expect(try String(contentsOfFile: folder.path("c.md"), encoding: .utf8).hasPrefix("### emi compare"))
        #expect(try String(contentsOfFile: folder.path("c.html"), encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
        // The file is named with its digest; standard input has none.
        let inputs = try #require((found["provenance"] as? [String: Any])?["inputs"] as? [[String: String]])
        #expect(inputs.map { $0["path"] } == [saved] && inputs[0]["sha256"]?.count == 64)
    }

    @Test func wrongUsageAndWrongInputAreTold() throws {
        #expect(try Program.run(["compare", "-", "-"], input: "{}").status == 64)
        #expect(try Program.run(["compare", saved, saved, "-o", saved]).status == 64)
        #expect(try Program.run(["compare", saved, saved, "-o", "c.xml"]).status == 64)
        let wrong = try Program.run(["compare", saved, "-"], input: "{}")
        #expect(wrong.status == 2 && wrong.errors.contains("standard input: expected a JSON report of emi"))
        let json = try String(contentsOf: Program.project.appending(path: saved), encoding: .utf8)
        let bits = try Program.run(["compare", saved, "-"], input: json.replacing("\"units\" : \"nats\"", with: "\"units\" : \"bits\""))
        #expect(bits.status == 2 && bits.errors.contains("expected values in nats"), "\(bits.errors)")
    }
}
