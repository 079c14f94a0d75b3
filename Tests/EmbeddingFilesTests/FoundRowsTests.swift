import Foundation
import LinearAlgebra
import Testing

@testable import EmbeddingFiles

/// Rows as they come: clusters, filters, samples, answers that are no texts (cases 10 to 14, 19 to 26 and their kind).
@Suite("Rows as they come")
struct FoundRowsTests {
    private let set = QuestionSet()

    private func table(_ folder: TemporaryFolder, group: String? = nil, _ further: (QuestionSet.Row) -> [String: Any]) throws -> SampleTable
    {
        let text = set.jsonLines { row in
            ["id": row.id, "question": row.question, "answer": row.answer, "reference": row.reference].merging(further(row)) { _, new in new
            }
        }
        return try readSampleTable(SampleSource(bundle: try folder.write("a.jsonl", text), groupKey: group))
    }

    @Test("The image under any key that repeats is the cluster", arguments: ["input_media", "image_path", "Images", "picture", "quelle"])
    func images(_ key: String) throws {
        let folder = try TemporaryFolder()
        let found = try table(folder) { [key: [$0.image]] }
        let isKnown = key == "Images"
        #expect(found.groups == set.rows.map(\.image))
        #expect(found.notes.count == (isKnown ? 0 : 1))
        #expect(try table(folder, group: key) { [key: [$0.image]] }.groups == set.rows.map(\.image))
        // One for each row clusters nothing, unless the key says that it does.
        #expect((try table(folder) { [key: "\($0.id).png"] }.groups == nil) == !isKnown)
    }

    @Test("A number names a video or an image where its key says so", arguments: ["video_id", "img_idx", "Photo ID"])
    func numberedImages(_ key: String) throws {
        let folder = try TemporaryFolder()
        let numbers = Dictionary(zip(Set(set.rows.map(\.image)).sorted(), 0...)) { first, _ in first }
        #expect(try table(folder) { [key: numbers[$0.image] ?? 0] }.groups.map { Set($0).count } == numbers.count)
        #expect(try table(folder) { ["images": numbers[$0.image] ?? 0, "frame": numbers[$0.image] ?? 0] }.groups != nil)
        #expect(try table(folder) { ["frames": numbers[$0.image] ?? 0] }.groups == nil)
    }

    @Test("A modality that no row has is left out of the query, and the name of a role goes before a word for it")
    func whatNobodyMeant() throws {
        let folder = try TemporaryFolder()
        let plain = try table(folder) { _ in [:] }
        for nothing: Any in [NSNull(), [Double](), "", " "] {
            let found = try table(folder) { _ in ["visual": nothing] }
            #expect(found.modalities.map(\.name) == plain.modalities.map(\.name))
            #expect(
                found.notes.map { folder.trimmed($0.message) } == [
                    "a.jsonl: 'visual' is empty in all 12 rows: it was left out of the query"
                ])
        }
        let labelled = try table(folder) { _ in ["label": "other"] }
        #expect(labelled.reference.values == plain.reference.values)
        #expect(
            labelled.notes.map { folder.trimmed($0.message) } == [
                "a.jsonl: 'reference' was taken as the reference and not 'label'; --id-reference a.jsonl:label takes the other"
            ])
    }

    @Test("Words about an image are not the image", arguments: ["image_source", "image_width", "category"])
    func descriptions(_ key: String) throws {
        let folder = try TemporaryFolder()
        #expect(try table(folder) { [key: $0.image.count % 2 == 0 ? "coco" : "vg"] }.groups == nil)
    }

    @Test("An empty or missing image is no cluster, one for all rows neither")
    func noImage() throws {
        let folder = try TemporaryFolder()
        let half = try table(folder) { ["image": $0.id.hasSuffix("1") ? "" : $0.image] }
        #expect(half.groups.map { Set($0).count } == 8 && half.notes.count == 1)
        #expect(try table(folder) { _ in ["image": ""] }.groups == nil)
        #expect(try table(folder) { _ in ["image": [String]()] }.groups == nil)
        for image: Any in ["x.png", ["path": "x.png", "bytes": "AAAA"], ["x.png"]] {
            let one = try table(folder) { _ in ["image": image] }
            #expect(one.groups == nil)
            #expect(
                one.notes.map { folder.trimmed($0.message) } == [
                    "a.jsonl: 'image' is the same in all 12 rows that have any and groups nothing: it was left out"
                ])
        }
        let message = folder.message { () throws(EmbeddingFileError) in
            try readSampleTable(SampleSource(bundle: folder("a.jsonl"), groupKey: "image"))
        }
        #expect(message == "a.jsonl: key 'image': expected different values to group rows by, found one for all 12 rows that have any")
        // Words for nothing, as pandas and templates write them; of a cluster that is named so they are a name.
        for word in ["nan", "None", "N/A", "null", " ", "-", "<NA>"] {
            let found = try table(folder) { ["image": $0.id.hasSuffix("1") ? word : $0.image] }
            #expect(found.groups == half.groups, "\(word)")
            let cluster = try table(folder) { ["cluster": $0.id.hasSuffix("1") ? word : $0.image] }
            #expect((cluster.groups.map { Set($0).count } == half.groups.map { Set($0).count }) == (word == " "), "\(word)")
        }
        let nameless = try table(folder) { _ in ["id": ""] }
        #expect(nameless.identifiers == nil && nameless.notes.count == 1)
    }

    @Test("Keys that nobody asked for are left out, whatever they hold, and those that look like data are mentioned")
    func otherKeys() throws {
        let folder = try TemporaryFolder()
        let plain = try table(folder) { _ in [:] }
        for value: Any in [[1, 2, 3, 4], [String](), ["a": 1], [["a": 1]], "text", 3, true] {
            let found = try table(folder) { _ in ["bbox": value] }
            #expect(found.modalities == plain.modalities && found.groups == nil && found.identifiers == plain.identifiers)
            #expect(found.notes.count == (value is String || value is Int || value is Bool ? 0 : 1))
        }
        let path = try folder.write(
            "n.jsonl",
            set.jsonLines {
                ["question": $0.question, "answer": $0.answer, "reference": $0.reference]
                    + ($0.id == "q-3" ? ["score": "n/a"] : ["score": 1])
            })
        let broken = try readSampleTable(SampleSource(bundle: path))
        #expect(broken.scores == nil && broken.unusable["score"] != nil)
        #expect(
            broken.notes.map { folder.trimmed($0.message) } == [
                "n.jsonl: line 4, key 'score': expected a number, as in the rows before, found a text: 'score' was left out"
            ])
    }

    @Test("Vectors are a modality where they are named, have the name of one, or are the only ones")
    func vectors() throws {
        let folder = try TemporaryFolder()
        func names(_ keys: [String], selected: [String]? = nil, text: Bool = true) throws -> [String] {
            let lines = (0..<3).map { row in
                let vectors = keys.map { "\"\($0)\": [\(row), 1]" } + (text ? ["\"question\": \"q\(row)\""] : [])
                return "{\(vectors.joined(separator: ", ")), \"answer\": \"a\(row)\", \"reference\": \"r\(row)\"}\n"
            }
            return try readSampleTable(SampleSource(bundle: try folder.write("v.jsonl", lines.joined()), selectedModalities: selected))
                .modalities.map(\.name)
        }
        #expect(try names(["bbox"]) == ["text"])
        #expect(try names(["bbox"], selected: ["text", "bbox"]) == ["text", "bbox"])
        #expect(try names(["audio", "x_scene", "thing_emb"]) == ["text", "audio", "scene", "thing"])
        #expect(try names(["clip"], text: false) == ["clip"])
        #expect(
            folder.message { () throws(EmbeddingFileError) in
                do { return try names(["a", "b"], text: false) } catch { throw error as? EmbeddingFileError ?? .emptyFile(.init("")) }
            } == "v.jsonl: expected a modality, such as 'visual' or 'text', found 'a', 'b', 'answer' and 'reference'")
    }

    @Test("Answers are numbers, truth values, lists of one, nothing; several references and several samples are kept")
    func answers() throws {
        let folder = try TemporaryFolder()
        let values = ["3", "0.5", "true", "[\"x\"]", "null", "[]", "\"y\"", "[[\"z\"]]"]
        let text = values.enumerated().map { "{\"question\": \"q\($0)\", \"answer\": \($1), \"reference\": [\"r\($0)\", \"s\"]}\n" }
            .joined()
        let found = try readSampleTable(SampleSource(bundle: try folder.write("a.jsonl", text)))
        #expect(found.response.values == .texts(["3", "0.5", "true", "x", "", "", "y", "z"]))
        #expect(found.reference.values == .texts((0..<8).map { "r\($0)" }) && found.reference.several[2] == ["r2", "s"])
        #expect(found.notes.map(\.code) == [nil, nil, "empty_text"])
        let samples =
            "{\"doc_id\": 4, \"input\": \"p\", \"target\": \"['a', \\\"b's\\\"]\", \"filtered_resps\": [[\"u\", \"v\"]], \"resps\": []}\n"
            + "{\"doc_id\": 5, \"input\": \"q\", \"target\": \"c\", \"filtered_resps\": [], \"resps\": []}\n"
        let log = try readSampleTable(SampleSource(bundle: try folder.write("s.jsonl", samples)))
        #expect(log.response.values == .texts(["u", "v", ""]) && log.identifiers == ["4", "4", "5"])
        #expect(log.modalities[0].values == .texts(["p", "p", "q"]))
        #expect(log.reference.several == [0: ["a", "b's"], 1: ["a", "b's"]])
        // VQAv2's ten answers are objects.
        let vqa =
            "{\"question\": \"q\", \"answer\": \"a\", \"reference\": [{\"answer\": \"net\", \"answer_id\": 1}, {\"answer\": \"nets\", \"answer_id\": 2}]}\n"
        #expect(try readSampleTable(SampleSource(bundle: try folder.write("v.jsonl", vqa))).reference.several[0] == ["net", "nets"])
    }

    @Test("Of several filters one is taken and named")
    func filters() throws {
        let folder = try TemporaryFolder()
        let text = ["strict", "flexible", "none"].flatMap { filter in
            set.rows.enumerated().map { index, row in
                let answer = filter == "strict" && index < 5 ? "[invalid]" : row.answer
                return set.json([
                    "doc_id": row.id, "input": row.question, "target": row.reference, "filtered_resps": [answer], "filter": filter,
                ]) + "\n"
            }
        }.joined()
        let found = try readSampleTable(SampleSource(bundle: try folder.write("s.jsonl", text)))
        #expect(found.rowCount == 12 && found.response.values == .texts(set.rows.map(\.answer)))
        #expect(found.notes.count == 1 && found.notes[0].message.contains("'flexible' were taken, not those of 'strict', 'none'"))
    }

    @Test("Choices that were scored are read as the likeliest one beside the right one")
    func choices() throws {
        let folder = try TemporaryFolder()
        let lines = [
            #"{"doc_id": 0, "target": 1, "arguments": [["Q: a\nA:", " red"], ["Q: a\nA:", " blue"]], "resps": [[[-3.0, false]], [[-1.0, true]]], "filtered_resps": [[-3.0, false], [-1.0, true]]}"#,
            #"{"doc_id": 1, "target": "0", "arguments": {"gen_args_0": {"arg_0": "Q: b", "arg_1": " x"}, "gen_args_1": {"arg_0": "Q: b", "arg_1": " y"}}, "filtered_resps": [["-9.5", "False"], ["-2.5", "False"]]}"#,
        ]
        let found = try readSampleTable(SampleSource(bundle: try folder.write("s.jsonl", lines.joined(separator: "\n"))))
        #expect(found.modalities[0].values == .texts(["Q: a\nA:", "Q: b"]) && found.identifiers == ["0", "1"])
        #expect(found.response.values == .texts(["blue", "y"]) && found.reference.values == .texts(["blue", "x"]))
    }

    @Test("A folder of numbered parts is one array wherever a file is expected; one of Arrow says what to do")
    func folders() throws {
        let folder = try TemporaryFolder()
        for part in 0..<3 { try folder.write("clip/img_emb/img_emb_\(part).npy", npy(floats: [[Float(part)], [9]])) }
        #expect(try readColumn(folder("clip/img_emb"), preferring: ["x"]).values == .vectors(Matrix(rows: [[0], [9], [1], [9], [2], [9]])))
        try folder.write("hf/state.json", "{}")
        try folder.write("hf/data-00000-of-00001.arrow", "ARROW1")
        let reads: [() throws -> Void] = [
            { _ = try readSampleTable(SampleSource(bundle: folder("hf"))) }, { _ = try inspectFile(folder("hf")) },
        ]
        for read in reads {
            let error = #expect(throws: EmbeddingFileError.self, performing: read)
            #expect(error?.description.contains("data-00000-of-00001.arrow") == true)
            #expect(error?.hint?.contains("load_from_disk") == true)
        }
        let ids = try folder.write(
            "o.npz",
            npz([
                "text": npy(floats: [[1], [2]]), "response": npy(floats: [[1], [2]]), "reference": npy(floats: [[1], [2]]),
                "ids": npy("|O", "(2,)", [0x80]),
            ]))
        do throws(EmbeddingFileError) {
            _ = try readSampleTable(SampleSource(bundle: ids))
            Issue.record("no error")
        } catch {
            #expect(error.hint?.contains("ids=numpy.array(names).astype(str)") == true)
        }
    }
}

private func + (a: [String: Any], b: [String: Any]) -> [String: Any] { a.merging(b) { _, new in new } }
