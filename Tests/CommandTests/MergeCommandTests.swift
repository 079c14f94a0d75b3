import Foundation
import Testing

@Suite struct MergeCommandTests {
    private let clean = "Fixtures/digits/clean.npz"
    private let frost = "Fixtures/digits/frost_5.npz"
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func summarize(_ shard: String, _ set: String, fit: String? = nil) throws -> String {
        let part = folder.path("\(set)\(fit == nil ? "" : "-judged").safetensors")
        let outcome = try Program.run(["summarize", shard, "--set", set, "-o", part] + (fit.map { ["--fit", $0] } ?? []))
        #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
        return part
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func twoRoundsGiveEMI() throws {
        let first = try [summarize(clean, "clean"), summarize(frost, "frost")]
        let fit = folder.path("q.safetensors")
        let saved = try Program.run(["merge", "--save-fit", fit] + first)
        #expect(saved.status == 0 && saved.errors.contains("fit of 180 rows"), "\(saved.errors)")
        let second = try [summarize(clean, "clean", fit: fit), summarize(frost, "frost", fit: fit)]
        let merged = try Program.run(["merge", "--id", "clean", "--format", "json", "--permutations", "0"] + second)
        #expect(merged.status == 0, "\(merged.errors)")
        let shift = try #require((try object(merged.output)["shifts"] as? [[String: Any]])?.first)
        let gap = try #require((shift["emid"] as? [String: Any])?["value"] as? Double)
        // What emi estimate finds under the same q.
        let whole = try Program.run(["estimate", "--id", clean, "--ood", frost, "--fit", fit, "--format", "json", "--permutations", "5"])
        #expect(whole.status == 0, "\(whole.errors)")
        let scenario = try #require((try object(whole.output)["scenarios"] as? [[String: Any]])?.first)
        let expected = try #require((scenario["emid"] as? [String: Any])?["value"] as? Double)
        #expect(abs(gap - expected) < 1e-12)
        let jsd = ((shift["discrepancies"] as? [String: Any])?["visual"] as? [String: Any])?["jsd"] as? Double
        let visual = ((scenario["discrepancies"] as? [String: Any])?["visual"] as? [String: Any])?["jsd"] as? Double
        #expect(abs((jsd ?? .nan) - (visual ?? .nan)) < 1e-12)
        // A part twice, in another order: the same bytes, and a note.
        let again = try Program.run(["merge", "--id", "clean", "--format", "json", "--permutations", "0", second[1], second[1], second[0]])
        #expect(again.output == merged.output && again.errors.contains("repeated_parts"), "\(again.errors)")
    }

    @Test func whatIsMissingIsSaidInOneSentence() throws {
        let part = try summarize(clean, "clean")
        for (arguments, status, message) in [
            (["merge", clean], 64 as Int32, "expected parts (.safetensors) or reports (.json)"),
            (["merge", part, "Fixtures/reports/frost.json"], 64, "expected only parts or only reports"),
            (["merge", part, "--id", "clear"], 2, "expected one of the sets clean, found 'clear'"),
            (["merge", part, "--fit", part], 64, "expected --save-fit beside it"),
            (["summarize", clean, "--set", "clean", "-o", "part.npz"], 64, "expected the extension .safetensors"),
            (
                ["summarize", clean, "--set", "clean", "--fit", part, "-o", folder.path("x.safetensors")], 2,
                "expected a fit written by --save-fit"
            ),
            (["summarize", "absent.npz", "--set", "clean", "-o", folder.path("x.safetensors")], 2, "absent.npz"),
        ] {
            let outcome = try Program.run(arguments)
            #expect(outcome.status == status && outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.path("x.safetensors")))
        }
    }

    @Test func reportsOfSomeScenariosMakeOneOfAll() throws {
        let manifest = "Fixtures/digits/manifest.yaml"
        let fit = folder.path("q.safetensors")
        let names = ["frost_1", "frost_3", "frost_5", "defocus_blur_5"]
        let flags = ["--fit", fit, "--permutations", "19", "--reproducible", "--quiet"]
        #expect(
            try Program.run(["batch", manifest, "--save-fit", fit, "--permutations", "0", "--quiet", "-o", folder.path("x.json")]).status
                == 0)
        func batch(_ names: [String], _ file: String) throws -> String {
            let outcome = try Program.run(["batch", manifest] + names.flatMap { ["--only", $0] } + flags + ["-o", folder.path(file)])
            #expect(outcome.status == 0, "\(outcome.errors)")
            return folder.path(file)
        }
        let parts = try [batch(Array(names[2...]), "b.json"), batch(Array(names[..<2]), "a.json")]
        let whole = try object(try String(contentsOfFile: batch(names, "all.json"), encoding: .utf8))
        let outcome = try Program.run(["merge", "--format", "json", parts[0]] + parts)
        #expect(outcome.status == 0 && outcome.errors.contains("repeated_scenarios"), "\(outcome.errors)")
        let merged = try object(outcome.output)
        func sorted(_ report: [String: Any]) -> [NSDictionary] {
            ((report["scenarios"] as? [[String: Any]]) ?? []).sorted { "\($0["name"] ?? "")" < "\($1["name"] ?? "")" }.map {
                $0 as NSDictionary
            }
        }
        #expect(sorted(merged) == sorted(whole) && sorted(merged).count == 4)
        #expect((merged["summary"] as? NSDictionary) == (whole["summary"] as? NSDictionary))
        let other = folder.path("other.json")
        #expect(
            try Program.run(["batch", manifest, "--only", "frost_1", "--fit", fit, "--permutations", "9", "--quiet", "-o", other]).status
                == 0)
        let refused = try Program.run(["merge", parts[0], other])
        #expect(refused.status == 2 && refused.errors.contains("the same settings"), "\(refused.errors)")
    }
}
