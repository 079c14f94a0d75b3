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
        let one = try Program.run(["compare", saved, saved, "--calibration", saved])
        #expect(one.status == 64 && one.errors.contains("--calibration: expected one a report, 2, found 1"), "\(one.errors)")
        let none = try Program.run(["compare", saved, saved, "--calibration", saved, "--calibration", saved])
        #expect(none.status == 2 && none.errors.contains("expected what 'emi calibrate MANIFEST' wrote, found another report"))
        let wrong = try Program.run(["compare", saved, "-"], input: "{}")
        #expect(wrong.status == 2 && wrong.errors.contains("standard input: expected a JSON report of emi"))
        let json = try String(contentsOf: Program.project.appending(path: saved), encoding: .utf8)
        let bits = try Program.run(["compare", saved, "-"], input: json.replacing("\"units\" : \"nats\"", with: "\"units\" : \"bits\""))
        #expect(bits.status == 2 && bits.errors.contains("expected values in nats"), "\(bits.errors)")
    }

    @Test func rowsOfTwoRunsAreSetAgainstEachOther() throws {
        let folder = try TemporaryFolder()
        // The same questions and references; in the second model some responses are exchanged.
        let lines = try ["clean", "frost_3"].map { name in
            try String(contentsOf: Program.project.appending(path: "Fixtures/digits/\(name).jsonl"), encoding: .utf8)
                .split(separator: "\n").map(String.init)
        }
        func manifest(_ model: String, exchanging count: Int) throws -> String {
            for (name, rows) in zip(["clean", "frost_3"], lines) {
                var objects = try rows.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
                let responses = objects.map { $0["response"] }
                for row in 0..<count { objects[row]["response"] = responses[count - 1 - row] }
                let texts = try objects.map {
                    String(decoding: try JSONSerialization.data(withJSONObject: $0, options: .sortedKeys), as: UTF8.self)
                }
                _ = try folder.file("\(model)_\(name).jsonl", texts.joined(separator: "\n") + "\n")
            }
            return try folder.file(
                "\(model).yaml",
                "version: 1\nid: { name: clean, data: \(model)_clean.jsonl }\nscenarios:\n  - { name: frost_3, data: \(model)_frost_3.jsonl }\n"
            )
        }
        let (a, b) = (try manifest("a", exchanging: 0), try manifest("b", exchanging: 30))
        for (own, other) in [(a, b), (b, a)] {
            let report = own.replacing(".yaml", with: ".json")
            let outcome = try Program.run(
                ["batch", own, "--fit-with", other, "--keep-rows", "--permutations", "0", "-o", report, "-q"])
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
        let reports = [folder.path("a.json"), folder.path("b.json")]
        func compare(_ more: [String]) throws -> [String: Any] {
            let outcome = try Program.run(["compare"] + reports + ["--format", "json"] + more)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        }
        func error(_ found: [String: Any]) throws -> Double {
            let emi = try #require((found["scenarios"] as? [[String: Any]])?.first?["emi"] as? [String: Any])
            return try #require((emi["difference"] as? [String: Any])?["standard_error"] as? Double)
        }
        let (paired, unpaired) = (try compare([]), try compare(["--unpaired"]))
        #expect((paired["pairing"] as? [String: Any])?["kind"] as? String == "rows", "\(paired["pairing"] ?? "")")
        #expect((unpaired["pairing"] as? [String: Any])?["kind"] as? String == "none")
        #expect(try error(paired) < error(unpaired))
        #expect((paired["models"] as? [Any])?.count == 2)
        let three = try Program.run(["compare"] + reports + [reports[1]])
        #expect(three.status == 0 && three.output.contains("p (Holm)"), "\(three.errors)")
        // A gate on the change uses the rows too.
        let gate = try Program.run(
            ["check", reports[1], "--baseline", reports[0], "--fail-if", "change.emi.value > 100", "--format", "json"])
        #expect(gate.status == 0 && gate.output.contains("changes are rows against rows in 1 scenarios"), "\(gate.output)")
    }

    @Test func publishedResultsAreRead() throws {
        let folder = try TemporaryFolder()
        let pairs = try folder.file(
            "pairs.json",
            """
            {"model_name": "m", "EMI": {"x_coco": 0.1, "x_coco_frost_1": 0.05}, "EMID": {"x_coco_frost_1": 0.05}}
            """)
        let outcome = try Program.run(["compare", pairs, saved])
        #expect(outcome.status == 0 && outcome.output.contains("what the authors published of m"), "\(outcome.errors)")
    }
}
