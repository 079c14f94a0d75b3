import Testing

@testable import EmbeddingFiles

@Suite("The same set in the forms of other programs")
struct PublicFormTests {
    private let set = QuestionSet()

    @Test(
        "Every form gives the same rows, whatever their order and whatever the ids are called", arguments: PublicForms.all.keys.sorted(),
        [false, true])
    func forms(_ name: String, _ isShuffled: Bool) throws {
        let folder = try TemporaryFolder()
        let make = try #require(PublicForms.all[name])
        let source = try make(isShuffled ? set.shuffled : set, folder)
        let table = try readSampleTable(source)
        let order = try #require(table.identifiers)
        #expect(Set(order) == Set(set.rows.map(\.id)) && order.count == set.rows.count)
        let rows = Dictionary(uniqueKeysWithValues: set.rows.map { ($0.id, $0) })
        #expect(table.modalities.map(\.name) == ["text"])
        #expect(table.modalities[0].values == .texts(order.compactMap { rows[$0]?.question }))
        #expect(table.response.values == .texts(order.compactMap { rows[$0]?.answer }))
        #expect(table.reference.values == .texts(order.compactMap { rows[$0]?.reference }))
        #expect(table.reference.several.isEmpty)
    }

    @Test("A form is known by its bytes where a pipe has no name, and a name in capitals is one")
    func names() throws {
        let folder = try TemporaryFolder()
        let text = set.jsonLines { ["id": $0.id, "question": $0.question, "answer": $0.answer, "reference": $0.reference] }
        let table = try readSampleTable(SampleSource(bundle: try folder.write("A.JSONL.GZ", gzip(text))))
        #expect(table.rowCount == 12 && table.name == "A")
    }

    @Test("Damaged archives and texts of every form are sentences")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let columns: KeyValuePairs<String, (QuestionSet.Row) -> String> = [
            "question": \.question, "answer": \.reference, "prediction": \.answer,
        ]
        var whole: [(String, [UInt8])] = [("a.xlsx", set.workbook(columns)), ("a.eval", set.inspectArchive)]
        whole.append(("a.jsonl.gz", gzip(set.jsonLines { ["question": $0.question] })))
        for (name, bytes) in whole {
            for count in stride(from: 1, to: bytes.count, by: max(1, bytes.count / 40)) {
                let path = try folder.write(name, Array(bytes.prefix(count)))
                #expect(throws: EmbeddingFileError.self) { () throws(EmbeddingFileError) in try readSampleTable(SampleSource(bundle: path))
                }
            }
        }
        let messages = try [
            ("b.json", "[{\"a\": 1}, 2]"), ("b.json", "[{\"a\": 1}"), ("b.json", "3"), ("b.jsonl.gz", "no gzip"),
            ("b.json", "{\"columns\": [\"a\", \"b\"], \"data\": [[1]]}"),
        ].map { name, text in
            let path = try folder.write(name, text)
            return folder.message { () throws(EmbeddingFileError) in try readSampleTable(SampleSource(bundle: path)) }
        }
        #expect(
            messages == [
                "b.json: expected a list of objects, found a number", "b.json: expected ',' or ']' in a list, found the end of the text",
                "b.json: expected a list of objects, found a number", "b.jsonl.gz: line 1: expected a JSON object, found 'n'",
                "b.json: expected 2 cells in row 0 (from 0), as 'columns' has names, found an array",
            ])
        let entity = zip([ZipMember(name: "xl/worksheets/sheet1.xml", data: Array("<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet/>".utf8))])
        let path = try folder.write("c.xlsx", entity)
        #expect(
            folder.message { () throws(EmbeddingFileError) in try readSampleTable(SampleSource(bundle: path)) }
                == "c.xlsx: array 'xl/worksheets/sheet1.xml': expected XML without a document type, found one")
    }
}

/// The forms in which other programs write a set.
enum PublicForms {
    /// The set as one file; each entry is a form that some program writes, with the rows in its order.
    static let all: [String: @Sendable (QuestionSet, TemporaryFolder) throws -> SampleSource] = [
        "jsonl": { set, folder in
            SampleSource(
                bundle: try folder.write(
                    "a.jsonl", set.jsonLines { ["id": $0.id, "question": $0.question, "answer": $0.answer, "reference": $0.reference] }))
        },
        "json": { set, folder in
            let rows = set.rows.map { ["uid": $0.id, "question": $0.question, "response": $0.answer, "reference": $0.reference] }
            return SampleSource(bundle: try folder.write("a.json", set.json(rows).replacing(",\"question\"", with: ",\n  \"question\"")))
        },
        "json of columns": { set, folder in
            let columns = [
                "qid": set.rows.map(\.id), "question": set.rows.map(\.question), "prediction": set.rows.map(\.answer),
                "answer": set.rows.map(\.reference),
            ]
            return SampleSource(bundle: try folder.write("a.json", set.json(columns)))
        },
        "json by id": { set, folder in
            let rows = Dictionary(
                uniqueKeysWithValues: set.rows.map { ($0.id, ["question": $0.question, "answer": $0.answer, "reference": $0.reference]) })
            return SampleSource(bundle: try folder.write("a.json", set.json(rows)))
        },
        "csv": { set, folder in
            let columns: KeyValuePairs<String, (QuestionSet.Row) -> String> = [
                "sample_id": \.id, "text": \.question, "response": \.answer, "reference": \.reference,
            ]
            return SampleSource(bundle: try folder.write("a.csv", set.delimited(",", columns)))
        },
        "VLMEvalKit tsv": { set, folder in
            let columns: KeyValuePairs<String, (QuestionSet.Row) -> String> = [
                "index": \.id, "question": \.question, "answer": \.reference, "prediction": \.answer,
            ]
            return SampleSource(bundle: try folder.write("a.tsv", set.delimited("\t", columns)))
        },
        "VLMEvalKit xlsx": { set, folder in
            let columns: KeyValuePairs<String, (QuestionSet.Row) -> String> = [
                "index": \.id, "question": \.question, "answer": \.reference, "prediction": \.answer,
            ]
            return SampleSource(bundle: try folder.write("a.xlsx", set.workbook(columns)))
        },
        "lmms-eval": { set, folder in
            SampleSource(
                bundle: try folder.write(
                    "a.jsonl",
                    set.jsonLines {
                        [
                            "doc_id": $0.id, "input": $0.question, "target": $0.reference, "filtered_resps": [$0.answer],
                            "resps": [[$0.answer]], "doc_hash": "x",
                        ]
                    }))
        },
        "lm-eval": { set, folder in
            SampleSource(
                bundle: try folder.write(
                    "a.jsonl.gz",
                    gzip(
                        set.jsonLines {
                            [
                                "doc_id": $0.id, "doc": ["q": $0.question], "target": [$0.reference], "filter": "none",
                                "filtered_resps": [$0.answer],
                                "arguments": ["gen_args_0": ["arg_0": $0.question, "arg_1": ["until": ["\n"]]]], "resps": [[$0.answer]],
                            ]
                        })))
        },
        "lmms-eval's old log": { set, folder in
            let logs = set.rows.map {
                ["doc_id": $0.id, "input": $0.question, "target": $0.reference, "resps": [[$0.answer]], "filtered_resps": [$0.answer]]
                    as [String: Any]
            }
            return SampleSource(
                bundle: try folder.write("a.json", set.json(["args": ["model": "m"], "logs": logs, "time": "t"] as [String: Any])))
        },
        "OpenAI batch": { set, folder in
            let output = set.jsonLines {
                [
                    "id": "r", "custom_id": $0.id, "error": [String](),
                    "response": ["status_code": 200, "body": ["choices": [["message": ["role": "assistant", "content": $0.answer]]]]]
                        as [String: Any],
                ]
            }
            let input = set.shuffled.jsonLines {
                [
                    "custom_id": $0.id, "method": "POST",
                    "body": ["model": "m", "messages": [["role": "user", "content": [["type": "text", "text": $0.question]]]]]
                        as [String: Any],
                ]
            }
            let references = set.jsonLines { ["custom_id": $0.id, "reference": $0.reference] }
            return SampleSource(
                modalities: [("text", try folder.write("in.jsonl", input))], response: try folder.write("out.jsonl", output),
                reference: try folder.write("ref.jsonl", references))
        },
        "chat": { set, folder in
            SampleSource(
                bundle: try folder.write(
                    "a.jsonl",
                    set.jsonLines {
                        [
                            "id": $0.id, "reference": $0.reference,
                            "messages": [["role": "user", "content": $0.question], ["role": "assistant", "content": $0.answer]],
                        ]
                    }))
        },
        "Inspect json": { set, folder in
            SampleSource(
                bundle: try folder.write(
                    "a.json",
                    set.json(["version": 2, "status": "success", "eval": ["task": "t"], "samples": set.inspectSamples] as [String: Any])))
        },
        "Inspect eval": { set, folder in SampleSource(bundle: try folder.write("a.eval", set.inspectArchive)) },
        "npz of texts": { set, folder in
            SampleSource(
                bundle: try folder.write(
                    "a.npz",
                    npz([
                        "id": set.texts(\.id), "question": set.texts(\.question), "response": set.texts(\.answer),
                        "reference": set.texts(\.reference),
                    ])))
        },
    ]
}

/// A gzip file that holds `text` uncompressed, in two members.
func gzip(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    let halves = [Array(bytes.prefix(bytes.count / 2)), Array(bytes.dropFirst(bytes.count / 2))]
    return halves.flatMap { half in
        [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] + deflated(half) + littleEndian(crc32(half)) + littleEndian(UInt32(half.count))
    }
}
