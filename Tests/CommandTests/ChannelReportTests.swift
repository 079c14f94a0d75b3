import Foundation
import Testing

@Suite struct ChannelReportTests {
    private let clean = "Fixtures/digits/clean.npz"
    private let frost = "Fixtures/digits/frost_3.npz"

    private func json(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try Program.run(arguments + ["--format", "json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    private func scenario(_ report: [String: Any]) throws -> [String: Any] {
        try #require((report["scenarios"] as? [[String: Any]])?.first)
    }

    @Test func theBoundIsOnTheScaleOfTheGap() throws {
        let found = try scenario(json(["estimate", "--id", clean, "--ood", frost, "--permutations", "19"]))
        let bound = try #require(found["bound"] as? [String: Any])
        let gap = try #require(found["emid"] as? [String: Any])
        let emi = try #require(found["emi"] as? [String: Any])
        #expect(bound["form"] as? String == "channel" && bound["scale"] as? String == "channel" && emi["scale"] as? String == "channel")
        #expect(bound["holds"] as? Bool == true)
        let (value, slack, size) = (bound["value"] as? Double ?? 0, bound["slack"] as? Double ?? 0, gap["value"] as? Double ?? 0)
        #expect(abs(value - slack - size) < 1e-12)
        #expect((gap["ceiling"] as? Double ?? 0) >= size)
        let terms = try #require(bound["terms"] as? [String: Double])
        #expect(Set(terms.keys) == ["visual", "text", "normaliser"] && abs(terms.values.reduce(0, +) - value) < 1e-9)
        let interval = try #require(bound["interval"] as? [Double])
        #expect(interval[0] <= value && value <= interval[1])
        #expect((found["whitened_similarity_interval"] as? [Double])?.count == 2)
        let joint = try #require((found["discrepancies"] as? [String: [String: Any]])?["joint"])
        #expect((joint["separation"] as? Double).map { $0 <= 1 } == true && joint["separation_interval"] != nil)
        // Forms of entropies are there, and are not held against it.
        #expect((found["bounds"] as? [String: [String: Any]])?["joint"]?["scale"] as? String == "shannon")
    }

    @Test func aBoundOfAnotherScaleIsNotHeldAgainstTheGap() throws {
        let arguments = ["estimate", "--id", clean, "--ood", frost, "--permutations", "19", "--bound", "joint"]
        let bound = try #require(try scenario(json(arguments))["bound"] as? [String: Any])
        #expect(bound["holds"] == nil && bound["slack"] == nil && bound["tightness"] == nil)
        #expect((bound["assumptions"] as? [String])?.contains { $0.contains("no size in common") } == true)
        #expect(try Program.run(arguments).output.contains("on another scale than EMID"))
        let own = try #require(try scenario(json(arguments + ["--estimator", "gaussian"]))["bound"] as? [String: Any])
        #expect(own["holds"] is Bool && own["slack"] is Double)
        let refused = try Program.run(
            ["estimate", "--id", clean, "--ood", frost, "--estimator", "gaussian", "--bound", "channel"])
        #expect(refused.status == 2 && refused.errors.contains("expected the estimator reference-channel beside it, found gaussian"))
    }

    /// The whole study of 61 shifts: what the definitions allow is kept everywhere.
    @Test func noNumberOfTheDigitsStudyIsOutsideWhatItsDefinitionAllows() throws {
        let report = try json(["batch", "Fixtures/digits/manifest.yaml", "--permutations", "0"])
        let scenarios = try #require(report["scenarios"] as? [[String: Any]])
        #expect(scenarios.count == 61)
        for found in scenarios {
            let name = found["name"] as? String ?? ""
            let gap = try #require((found["emid"] as? [String: Any])?["value"] as? Double)
            #expect(gap <= ((found["emid"] as? [String: Any])?["ceiling"] as? Double ?? 0), "\(name)")
            let emi = try #require(found["emi"] as? [String: Any])
            for key in ["model_mi", "reference_mi"] {
                let value = try #require(emi[key] as? Double)
                #expect(value >= log(0.1) - 1e-12 && value <= log(90.0), "\(name) \(key) \(value)")
            }
            let tables = try #require(found["tables"] as? [String: Any])
            let tableGap = try #require(tables["emid"] as? Double)
            let bounds = ["bound_by_variation", "bound"].compactMap { tables[$0] as? Double }
            #expect(bounds.count == 2 && tableGap <= bounds[0] + 1e-9 && bounds[0] <= bounds[1] + 1e-9, "\(name)")
            #expect((found["bound"] as? [String: Any])?["holds"] as? Bool == true, "\(name)")
        }
        let correlation = try #require((report["summary"] as? [String: Any])?["emi_vs_score"] as? [String: Any])
        #expect((correlation["pearson"] as? Double ?? 0) > 0.99 && (correlation["spearman"] as? Double ?? 0) > 0.98)
    }

    /// Answers that belong to other questions, in every set.
    private func study(_ folder: TemporaryFolder, isShuffled: Bool) throws -> String {
        let things = ["a red circle", "two green squares", "a large blue cross", "three small stars", "nothing at all", "one yellow ring"]
        var state: UInt64 = 7
        var lines = "version: 1\nid: {name: id, data: id.jsonl}\nscenarios:\n"
        for (number, name) in ["id", "a", "b"].enumerated() {
            var text = ""
            for row in 0..<60 {
                let thing = things[(row * 7 + number) % things.count]
                // Drawn without a look at the question, in every row or in every fifth.
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let drawn = Int(state >> 33) % things.count
                let said = things[isShuffled || row % 5 == number ? drawn : (row * 7 + number) % things.count]
                text += #"{"id": "\#(name) \#(row)", "text": "what is in picture \#(row) of \#(name)", "#
                text += #""response": "it shows \#(said)", "reference": "there is \#(thing)"}"# + "\n"
            }
            _ = try folder.file("\(name).jsonl", text)
            if number > 0 { lines += "  - {name: \(name), data: \(name).jsonl}\n" }
        }
        return try folder.file("m.yaml", lines)
    }

    @Test func whereNothingComesThroughNothingIsConcluded() throws {
        let folder = try TemporaryFolder()
        let manifest = try study(folder, isShuffled: true)
        let outcome = try Program.run(["batch", manifest, "-o", folder.path("r.json"), "-o", folder.path("r.txt"), "--permutations", "19"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let text = try String(contentsOfFile: folder.path("r.txt"), encoding: .utf8)
        #expect(text.contains("note (no_channel)") && text.contains("Nothing can be said"), "\(text)")
        #expect(!text.contains("EMI rose") && !text.contains("EMI fell"))
        let gate = try Program.run(["check", folder.path("r.json"), "--fail-if", "emid.value > 100"])
        #expect(gate.status == 1 && (gate.output + gate.errors).contains("EMI cannot be measured"), "\(gate.output)\(gate.errors)")
    }

    @Test func whereAnswersAreMostlyRightThereIsAChannel() throws {
        let folder = try TemporaryFolder()
        let manifest = try study(folder, isShuffled: false)
        let outcome = try Program.run(["batch", manifest, "-o", folder.path("r.json"), "-o", folder.path("r.txt"), "--permutations", "19"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try !String(contentsOfFile: folder.path("r.txt"), encoding: .utf8).contains("no_channel"))
        let gate = try Program.run(["check", folder.path("r.json"), "--fail-if", "emid.value > 100"])
        #expect(gate.status == 0, "\(gate.output)")
    }
}
