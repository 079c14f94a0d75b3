import Foundation
import Testing

@testable import EmbeddingFiles

@Suite("Published data", .enabled(if: SharedData.exists, "no folder 'shared' beside the project; set EMI_SHARED"))
struct SharedDataTests {
    @Test("The golden sets have their arrays", arguments: [("id", 90), ("ood_equal", 90), ("ood_60", 60), ("ood_30", 30)])
    func golden(_ name: String, _ rows: Int) throws {
        let table = try readSampleTable(SampleSource(bundle: "\(SharedData.path)/golden/\(name).npz"))
        #expect(table.rowCount == rows && table.name == name)
        #expect(table.modalities.map(\.name) == ["visual", "text"])
        #expect((table.modalities + [table.response, table.reference]).allSatisfy { $0.values.width == 768 })
    }

    @Test("The published weights have their shapes")
    func weights() throws {
        let (arrays, metadata) = try readSafetensors("\(SharedData.path)/golden/club_global.safetensors")
        #expect(metadata.isEmpty)
        #expect(
            arrays.map(\.name) == [
                "p_logvar.0.bias", "p_logvar.0.weight", "p_logvar.2.bias", "p_logvar.2.weight", "p_mu.0.bias",
                "p_mu.0.weight", "p_mu.2.bias", "p_mu.2.weight",
            ])
        #expect(arrays.map(\.shape) == [[250], [250, 768], [768], [768, 250], [250], [250, 768], [768], [768, 250]])
    }

    @Test("All 49 answer files of LLaVA have 90 or 60 rows and join the references")
    func answers() throws {
        let files = SharedData.files("llava-bench/responses", ending: ".jsonl")
        #expect(files.count == 49)
        for file in files {
            let rows = file.contains("in_the_wild") ? 60 : 90
            let source = SampleSource(bundle: file, reference: "\(SharedData.path)/llava-bench/reference_coco_gpt4.jsonl")
            let table = try readSampleTable(source)
            #expect(table.rowCount == rows, "\(file)")
            #expect(table.identifiers == (0..<rows).map(String.init), "\(file)")
            #expect(table.notes.count == (rows == 90 ? 0 : 1), "\(file)")
        }
    }

    @Test("Answers agree with JSONSerialization, character by character")
    func texts() throws {
        for name in ["llava_bench_coco", "llava_bench_coco_Hindi", "llava_bench_in_the_wild_Arabic"] {
            let path = "\(SharedData.path)/llava-bench/responses/\(name).jsonl"
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            let objects = try lines.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
            #expect(try readColumn(path + ":text").values == .texts(objects.map { $0?["text"] as? String ?? "?" }))
            #expect(try readColumn(path + ":prompt").values == .texts(objects.map { $0?["prompt"] as? String ?? "?" }))
        }
    }

    @Test("The embeddings of the 35 synthetic sets are read")
    func embeddings() throws {
        let files = SharedData.files("llava-bench/embeddings", ending: ".npz")
        #expect(files.count == 35)
        for file in files {
            let table = try readSampleTable(SampleSource(bundle: file))
            #expect(table.rowCount == 90 && table.response.values.width == 384, "\(file)")
        }
    }

    @Test("The tasks of the MI benchmark have x and y")
    func tasks() throws {
        let files = SharedData.files("mi-tasks", ending: ".npz")
        #expect(files.count == 13)
        for file in files {
            #expect(try readColumn(file + ":x").values.rowCount == 2000)
            #expect(try readColumn(file, preferring: ["y"]).key == "y")
        }
    }
}
