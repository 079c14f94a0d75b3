import Foundation
import Statistics
import Testing

@Suite struct BatchCommandTests {
    private static let names = ["frost_3", "sr_7", "id_Hindi", "defocus_blur_5"]

    /// A manifest of some fixtures, in this order.
    private func manifest(_ folder: TemporaryFolder, _ names: [String] = names, settings: String = "permutations: 9") throws -> String {
        let digits = Program.project.appending(path: "Fixtures/digits").path
        let lines = names.map { "  - { name: \($0), kind: \($0.hasPrefix("sr") ? "text" : "other"), data: \(digits)/\($0).npz }" }
        return try folder.file(
            "m.yaml",
            "version: 1\nsettings: { \(settings) }\nid: { name: clean, data: \(digits)/clean.npz }\nscenarios:\n"
                + lines.joined(separator: "\n") + "\n")
    }

    private func report(_ outcome: Program.Outcome) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    @Test func theBytesDependOnNeitherThreadsNorOrder() throws {
        let folder = try TemporaryFolder()
        let flags = ["--format", "json", "--reproducible"]
        let runs = try ["1", "2", "3"].map { threads in
            try Program.run(["batch", try manifest(folder)] + flags + ["--threads", threads])
        }
        #expect(runs.allSatisfy { $0.status == 0 && $0.output == runs[0].output }, "\(runs[0].errors)")
        func sorted(_ outcome: Program.Outcome) throws -> [String] {
            let report = try report(outcome)
            let scenarios = try #require(report["scenarios"] as? [[String: Any]])
            let parts =
                scenarios.sorted { ($0["name"] as? String ?? "") < ($1["name"] as? String ?? "") } + [
                    report["id"] as? [String: Any] ?? [:], report["summary"] as? [String: Any] ?? [:],
                ]
            return try parts.map {
                String(decoding: try JSONSerialization.data(withJSONObject: $0, options: .sortedKeys), as: UTF8.self)
            }
        }
        let shuffled = try Program.run(["batch", try manifest(folder, Self.names.reversed())] + flags)
        #expect(try sorted(shuffled) == sorted(runs[0]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["m.yaml"])
    }

    @Test func aRunThatWasCutOffGoesOnWithTheSameBytes() throws {
        let folder = try TemporaryFolder()
        let path = try manifest(folder)
        let output = folder.path("r.json")
        let flags = ["batch", path, "--format", "json", "--reproducible"]
        let fresh = try Program.run(flags)
        #expect(fresh.status == 0)
        // The journal of a killed run: whole, cut in the middle of a line, and cut after its first line.
        let journal = try wholeJournal(flags, folder)
        let lines = journal.split(separator: "\n", omittingEmptySubsequences: true)
        #expect(lines.count == 2 + Self.names.count)
        for end in [journal.utf8.count, journal.utf8.count - 1, lines[0].utf8.count + 1, journal.utf8.count / 2, 10, 0] {
            try Data(journal.utf8.prefix(end)).write(to: URL(filePath: output + ".partial"))
            let resumed = try Program.run(flags + ["-o", output, "--resume"])
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(try String(contentsOfFile: output, encoding: .utf8) == fresh.output, "cut at \(end)")
            #expect(!FileManager.default.fileExists(atPath: output + ".partial"))
        }
    }

    /// The journal that a run leaves when its report cannot take its place: the output is a folder by then.
    private func wholeJournal(_ flags: [String], _ folder: TemporaryFolder) throws -> String {
        let output = folder.path("blocked.json")
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        let outcome = try Program.run(flags + ["-o", output])
        #expect(outcome.status == 2)
        return try String(contentsOfFile: output + ".partial", encoding: .utf8).replacing("blocked.json", with: "r.json")
    }

    @Test func allEstimatorsHaveTheSameBytesHoweverTheyAreRun() throws {
        let folder = try TemporaryFolder()
        let path = try manifest(folder)
        let flags = ["--estimator", "all", "--format", "json", "--reproducible"]
        let fresh = try Program.run(["batch", path] + flags + ["--threads", "1"])
        #expect(fresh.status == 0, "\(fresh.errors)")
        #expect(try Program.run(["batch", path] + flags + ["--threads", "3"]).output == fresh.output)

        let report = try report(fresh)
        let entries = try #require((report["estimators"] as? [String: Any])?["estimators"] as? [[String: Any]])
        #expect(entries.count == 9 && entries[0]["name"] as? String == "reference-channel")
        for entry in entries {
            let scenarios = try #require(entry["scenarios"] as? [[String: Any]])
            #expect(scenarios.compactMap { $0["name"] as? String } == Self.names && scenarios.allSatisfy { $0["emid"] != nil }, "\(entry)")
        }
        let ranks = try #require((report["summary"] as? [String: Any])?["estimators"] as? [String: Any])
        #expect((ranks["pairs"] as? [[String: Any]])?.count == 36 && ranks["kendall_mean"] is Double)

        // Those of one estimator are what a batch with it has, and the order of the manifest moves none of them.
        let own = try self.report(try Program.run(["batch", path, "--estimator", "copula", "--format", "json"]))
        let gaps = try #require(own["scenarios"] as? [[String: Any]]).compactMap { ($0["emid"] as? [String: Any])?["value"] as? Double }
        func estimates(_ entries: [[String: Any]], _ name: String) throws -> [String: Double] {
            let entry = try #require(entries.first { $0["name"] as? String == name })
            return Dictionary(
                uniqueKeysWithValues: (entry["scenarios"] as? [[String: Any]] ?? []).compactMap { scenario in
                    (scenario["emid"] as? [String: Any])?["value"].flatMap { $0 as? Double }.map { (scenario["name"] as? String ?? "", $0) }
                })
        }
        #expect(try estimates(entries, "copula") == Dictionary(uniqueKeysWithValues: zip(Self.names, gaps)))
        let shuffled = try self.report(try Program.run(["batch", try manifest(folder, Self.names.reversed())] + flags))
        let others = try #require((shuffled["estimators"] as? [String: Any])?["estimators"] as? [[String: Any]])
        for name in ["copula", "ksg", "matrix-renyi"] { #expect(try estimates(others, name) == estimates(entries, name)) }
        let refused = try Program.run(["batch", path] + flags + ["--alpha", "0"])
        #expect(refused.status == 2 && refused.errors.contains("matrix-renyi: expected an order above 0"), "\(refused.errors)")
        func summary(_ report: [String: Any]) throws -> Data {
            try JSONSerialization.data(withJSONObject: try #require(report["summary"]), options: .sortedKeys)
        }
        #expect(try summary(shuffled) == summary(report))
    }

    @Test func allEstimatorsGoOnAfterACut() throws {
        let folder = try TemporaryFolder()
        let path = try manifest(folder, ["frost_3", "sr_7", "id_Hindi"])
        let flags = ["batch", path, "--estimator", "all", "--format", "json", "--reproducible"]
        let fresh = try Program.run(flags)
        let journal = try wholeJournal(flags, folder)
        let lines = journal.split(separator: "\n")
        // Key, ID set, three scenarios; then eight estimators with the ID set and three scenarios each.
        #expect(lines.count == 5 + 8 * 4)
        let output = folder.path("r.json")
        for kept in [5, 12, lines.count - 1] {
            try Data((lines.prefix(kept).joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: output + ".partial"))
            let resumed = try Program.run(flags + ["-o", output, "--resume"])
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(try String(contentsOfFile: output, encoding: .utf8) == fresh.output, "\(kept) lines")
        }
    }

    @Test func aJournalOfAnotherRunIsNotTrusted() throws {
        let folder = try TemporaryFolder()
        let path = try manifest(folder)
        let flags = ["batch", path, "--format", "json", "--reproducible"]
        let journal = try wholeJournal(flags, folder)
        let output = folder.path("r.json")
        try Data(journal.utf8).write(to: URL(filePath: output + ".partial"))
        let other = try Program.run(flags + ["-o", output, "--resume", "--seed", "1"])
        #expect(other.status == 0 && other.errors.contains("started_anew") && other.errors.contains("settings differ"))
        let none = try Program.run(flags + ["-o", output, "--resume"])
        #expect(none.status == 0 && none.errors.contains("nothing_to_resume"))
    }

    @Test func interruptedWorkIsKept() throws {
        let folder = try TemporaryFolder()
        let path = try manifest(folder, settings: "permutations: 3000")
        let output = folder.path("r.json")
        let process = Process()
        process.executableURL = Program.url
        process.arguments = ["batch", path, "--format", "json", "--reproducible", "-o", output, "--threads", "1"]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        // Two lines: the key and the ID set. Then the first scenario is under way.
        for _ in 0..<600 {
            let lines = (try? String(contentsOfFile: output + ".partial", encoding: .utf8))?.split(separator: "\n").count ?? 0
            if lines >= 2 { break }
            Thread.sleep(forTimeInterval: 0.05)
        }
        process.interrupt()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130 && text.contains("of 4 scenarios are kept in") && text.contains("--resume"), "\(text)")
        let kept = try String(contentsOfFile: output + ".partial", encoding: .utf8).split(separator: "\n").count - 2
        #expect(kept >= 1 && kept < 4 && !FileManager.default.fileExists(atPath: output))
    }

    @Test func oneFailureDoesNotStopTheOthers() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("broken.npz", "PK\u{3}\u{4} and then nothing")
        let path = try manifest(folder)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data((text + "  - { name: broken, data: broken.npz }\n  - { name: gone, data: gone.npz }\n").utf8)
            .write(to: URL(filePath: path))
        let outcome = try Program.run(["batch", path, "--format", "json"])
        #expect(outcome.status == 2)
        let report = try report(outcome)
        let scenarios = try #require(report["scenarios"] as? [[String: Any]])
        #expect(scenarios.map { $0["status"] as? String ?? "" } == ["ok", "ok", "ok", "ok", "failed", "failed"])
        #expect((scenarios[5]["error"] as? [String: Any])?["code"] as? String == "missing_file")
        #expect(scenarios[4]["emi"] == nil && scenarios[4]["emid"] == nil)
        #expect((report["summary"] as? [String: Any])?["failed_count"] as? Int == 2)
        #expect(outcome.errors.contains("failed: broken:") && outcome.errors.contains("failed: gone:"))
        for format in ["text", "csv", "markdown"] {
            let other = try Program.run(["batch", path, "--format", format])
            #expect(other.status == 2 && other.output.contains("gone") && !other.output.contains("nan"))
        }
    }

    /// Each bad file is one scenario; the good one among them has its numbers.
    @Test func badScenarioFilesAreToldApart() throws {
        let folder = try TemporaryFolder()
        func row(_ id: Int, text: String = "[1, 0]", response: String = "[1, \(2)]", reference: String) -> String {
            #"{"id": \#(id), "text": \#(text), "response": \#(response), "reference": \#(reference)}"# + "\n"
        }
        func rows(_ change: (Int) -> String? = { _ in nil }) -> String {
            (0..<12).map { change($0) ?? row($0, text: "[\($0), 1]", response: "[1, \($0)]", reference: "[2, \($0 + 1)]") }.joined()
        }
        let bad: [(name: String, content: String, code: String)] = [
            ("empty", "", "empty_file"), ("words", "not json\n", "malformed_text"),
            ("list", "[1, 2]\n", "malformed_text"), ("short", rows { $0 == 5 ? #"{"id": 5, "text": [1, 1]}"# + "\n" : nil }, "missing_key"),
            ("ragged", rows { $0 == 5 ? row(5, text: "[1, 2, 3]", reference: "[1, 1]") : nil }, "ragged_vectors"),
            ("infinite", rows { $0 == 5 ? row(5, text: "[1e999, 2]", reference: "[1, 1]") : nil }, "not_finite"),
            ("zero", rows { $0 == 5 ? row(5, text: "[0, 0]", reference: "[1, 1]") : nil }, "zero_norm"),
            ("single", row(0, reference: "[1, 1]"), "too_few_rows"),
            ("constant", (0..<12).map { row($0, text: "[\($0), 1]", reference: "[1, 1]") }.joined(), "zero_variance"),
            ("wide", (0..<12).map { row($0, text: "[\($0), 1, 1]", reference: "[2, \($0)]") }.joined(), "width_mismatch"),
            ("other", rows().replacing("text", with: "audio"), "modality_mismatch"),
            ("npz", "PK\u{3}\u{4}", "malformed_text"),
        ]
        for (name, content, _) in bad { _ = try folder.file("\(name).jsonl", content) }
        _ = try folder.file("id.jsonl", rows())
        _ = try folder.file("good.jsonl", rows())
        try FileManager.default.createDirectory(atPath: folder.path("folder.jsonl"), withIntermediateDirectories: true)
        let names = bad.map(\.name) + ["folder", "good"]
        let path = try folder.file(
            "m.yaml",
            "version: 1\nid: { data: id.jsonl }\nscenarios:\n"
                + names.map { "  - { name: \($0), data: \($0).jsonl }\n" }.joined())
        let outcome = try Program.run(["batch", path, "--format", "json", "--permutations", "5"])
        #expect(outcome.status == 2)
        let scenarios = try #require(try report(outcome)["scenarios"] as? [[String: Any]])
        for (scenario, expected) in zip(scenarios, bad) {
            let error = try #require(scenario["error"] as? [String: String], "\(expected.name)")
            let message = error["message"] ?? ""
            #expect(message.contains("\(expected.name).jsonl") && message.contains("expected"), "\(expected.name): \(error)")
            #expect(error["code"] == expected.code)
        }
        #expect(scenarios.last?["status"] as? String == "ok" && scenarios.count == names.count)
    }

    @Test func aMissingIDSetStopsTheRun() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("m.yaml", "version: 1\nid: { data: nowhere.npz }\nscenarios: [{ name: a, data: a.npz }]\n")
        let outcome = try Program.run(["batch", path])
        #expect(outcome.status == 2 && outcome.output.isEmpty && outcome.errors.contains("nowhere.npz"))
    }

    @Test func theChoiceMovesNoNumber() throws {
        let folder = try TemporaryFolder()
        let path = try manifest(folder)
        let flags = ["--format", "csv"]
        let all = try Program.run(["batch", path] + flags)
        let some = try Program.run(["batch", path, "--only", "*frost*", "--only", "id_*", "--skip", "id_Hin*"] + flags)
        let line = try #require(some.output.split(separator: "\r\n").last.map(String.init))
        #expect(line.contains("frost_3") && some.output.split(separator: "\r\n").count == 2)
        // The q-value is that of its batch: everything before it is the same.
        let whole = try #require(all.output.split(separator: "\r\n").first { $0.contains(",frost_3,") })
        #expect(line.split(separator: ",").prefix(15) == whole.split(separator: ",").prefix(15))
        let wrong = try Program.run(["batch", path, "--only", "frost_4"])
        #expect(wrong.status == 64 && wrong.errors.contains("Did you mean 'frost_3'?"))
        #expect(try Program.run(["batch", path, "--skip", "*"]).status == 64)
    }

    @Test func settingsAreFlagsAndFlagsWin() throws {
        let folder = try TemporaryFolder()
        let path = try manifest(folder, settings: "estimator: club-ridge, permutations: 3, no-normalize: false, units: bits")
        let report = try report(Program.run(["batch", path, "--format", "json", "--permutations", "0"]))
        let settings = try #require(report["settings"] as? [String: Any])
        #expect(settings["estimator"] as? String == "club-ridge" && settings["permutations"] as? Int == 0)
        #expect(settings["units"] as? String == "bits" && settings["normalize"] as? Bool == true)
        for (wrong, expected) in [
            ("estimatr: x", "m.yaml:2: settings: expected one of"), ("estimatr: x", "did you mean 'estimator'?"),
            ("estimator: club-kernl", "m.yaml:2: settings.estimator:"), ("permutations: -1", "settings.permutations"),
            ("no-normalize: maybe", "expected true or false"), ("output: x", "found 'output'"),
        ] {
            let outcome = try Program.run(["batch", try manifest(folder, settings: wrong)])
            #expect(outcome.status == 2 && outcome.errors.contains(expected), "\(outcome.errors)")
        }
    }

    @Test func aDryRunSaysWhatWouldRun() throws {
        let folder = try TemporaryFolder()
        let path = try manifest(folder)
        let outcome = try Program.run(["batch", path, "--dry-run"])
        #expect(outcome.status == 0 && outcome.output.contains("frost_3 (other): 90 rows") && outcome.output.contains("MB of memory"))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data((text + "  - { name: gone, data: gone.npz }\n").utf8).write(to: URL(filePath: path))
        let failing = try Program.run(["batch", path, "--dry-run"])
        #expect(failing.status == 2 && failing.output.contains("gone: would fail") && failing.output.contains("1 would fail"))
    }

    @Test func outputsThatCannotBeWrittenAreToldFirst() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(["batch", try manifest(folder), "-o", folder.path("no/such/r.json")])
        #expect(outcome.status == 2 && outcome.errors.contains("no/such/r.json"))
    }
}
