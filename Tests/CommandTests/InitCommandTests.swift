import Foundation
import Testing

@Suite struct InitCommandTests {
    @Test func aFolderBecomesAManifestThatRuns() throws {
        let folder = try TemporaryFolder()
        let digits = Program.project.appending(path: "Fixtures/digits").path
        for name in ["clean", "frost_3", "sr_4", "frost_3_sr_4", "id_German"] {
            try FileManager.default.copyItem(atPath: "\(digits)/\(name).npz", toPath: folder.path("\(name).npz"))
        }
        _ = try folder.file("notes.txt", "nothing")
        _ = try folder.file("scores.csv", "name,score\nclean,1\nfrost_3,0.9\nnobody,0.5\n")
        let output = folder.path("m.yaml")
        let outcome = try Program.run(["init", folder.url.path, "--set-scores", folder.path("scores.csv"), "-o", output])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
            outcome.errors.contains("clean as the ID set, 4 scenarios") && outcome.errors.contains("nobody")
                && outcome.errors.contains("no score for"))
        let text = try String(contentsOfFile: output, encoding: .utf8)
        #expect(text.contains("{ name: frost_3_sr_4, kind: joint, data: frost_3_sr_4.npz }"))
        #expect(text.contains("{ name: frost_3, kind: visual, data: frost_3.npz, score: 0.9 }"))
        #expect(text.contains("{ name: id_German, kind: natural-text,"))
        #expect(try Program.run(["batch", output, "--permutations", "0"]).status == 0)
        #expect(try Program.run(["init", folder.url.path, "-o", output]).status == 2)
        #expect(try Program.run(["init", folder.url.path, "-o", output, "--force", "--id", "sr_4"]).status == 0)
    }

    @Test func filesOfSeveralModelsAreAManifestEach() throws {
        let folder = try TemporaryFolder()
        for model in ["llava-7b", "qwen"] {
            for (place, name) in ["coco", "coco_Hindi", "coco_frost_3"].enumerated() {
                let lines = (0..<40).map { row in
                    let answer = (row + place) % 5 == 0 ? "no" : "thing \(row * 7 % 11) of \(row)"
                    return
                        "{\"question_id\": \(row), \"prompt\": \"what is \(row)?\", \"text\": \"\(answer)\", \"model_id\": \"\(model)\"}\n"
                }
                _ = try folder.file("\(model)_\(name).jsonl", lines.joined())
                let reviews = (0..<40).map { "{\"question_id\": \($0), \"tuple\": [8, \(6 - place)]}\n" }
                _ = try folder.file("\(model)_\(name)_review.jsonl", reviews.joined())
            }
        }
        let references = (0..<40).map { "{\"question_id\": \($0), \"reference\": \"thing \($0 * 7 % 11) of \($0)\"}\n" }
        let reference = try folder.file("gold.jsonl", references.joined())
        for model in ["llava-7b", "qwen"] {
            let manifest = folder.path("\(model).yaml")
            let made = try Program.run(["init", folder.url.path, "--model", "\(model)_*", "--reference", reference, "-o", manifest])
            #expect(made.status == 0 && made.errors.contains("coco as the ID set, 2 scenarios"), "\(made.errors)")
            let text = try String(contentsOfFile: manifest, encoding: .utf8)
            #expect(text.contains("name: coco_frost_3, kind: visual,") && text.contains("\(model)_coco_Hindi_review.jsonl"))
            let run = try Program.run(["batch", manifest, "--estimator", "club-kernel", "--permutations", "0", "--format", "json"])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.contains("\"score\" : 75") && run.output.contains("\"score\" : 50"))
        }
        #expect(try Program.run(["init", folder.url.path, "--model", "gpt_*"]).status == 2)
    }

    @Test func everyNamedScoreIsComparedWithEMI() throws {
        let folder = try TemporaryFolder()
        let digits = Program.project.appending(path: "Fixtures/digits").path
        let entries = [("frost_3", 0.5), ("frost_5", 0.3), ("sr_4", 0.6), ("KeyboardAug_3", 0.7)].map {
            "  - { name: \($0.0), data: \(digits)/\($0.0).npz, score: \($0.1), scores: { f1: \($0.1), accuracy: \(1 - $0.1) } }\n"
        }
        func manifest(_ id: String) throws -> String {
            try folder.file(
                "m.yaml", "version: 1\nid: { data: \(digits)/clean.npz, score: 0.9, \(id) }\nscenarios:\n" + entries.joined())
        }
        let run = try Program.run([
            "batch", try manifest("scores: { f1: 0.9, accuracy: 0.1 }"), "--estimator", "club-kernel", "--permutations", "0", "--format",
            "json",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let summary = try #require(report["summary"] as? [String: Any])
        let scores = try #require(summary["scores"] as? [String: [String: [String: Any]]])
        func pearson(_ found: Any?) -> Double? { (found as? [String: Any])?["pearson"] as? Double }
        let plain = try #require(pearson(summary["emi_vs_score"]))
        // The same numbers under a name, and their complement with the sign turned.
        #expect(abs(try #require(pearson(scores["f1"]?["emi_vs_score"])) - plain) < 1e-12)
        #expect(abs(try #require(pearson(scores["accuracy"]?["emi_vs_score"])) + plain) < 1e-9)
        #expect((scores["f1"]?["emi_vs_score"]?["count"] as? Int) == 5)
        let scenario = try #require((report["scenarios"] as? [[String: Any]])?.first)
        #expect((scenario["scores"] as? [String: Double])?["f1"] == 0.5 && scenario["modalities"] as? [String] == ["visual", "text"])
        let wrong = try Program.run(["batch", try manifest("scores: { f1: high }")])
        #expect(wrong.status == 2 && wrong.errors.contains("id.scores.f1: expected a number, found 'high'"), "\(wrong.errors)")
    }

    @Test func foldersWithoutSetsAreRefused() throws {
        let folder = try TemporaryFolder()
        for (arguments, expected) in [
            ([folder.url.path], "expected files with responses"), ([folder.path("no")], "expected a folder of sets, found nothing"),
            (["README.md"], "expected a folder of sets, found a file"),
            (["Fixtures/digits", "--id", "claen"], "did you mean 'clean'?"),
            (["Fixtures/digits", "--set-scores", "README.md"], "expected a column 'name'"),
        ] {
            let outcome = try Program.run(["init"] + arguments)
            #expect(outcome.status == 2 && outcome.errors.contains(expected), "\(outcome.errors)")
        }
    }
}
