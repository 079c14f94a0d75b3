import Testing

@testable import EmbeddingFiles

@Suite("Inspection of what is no sample")
struct InspectionOfOthersTests {
    @Test("Keys of JSON lines that hold no column are listed as not used")
    func unusedKeys() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "answers.jsonl",
            """
            {"question_id": 0, "prompt": "a", "text": "b", "metadata": {}, "tags": ["x"], "category": null}
            {"question_id": 1, "prompt": "c", "text": "d", "metadata": {"k": [1]}, "tags": [], "category": "y"}
            """)
        let summary = try inspectFile(path)
        #expect(summary.problems == [])
        #expect(summary.arrays.map(\.name) == ["question_id", "prompt", "text", "metadata", "tags", "category"])
        #expect(summary.arrays.map(\.role) == ["id", "text", "response", nil, nil, nil])
        #expect(summary.arrays.suffix(3).map(\.dtype) == ["object", "array", "text"])
        // Asked for by name it is still an error, and so is a key that has a meaning.
        let message = folder.message { () throws(EmbeddingFileError) in try readColumn(path + ":metadata") }
        #expect(message == "answers.jsonl: line 1, key 'metadata': expected a vector, a text or a number, found an object")
        let wrong = try inspectFile(try folder.write("wrong.jsonl", #"{"text": "a", "response": {"b": 1}}"#))
        #expect(
            wrong.problems.map(folder.trimmed) == [
                "wrong.jsonl: line 1, key 'response': expected a text, a number or a list of texts, found an object",
                "wrong.jsonl: key 'text': expected at least one row, found the shape (0,)",
                "wrong.jsonl: key 'response': expected at least one row, found the shape (0,)",
            ])
    }

    @Test("Vectors among the samples of an evaluation harness are no modality, and can be read by name")
    func harnessVectors() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "samples.jsonl",
            """
            {"doc_id": 1, "target": "a", "resps": [["b"]], "arguments": [["q"]], "emb": [1, 2]}
            {"doc_id": 2, "target": "a", "resps": [["c"]], "arguments": [["r"]], "emb": [3, 4]}
            """)
        let summary = try inspectFile(path)
        #expect(summary.problems == [] && summary.arrays.last?.name == "emb" && summary.arrays.last?.role == nil)
        #expect(try readColumn(path + ":emb").values.width == 2)
    }

    @Test("A saved fit and weights of a network say what they are")
    func contents() throws {
        let folder = try TemporaryFolder()
        func file(_ name: String, _ names: [String], metadata: String = "") throws -> FileSummary {
            let tensors = names.enumerated().map {
                "\"\($1)\":{\"dtype\":\"U8\",\"shape\":[1,2],\"data_offsets\":[\(2 * $0),\(2 * $0 + 2)]}"
            }
            let header = "{" + ([metadata].filter { !$0.isEmpty } + tensors).joined(separator: ",") + "}"
            return try inspectFile(try folder.write(name, safetensors(header, [UInt8](repeating: 0, count: 2 * names.count))))
        }
        let fit = try file("fit.safetensors", ["basis", "center"], metadata: #""__metadata__":{"emi_fit_version":"1"}"#)
        #expect(fit.content == "a fit saved by --save-fit (version 1), no samples; apply it with --fit")
        #expect(fit.arrays.allSatisfy { $0.role == nil } && fit.problems == [])
        let club = try file("club.safetensors", ["p_mu.0.weight", "p_mu.0.bias", "p_logvar.0.weight"])
        #expect(club.content == "weights of club-network, no samples; use them with --weights")
        let other = try file("net.safetensors", ["layer.weight", "layer.bias", "step"])
        #expect(other.content == "weights of a network, no samples")
        let samples = try file("set.safetensors", ["visual", "reference", "response"])
        #expect(samples.content == nil && samples.arrays[0].role == "visual")
    }

    @Test("Norms of very large and very small rows are those that they have")
    func norms() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.jsonl", "{\"text\": [3e200, 4e200]}\n{\"text\": [3e-200, 4e-200]}\n{\"text\": [1e308, 0]}\n")
        let statistics = try #require(try inspectFile(path).arrays.first?.statistics)
        #expect(statistics.zeroRowCount == 0 && statistics.normMaximum == 1e308)
        #expect(abs((statistics.normMinimum ?? 0) / 5e-200 - 1) < 1e-14)
        #expect(abs((statistics.normMean ?? 0) / (1e308 / 3) - 1) < 1e-14)
    }
}
