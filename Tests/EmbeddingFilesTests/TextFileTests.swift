import LinearAlgebra
import Testing

@testable import EmbeddingFiles

@Suite("JSON lines")
struct JSONLinesTests {
    private func table(_ text: String, _ folder: TemporaryFolder) throws -> SampleTable {
        try readSampleTable(SampleSource(bundle: try folder.write("set.jsonl", text)))
    }

    @Test("Vectors, texts, identifiers, groups, scores; nested values and unknown keys are passed over")
    func mixed() throws {
        let text = """
            \u{FEFF}{"id": 7, "image": "a.jpg", "visual": [1, 2.5e0], "prompt": "what?", "response": [0.5], "reference": [1], \
            "meta": {"x": [1, {"y": "}"}]}, "score": 0.5, "log_prob": -1.25, "note": null}\r

            {"reference": [2], "response": [-0.25], "prompt": "wh\\u00e9n?", "visual": [3, -4], "image": "b.jpg", "id": 123456789012345678, \
            "score": true, "log_prob": -2, "other": [9, 9]}

            """
        let folder = try TemporaryFolder()
        let table = try table(text, folder)
        #expect(table.modalities.map(\.name) == ["visual", "text"])
        #expect(table.modalities[0].values == .vectors(Matrix(rows: [[1, 2.5], [3, -4]])))
        #expect(table.modalities[1].values == .texts(["what?", "whén?"]))
        #expect(table.response.values == .vectors(Matrix(rows: [[0.5], [-0.25]])))
        #expect(table.reference.values == .vectors(Matrix(rows: [[1], [2]])))
        #expect(table.identifiers == ["7", "123456789012345678"])
        #expect(table.groups == ["a.jpg", "b.jpg"])
        #expect(table.scores == [0.5, 1])
        #expect(table.logProbabilities == [-1.25, -2])
    }

    @Test("LLaVA's answers join their references by question_id, in any order, and surplus references are noted")
    func llava() throws {
        let folder = try TemporaryFolder()
        let answers = try folder.write(
            "answers.jsonl",
            """
            {"question_id": 1, "prompt": "p1", "text": "a1", "answer_id": "x", "model_id": "m", "metadata": {}}
            {"question_id": 0, "prompt": "p0", "text": "a0", "answer_id": "y", "model_id": "m", "metadata": {}}
            """)
        let references = try folder.write(
            "gpt4.jsonl",
            """
            {"question_id": 0, "text": "r0", "category": "conv"}
            {"question_id": 1, "text": "r1", "category": "detail"}
            {"question_id": 2, "text": "r2", "category": "conv"}
            """)
        let table = try readSampleTable(SampleSource(bundle: answers, reference: references))
        #expect(table.modalities == [Column(name: "text", values: .texts(["p1", "p0"]), file: answers, key: "prompt")])
        #expect(table.response.values == .texts(["a1", "a0"]))
        #expect(table.reference == Column(name: "reference", values: .texts(["r1", "r0"]), file: references, key: "text"))
        #expect(table.identifiers == ["1", "0"])
        #expect(table.files == [answers, references])
        #expect(
            table.notes.map { folder.trimmed($0.message) } == [
                "gpt4.jsonl: 1 of 3 references have no response in answers.jsonl and were left out"
            ])
        let grouped = try readSampleTable(SampleSource(bundle: answers, reference: references, groupKey: "category"))
        #expect(grouped.groups == ["detail", "conv"])
    }

    @Test("lmms-eval samples: target, filtered_resps, and the query in input")
    func lmmsEval() throws {
        let line = """
            {"doc_id": 3, "target": "cat", "filtered_resps": ["a cat"], "doc_hash": "d0", "exact_match": 1.0, \
            "mme_score": {"question_id": "q", "score": 1.0}, "input": "What is it?", "label": [1, 2]}
            """
        let folder = try TemporaryFolder()
        let table = try table(line, folder)
        #expect(table.modalities.map(\.values) == [.texts(["What is it?"])])
        #expect(table.response.values == .texts(["a cat"]))
        #expect(table.reference.values == .texts(["cat"]))
        #expect(table.identifiers == ["3"])
        #expect(table.scores == nil)
    }

    @Test("lm-evaluation-harness samples: nested responses and arguments, numbers as target")
    func harness() throws {
        let line = """
            {"doc_id": 0, "doc": {"q": "x"}, "target": 42, "arguments": {"gen_args_0": {"arg_0": "Q: 6 x 7?", "arg_1": {"until": ["."]}}}, \
            "resps": [["it is 42. So"]], "filtered_resps": ["42"], "prompt_hash": "h"}
            """
        let folder = try TemporaryFolder()
        let table = try table(line, folder)
        #expect(table.modalities.map(\.values) == [.texts(["Q: 6 x 7?"])])
        #expect(table.response.values == .texts(["42"]))
        #expect(table.reference.values == .texts(["42"]))
    }

    @Test("Texts under further keys are modalities when they are selected")
    func selected() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "set.jsonl", #"{"persona": "a pirate", "audio": [1, 2], "text": "q", "response": "a", "reference": "r"}"#)
        var source = SampleSource(bundle: path)
        #expect(try readSampleTable(source).modalities.map(\.name) == ["text", "audio"])
        source.selectedModalities = ["persona", "text"]
        #expect(try readSampleTable(source).modalities.map(\.name) == ["text", "persona"])
    }
}

@Suite("Comma- and tab-separated text")
struct DelimitedTextTests {
    @Test("Quotes, doubled quotes, line ends and separators in fields, a byte order mark, CRLF")
    func quoting() throws {
        let text = "\u{FEFF}id,text,response,\"reference\"\r\n1,\"a, \"\"b\"\"\r\nc\",\"\",x\r\n\r\n2, d ,e,\"f\"\r\n"
        let folder = try TemporaryFolder()
        let table = try readSampleTable(SampleSource(bundle: try folder.write("set.csv", text)))
        #expect(table.modalities[0].values == .texts(["a, \"b\"\r\nc", " d "]))
        #expect(table.response.values == .texts(["", "e"]))
        #expect(table.reference.values == .texts(["x", "f"]))
        #expect(table.identifiers == ["1", "2"])
    }

    @Test(
        "Numbered columns are vectors, in the order of their numbers",
        arguments: ["visual_1,visual_0,visual_2", "visual.2,visual.1,visual.3", "visual[1],visual[0],visual[2]"])
    func vectors(_ names: String) throws {
        let text = "\(names),response,reference,score,page_7\n2,1,3e0,a,b,0.5,4\n5,4,-.5,c,d,1,5"
            .replacing(",", with: "\t")
        let folder = try TemporaryFolder()
        let table = try readSampleTable(SampleSource(bundle: try folder.write("set.tsv", text)))
        #expect(table.modalities.map(\.key) == ["visual"])
        #expect(table.modalities[0].values == .vectors(Matrix(rows: [[1, 2, 3], [4, 5, -0.5]])))
        #expect(table.scores == [0.5, 1])
    }

    @Test("A column of numbers is numbers for the primitives and text for a set")
    func numbers() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("set.csv", "text,response,reference\nq,1,2\nr,3,4\n")
        #expect(try readColumn(path + ":response").values == .vectors(Matrix(rows: [[1], [3]])))
        #expect(try readSampleTable(SampleSource(bundle: path)).response.values == .texts(["1", "3"]))
        #expect(try readArrays(path).map(\.name) == ["response", "reference"])
    }
}
