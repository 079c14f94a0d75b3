import Foundation
import Testing

private let digits = "Fixtures/pairs/digits.jsonl"
private let clean = "Fixtures/pairs/digits_clean.jsonl"

@Suite struct AttributeCommandTests {
    private func object(_ path: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any])
    }

    @Test func everyFormComesFromOneRun() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            ["attribute", digits, "--validation", clean, "--trace", clean, "--traced", "2", "--rank", "12", "--ridge", "1"]
                + ["r.json", "r.csv", "r.md", "r.html"].flatMap { ["-o", folder.path($0)] } + ["-o", "-"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("digits: 300 pairs of visual and text\n"), "\(outcome.output)")
        #expect(outcome.output.contains("most harmful to the validation loss first"))
        let report = try object(folder.path("r.json"))
        let detection = try #require(report["detection"] as? [String: Any])
        let flagged = try #require((detection["flagged"] as? [String: Any])?["count"] as? Int)
        let rows = try #require(report["rows"] as? [[String: Any]])
        // The number of flags is the length of the list of flagged rows.
        #expect(rows.count == 300 && rows.count { $0["flagged"] as? Bool == true } == flagged)
        #expect(rows.allSatisfy { ($0["effect"] as? String)?.hasPrefix("removing") == true })
        let csv = try String(contentsOfFile: folder.path("r.csv"), encoding: .utf8).split(separator: "\r\n")
        #expect(csv.count == 301 && csv[0].hasPrefix("rank,id,group,score,p,q,unrelated,flagged,"))
        let scores = csv.dropFirst().compactMap { Double($0.split(separator: ",", omittingEmptySubsequences: false)[3]) }
        #expect(scores == scores.sorted())
        #expect(try String(contentsOfFile: folder.path("r.md"), encoding: .utf8).hasPrefix("### digits: 300 pairs"))
        let page = try String(contentsOfFile: folder.path("r.html"), encoding: .utf8)
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("id=\"chart-histogram\"") && page.contains("id=\"chart-changes\""))
        // A gate holds the attribution against rules.
        let json = folder.path("r.json")
        #expect(try Program.run(["check", json, "--fail-if", "detection.flagged.count > 200"]).status == 0)
        let broken = try Program.run(["check", json, "--fail-if", "detection.pair_auroc > 0.5", "-o", "-"])
        #expect(broken.status == 1 && broken.output.contains("detection.pair_auroc"), "\(broken.output)")
        #expect(try Program.run(["check", json, "--fail-if", "valuation.measured_change_if_removed > 0"]).status == 0)
        #expect(try Program.run(["check", json, "--fail-if", "emid.value > 0"]).status == 1)
        #expect(try Program.run(["check", json, "--fail-if", "detection.shar > 0"]).status == 64)
    }

    @Test func theSameRunGivesTheSameBytesOnAnyNumberOfThreads() throws {
        let arguments = ["attribute", digits, "--ridge", "1", "--format", "json", "--reproducible", "--quiet"]
        let (one, two) = (try Program.run(arguments + ["--threads", "1"]), try Program.run(arguments + ["--threads", "2"]))
        #expect(one.status == 0 && one.output == two.output)
    }

    @Test func rowsOfAScenarioAddUpToItsGap() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            ["attribute", "--of", "Fixtures/digits/manifest.yaml", "--only", "frost_5", "--only", "normal_Hindi", "--ridge", "1"]
                + ["-o", folder.path("r.json"), "-o", "-"])
        #expect(outcome.status == 0 && outcome.output.contains("frost_5: EMID"), "\(outcome.errors)")
        let scenarios = try #require(try object(folder.path("r.json"))["scenarios"] as? [[String: Any]])
        #expect(scenarios.map { $0["name"] as? String } == ["frost_5", "normal_Hindi"])
        #expect(scenarios.map { $0["paired"] as? Bool } == [true, false])
        for scenario in scenarios {
            let rows = try #require(scenario["rows"] as? [[String: Any]])
            let losses = rows.compactMap { $0["loss"] as? Double }
            let gap = try #require(scenario["emid"] as? Double)
            #expect(rows.count == 90 && abs(losses.reduce(0, +) - gap) < 1e-9 && losses == losses.sorted(by: >))
        }
        // The gap is that of the batch.
        let batch = try Program.run(
            ["batch", "Fixtures/digits/manifest.yaml", "--only", "frost_5", "--permutations", "0", "--format", "json", "--quiet"])
        let report = try #require(try JSONSerialization.jsonObject(with: Data(batch.output.utf8)) as? [String: Any])
        let emid = ((report["scenarios"] as? [[String: Any]])?.first?["emid"] as? [String: Any])?["value"] as? Double
        #expect(abs((emid ?? .nan) - (scenarios[0]["emid"] as? Double ?? 0)) < 1e-9)
    }

    @Test(
        arguments: [
            (["attribute"], "expected PAIRS"),
            (["attribute", digits, "--candidates", clean], "--trace"),
            (["attribute", digits, "--relative"], "--validation"),
            (["attribute", digits, "--ridge", "0"], "--ridge"),
            (["attribute", digits, "--alpha", "2"], "--alpha"),
            (["attribute", digits, "-o", digits], "output"),
            (["attribute", "--of", "Fixtures/digits/manifest.yaml", digits], "--of"),
            (["attribute", digits, "--only", "frost"], "--of"),
        ] as [([String], String)]) func wrongUsageIsTold(_ arguments: [String], _ word: String) throws
    {
        let outcome = try Program.run(arguments)
        #expect(outcome.status == 64 && outcome.errors.contains(word), "\(outcome.status) \(outcome.errors)")
    }

    @Test func badInputIsNamed() throws {
        let folder = try TemporaryFolder()
        let lines = try String(contentsOf: Program.project.appending(path: digits), encoding: .utf8).split(separator: "\n")
        func check(_ text: String, _ words: [String], _ more: [String] = []) throws {
            try text.write(toFile: folder.path("p.jsonl"), atomically: true, encoding: .utf8)
            let outcome = try Program.run(["attribute", folder.path("p.jsonl")] + more)
            #expect(outcome.status == 2, "\(outcome.errors)")
            for word in words { #expect(outcome.errors.contains(word), "\(word): \(outcome.errors)") }
        }
        // A row of zeros has no direction.
        let zeros = "{\"id\":\"blank\",\"visual\":[\([String](repeating: "0", count: 64).joined(separator: ","))],\"text\":\"nothing\"}"
        try check((lines.prefix(20) + [Substring(zeros)]).joined(separator: "\n") + "\n", ["blank", "visual", "direction", "hint"])
        try check(lines.prefix(5).joined(separator: "\n") + "\n", ["expected at least 10 pairs", "found 5"])
        try check(lines.prefix(30).joined(separator: "\n") + "\n", ["audio", "visual"], ["--left", "audio"])
        let wide = try Program.run(["attribute", digits, "--validation", "Fixtures/digits/clean.npz"])
        #expect(wide.status == 2 && wide.errors.contains("expected 64 columns"), "\(wide.errors)")
    }
}
