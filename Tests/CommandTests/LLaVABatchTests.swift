import Foundation
import Testing

@Suite struct LLaVABatchTests {
    private static let shared = Program.project.appending(path: "../shared/llava-bench").standardizedFileURL
    private static var isThere: Bool { FileManager.default.fileExists(atPath: shared.path) }

    /// The 34 synthetic shifts of LLaVA-Bench from one manifest, as embeddings and as raw answers.
    @Test(.enabled(if: isThere, "../shared/llava-bench is not there"), arguments: [false, true])
    func all34ScenariosRunFromOneManifest(_ raw: Bool) throws {
        let folder = try TemporaryFolder()
        let sets = Self.shared.appending(path: raw ? "responses" : "embeddings")
        let synthetic = try FileManager.default.contentsOfDirectory(atPath: sets.path).filter { name in
            !["wild", "English", "German", "Chinese", "Korean", "Greek", "Arabic", "Hindi"].contains { name.contains($0) }
        }
        for name in synthetic {
            try FileManager.default.createSymbolicLink(
                at: folder.url.appending(path: name), withDestinationURL: sets.appending(path: name))
        }
        let manifest = folder.path("m.yaml")
        let reference = raw ? ["--reference", Self.shared.appending(path: "reference_coco_gpt4.jsonl").path] : []
        let made = try Program.run(["init", folder.url.path, "-o", manifest] + reference)
        #expect(made.status == 0 && made.errors.contains("llava_bench_coco as the ID set, 34 scenarios"), "\(made.errors)")
        let outcome = try Program.run(["batch", manifest, "--permutations", "0", "--format", "json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let scenarios = try #require(report["scenarios"] as? [[String: Any]])
        #expect(scenarios.count == 34 && scenarios.allSatisfy { $0["sample_count"] as? Int == 90 })
        let kinds = try #require((report["summary"] as? [String: Any])?["by_kind"] as? [[String: Any]])
        #expect(kinds.map { $0["count"] as? Int ?? 0 } == [24, 4, 6])
    }
}
