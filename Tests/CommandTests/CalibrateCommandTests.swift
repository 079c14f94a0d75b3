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
        let table = try String(contentsOfFile: folder.path("c.csv"), encoding: .utf8)
        #expect(report.status == 0 && report.output == table)
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

    @Test func aManifestCanBeATableOrJSON() throws {
        let folder = try TemporaryFolder()
        _ = (try set(folder, "clean"), try set(folder, "hot", hot: true))
        let texts = [
            "m.csv": "name,kind,data\nclean,id,clean.jsonl\nhot,visual,hot.jsonl\n",
            "m.json":
                #"{"version": 1, "id": {"name": "clean", "data": "clean.jsonl"}, "scenarios": [{"name": "hot", "data": "hot.jsonl"}]}"#,
        ]
        let tables = try texts.sorted { $0.key < $1.key }.map { name, text -> String in
            let outcome = try Program.run(["calibrate", try folder.file(name, text), "-q"])
            #expect(outcome.status == 0 && outcome.output.contains("at clean's T"), "\(name) \(outcome.errors)")
            return outcome.output
        }
        #expect(tables[0] == tables[1])
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
        ("{\"id\": \"a\", \"confidence\": -0.1, \"correct\": 1}\n", "line 1: expected a confidence between 0 and 1, found -0.1"),
        ("{\"id\": \"a\", \"confidence\": \"NaN\", \"correct\": 1}\n", "expected a confidence that is a number, found 'NaN'"),
        ("{\"id\": \"a\", \"confidence\": \"high\", \"correct\": 1}\n", "expected a confidence that is a number, found 'high'"),
        ("{\"id\": \"a\", \"confidence\": 0.2, \"correct\": 2}\n", "expected a correctness between 0 and 1, found 2"),
        ("{\"id\": \"a\", \"options\": [-1, -2], \"label\": 2}\n", "expected a label that is the position of an option, from 0"),
        ("{\"id\": \"a\", \"options\": [-1], \"label\": 0}\n", "expected at least two options, found 1"),
        ("{\"id\": \"a\", \"options\": [-1, \"x\"], \"label\": 0}\n", "expected option scores that are numbers"),
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

    @Test func rowsAtFaultCanBeCounted() throws {
        let folder = try TemporaryFolder()
        let faults = [
            ("confidence", "1.2", "1"), ("confidence", "\"high\"", "1"), ("confidence", "0.5", "7"), ("options", "[-1, -2]", "null"),
        ]
        let good = (0..<20).map { "{\"id\": \"g\($0)\", \"confidence\": 0.\(5 + $0 % 4), \"correct\": \($0 % 2)}\n" }
        let bad = faults.enumerated().map { "{\"id\": \"b\($0)\", \"\($1.0)\": \($1.1), \"correct\": \($1.2)}\n" }
        let path = try folder.file("mixed.jsonl", (good + bad).joined())
        #expect(try Program.run(["calibrate", path]).status == 2)
        let outcome = try Program.run(["calibrate", path, "--skip-bad", "--format", "json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let id = try #require(try json(outcome.output)["id"] as? [String: Any])
        let rows = try #require(id["rows"] as? [String: Any])
        #expect(rows["read"] as? Int == 24 && rows["used"] as? Int == 20)
        #expect(
            rows["excluded"] as? [String: Int] == [
                "confidence_out_of_range": 1, "confidence_not_a_number": 1, "correctness_out_of_range": 1, "no_correctness": 1,
            ])
    }

    @Test func theManifestOfABatchIsOneOfConfidences() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(
            [
                "calibrate", "Fixtures/digits/manifest.yaml", "-o", folder.path("c.json"), "-o", folder.path("c.html"),
                "-q",
            ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let found = try json(try String(contentsOfFile: folder.path("c.json"), encoding: .utf8))
        let scenarios = try #require(found["scenarios"] as? [[String: Any]])
        #expect(scenarios.count == 61 && scenarios.allSatisfy { $0["status"] as? String == "ok" })
        // Blurred images answer the same questions; unseen writers answer others.
        func paired(_ name: String) -> Int? {
            let set = scenarios.first { $0["name"] as? String == name }
            return (set?["change"] as? [String: Any])?["paired_rows"] as? Int
        }
        #expect(paired("frost_5") == 90 && paired("normal_English") == nil)
    }

    @Test func aSetOfFilesNeedsItsConfidences() throws {
        let folder = try TemporaryFolder()
        let manifest = try folder.file(
            "m.yaml",
            """
            version: 1
            id: { name: usual, data: { visual: v.npy, response: r.npy, reference: y.npy } }
            scenarios:
              - { name: heat, data: heat.npz }
            """)
        let outcome = try Program.run(["calibrate", manifest])
        #expect(outcome.status == 2 && outcome.errors.contains("usual: expected a file of confidences, found files by modality"))
        #expect(outcome.errors.contains("hint: add 'confidences: FILE' to the set"))
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
