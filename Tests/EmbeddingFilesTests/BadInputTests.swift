import Testing

@testable import EmbeddingFiles

@Suite("Bad input gets one sentence")
struct BadInputTests {
    @Test("of paths and folders", arguments: BadInput.paths)
    func paths(_ input: BadInput) throws { try check(input) }

    @Test("of npy files", arguments: BadInput.npyFiles)
    func npyFiles(_ input: BadInput) throws { try check(input) }

    @Test("of npz archives", arguments: BadInput.archives)
    func archives(_ input: BadInput) throws { try check(input) }

    @Test("of safetensors files", arguments: BadInput.safetensorsFiles)
    func safetensorsFiles(_ input: BadInput) throws { try check(input) }

    @Test("of JSON lines", arguments: BadInput.jsonLines)
    func jsonLines(_ input: BadInput) throws { try check(input) }

    @Test("of tables", arguments: BadInput.tables)
    func tables(_ input: BadInput) throws { try check(input) }

    @Test("of files that do not go together", arguments: BadInput.joins)
    func joins(_ input: BadInput) throws { try check(input) }

    private func check(_ input: BadInput) throws {
        let folder = try TemporaryFolder()
        let source = try input.source(folder)
        do throws(EmbeddingFileError) {
            let table = try readSampleTable(source)
            Issue.record("no error, but \(table)")
        } catch {
            let message = folder.trimmed(error.description)
            #expect(message == input.message)
            #expect(error.code == input.code)
            #expect(error.hint?.contains("\n") != true)
            #expect(!message.contains("\n") && message.contains(": expected ") && message.contains(", found "))
        }
    }

    @Test(
        "The hint says what to do",
        arguments: [
            ("model.pt", "x", "pickles are never executed: save with safetensors.torch.save_file or numpy.savez"),
            ("set.json", "[]", "the file was not written or copied to its end: make it again"),
            (
                "set.parquet", "x",
                "make JSON lines of it: python3 -c \"import pandas as p; p.read_parquet('set.parquet').to_json('set.jsonl', orient='records', lines=True)\""
            ),
            (
                "set.feather", "x",
                "make JSON lines of it: python3 -c \"import pandas as p; p.read_feather('set.feather').to_json('set.jsonl', orient='records', lines=True)\""
            ),
            (
                "set.arrow", "x",
                "make JSON lines of it: python3 -c \"import datasets as d; d.Dataset.from_file('set.arrow').to_json('set.jsonl')\""
            ),
            (
                "img.faiss", "x",
                "write its vectors as an array: python3 -c \"import faiss, numpy as n; i = faiss.read_index('img.faiss'); n.save('img.npy', i.reconstruct_n(0, i.ntotal))\""
            ),
            ("set.jsonl", "[1]", "the format is one JSON object on each line, or a list of such objects"),
            ("set.jsonl", "{\n\"a\": 1}", "each object stands whole on one line; from printed JSON make such lines with jq -c ."),
            (
                "set.csv", "text,response\na,b\n",
                "name the array one of reference, references, y, z_y, target, targets, ground_truth, gt, label, y_true, gold, or give it by --id-reference FILE"
            ),
            ("set.npy", "", "the file was not written or copied to its end: make it again"),
        ])
    func hints(_ name: String, _ text: String, _ hint: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(name, text)
        do throws(EmbeddingFileError) {
            let table = try readSampleTable(SampleSource(bundle: path))
            Issue.record("no error, but \(table)")
        } catch {
            #expect(error.hint.map(folder.trimmed) == hint)
        }
    }

    @Test("Every condition that a file can have has its own case here")
    func completeness() {
        let inputs =
            BadInput.paths + BadInput.npyFiles + BadInput.archives + BadInput.safetensorsFiles
            + BadInput.jsonLines + BadInput.tables + BadInput.joins
        let tested = Set(inputs.map(\.code))
        let elsewhere: Set = [
            "unreadable", "exceeds_memory", "missing_output_folder", "unwritable", "disk_full", "unwritable_array",
        ]
        #expect(tested.count + elsewhere.count == 45)
        #expect(tested.isDisjoint(with: elsewhere))
    }
}
