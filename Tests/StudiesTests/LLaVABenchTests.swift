import EmbeddingFiles
import Foundation
import Studies
import Testing

private let bench = Paths.shared.appending(path: "llava-bench")

/// The 34 synthetic scenarios of LLaVA-1.5-13B, by the names of their embedding files.
private let scenarios: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: bench.appending(path: "embeddings").path)) ?? []
    return files.map { $0.replacing(".npz", with: "") }.filter { $0 != "llava_bench_coco" }.sorted()
}()

@Suite(.enabled(if: Paths.exists(bench), "../shared/llava-bench is not here"))
struct LLaVABenchTests {
    private var settings: StudySettings {
        var settings = StudySettings()
        settings.permutations = 5
        return settings
    }

    private func expectComplete(_ result: Analysed) throws {
        let shift = try #require(result.shift)
        #expect(result.id.sampleCount == 90 && shift.ood.sampleCount == 90)
        #expect(shift.emid.value.isFinite && shift.emid.interval != nil)
        #expect(shift.discrepancies.modalities.map(\.name) == ["text"])
        #expect(
            shift.bounds.map(\.form) == (shift.discrepancies.joint.excess == nil ? [.channel] + BoundForm.entropyForms : BoundForm.allCases)
        )
    }

    @Test func thereAreThirtyFour() {
        #expect(scenarios.count == 34)
    }

    @Test(arguments: scenarios) func embeddingsRun(_ name: String) throws {
        let sets = studySets(
            ["llava_bench_coco", name].map { bench.appending(path: "embeddings/\($0).npz") })
        let result = try analyse(sets, settings: settings, threadCount: 2)
        try expectComplete(result)
        // The same questions under two conditions: rows are the same items, and the report says so.
        #expect(result.shift?.warnings.contains { $0.code == .pairedByReference } == true)
        #expect(result.shift?.ood.groupCount == 90)
    }

    @Test(arguments: scenarios) func rawAnswersRunAndNoRowIsLost(_ name: String) throws {
        let sets = studySets(
            ["llava_bench_coco", name].map { bench.appending(path: "responses/\($0).jsonl") },
            reference: bench.appending(path: "reference_coco_gpt4.jsonl"))
        #expect(try load(sets, settings: settings).allSatisfy { $0.set.rowCount == 90 && $0.set.identifiers?.count == 90 })
        try expectComplete(try analyse(sets, settings: settings, threadCount: 2))
    }

    @Test func theReferencesOfTheIDSetServeTheOODSet() throws {
        let sources = [
            SampleSource(
                bundle: bench.appending(path: "responses/llava_bench_coco.jsonl").path,
                reference: bench.appending(path: "reference_coco_gpt4.jsonl").path),
            SampleSource(bundle: bench.appending(path: "responses/llava_bench_coco_frost_5.jsonl").path),
        ]
        let sets = try load(sources.map { StudySet(source: $0) }, settings: settings)
        #expect(sets[0].set.reference == sets[1].set.reference)
        #expect(sets[0].set.response != sets[1].set.response)
    }
}
