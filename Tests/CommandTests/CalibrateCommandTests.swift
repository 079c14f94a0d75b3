import Foundation
import Testing

@Suite struct CalibrateCommandTests {
    /// Option scores of 60 questions; the answers of `hot` sets are right less often.
    private func set(_ folder: TemporaryFolder, _ name: String, hot: Bool = false) throws -> String {
        try folder.file(
            "\(name).jsonl",
            (0..<60).map { row in
                let best = row % 3
                let scores = (0..<3).map { $0 == best ? -0.2 : -2.0 - Double(row % 5) / 10 }
                let label = row % 10 < (hot ? 4 : 8) ? best : (best + 1) % 3
                return "{\"id\": \"q\(row)\", \"options\": \(scores), \"label\": \(label)}\n"
            }.joined())
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func setsAreComparedInEveryFormat() throws {
        let folder = try TemporaryFolder()
        let (clean, hot) = (try set(folder, "clean"), try set(folder, "hot", hot: true))
        let names = ["c.json", "c.csv", "c.md", "c.html", "c.xml"]
        let outcome = try Program.run(["calibrate", clean, hot, "-o", "-"] + names.flatMap { ["-o", folder.path($0)] })
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(outcome.output.contains("hot") && outcome.output.contains("at clean's T"))
        for name in names { #expect(FileManager.default.fileExists(atPath: folder.path(name)), "\(name)") }
        let report = try Program.run(["report", folder.path("c.json"), "--format", "csv"])
        #expect(report.status == 0 && report.output == (try String(contentsOfFile: folder.path("c.csv"), encoding: .utf8)))
        let gate = try Program.run(["check", folder.path("c.json"), "--fail-if", "gap.interval_low > 0.1"])
        #expect(gate.status == 1 && gate.output.contains("hot: gap.interval_low is"), "\(gate.output)")
        #expect(try Program.run(["check", folder.path("c.json"), "--fail-if", "gap.value > 0.9"]).status == 0)
    }

    @Test func aManifestListsTheSets() throws {
        let folder = try TemporaryFolder()
        _ = (try set(folder, "clean"), try set(folder, "hot", hot: true))
        let manifest = try folder.file(
            "m.yaml",
            """
            version: 1
            id: { name: usual, data: clean.jsonl }
            scenarios:
              - { name: heat, kind: visual, data: hot.jsonl }
              - { name: lost, kind: visual, data: lost.jsonl }
            """)
        let outcome = try Program.run(["calibrate", manifest, "--format", "json", "--reproducible", "-q"])
        // One set is missing: its sentence, the others' numbers, and the exit code of a failure.
        #expect(outcome.status == 2)
        let scenarios = try #require(try json(outcome.output)["scenarios"] as? [[String: Any]])
        #expect(scenarios.map { $0["name"] as? String } == ["heat", "lost"])
        #expect(scenarios.map { $0["status"] as? String } == ["ok", "failed"])
        #expect(try json(outcome.output)["environment"] == nil)
    }

    @Test func aTemperatureGoesFromOneSetToAnother() throws {
        let folder = try TemporaryFolder()
        let (clean, hot) = (try set(folder, "clean"), try set(folder, "hot", hot: true))
        let kept = folder.path("t.json")
        #expect(try Program.run(["calibrate", hot, "--save-temperature", kept]).status == 0)
        let temperature = try #require(try json(try String(contentsOfFile: kept, encoding: .utf8))["temperature"] as? Double)
        #expect(temperature > 1.2)
        let lines = folder.path("again.jsonl")
        let outcome = try Program.run(["calibrate", clean, "--apply", kept, "--recalibrated", lines, "--format", "json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        // What is written is what the report says of the set at that temperature.
        let again = try Program.run(["calibrate", lines, "--format", "json"])
        let id = try #require(try json(outcome.output)["id"] as? [String: Any])
        let applied = try #require((id["temperature"] as? [String: Any])?["at_reference"] as? [String: Any])
        let written = try #require(try json(again.output)["id"] as? [String: Any])
        let gap = try #require((applied["gap"] as? [String: Any])?["value"] as? Double)
        #expect(abs(gap - (try #require((written["gap"] as? [String: Any])?["value"] as? Double))) < 1e-12)
        #expect(try Program.run(["calibrate", clean, "--apply", clean]).status == 2)
        #expect(try Program.run(["calibrate", clean, "--recalibrated", lines]).status == 64)
    }

    @Test func textImageAndBoth() throws {
        let folder = try TemporaryFolder()
        let (clean, hot) = (try set(folder, "clean"), try set(folder, "hot", hot: true))
        let outcome = try Program.run(["calibrate", clean, "--text-only", hot, "--image-only", clean])
        #expect(outcome.status == 0 && outcome.output.contains("Text, image and both\n  60 items"), "\(outcome.output)\(outcome.errors)")
        #expect(try Program.run(["calibrate", clean, "--text-only", hot]).status == 64)
    }

    @Test func twoColumnsAreEnough() throws {
        let folder = try TemporaryFolder()
        let table = try folder.file("t.csv", "confidence,correct\n" + (0..<50).map { "0.\($0 % 9 + 1),\($0 % 2)\n" }.joined())
        let outcome = try Program.run(["calibrate", table])
        #expect(outcome.status == 0 && outcome.output.contains("50") && outcome.output.contains("platt"), "\(outcome.output)")
    }

    @Test(arguments: [
        ("{\"id\": \"a\", \"confidence\": 1.2, \"correct\": 1}\n", "line 1: expected a confidence between 0 and 1, found 1.2"),
        ("{\"id\": \"a\", \"confidence\": 0.2}\n", "expected 'correct', or 'options' with 'label', found neither"),
        ("{\"id\": \"a\", \"options\": [0.5, -2], \"label\": 0}\n", "expected option scores of one sign"),
        (
            "{\"id\": \"a\", \"confidence\": 0.2, \"correct\": 1}\n{\"id\": \"a\", \"confidence\": 0.2, \"correct\": 1}\n",
            "expected each id once"
        ),
        ("{\"question\": \"a\"}\n", "expected confidences, found 'question'"),
        ("{\"id\": \"a\", \"confidence\": null, \"correct\": 1}\n", "expected rows with a confidence, found 1 no_confidence"),
    ])
    func whatIsWrongIsSaid(_ text: String, _ sentence: String) throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(["calibrate", try folder.file("bad.jsonl", text)])
        #expect(outcome.status == 2 && outcome.errors.contains(sentence) && outcome.output.isEmpty, "\(outcome.errors)")
        #expect(outcome.errors.contains("hint: "))
    }

    @Test func wrongFlagsAreUsage() throws {
        for flags in [
            ["--bins", "0"], ["--confidence", "1"], ["--draws", "-1"], ["--compat", "paper", "--bins", "5"], ["--scores", "x"],
        ] {
            #expect(try Program.run(["calibrate", "x.jsonl"] + flags).status == 64, "\(flags)")
        }
        #expect(try Program.run(["calibrate"]).status == 64)
    }
}
