import LinearAlgebra
import Testing

@testable import EmbeddingFiles

@Suite("Sample sets")
struct SampleTableTests {
    @Test(
        "Aliases are resolved",
        arguments: [
            ["visual", "text", "response", "reference"], ["x_v", "x_t", "y_hat", "y"], ["z_v", "z_t", "z_yhat", "z_y"],
            ["image", "question", "answer", "target"], ["img_emb", "text_emb", "prediction", "ground_truth"],
            ["image_embeddings", "prompt", "y_theta", "label"], ["Visual", "TEXT", "response-embedding", "Reference"],
        ])
    func aliases(_ names: [String]) throws {
        let folder = try TemporaryFolder()
        let arrays = (0..<4).map { npy(floats: [[Float($0), 1]]) }
        let archive = npz([names[0]: arrays[0], names[1]: arrays[1], names[2]: arrays[2], names[3]: arrays[3]])
        let path = try folder.write("clean.npz", archive)
        let table = try readSampleTable(SampleSource(bundle: path))
        let expected = (0..<4).map { ColumnValues.vectors(Matrix(rows: [[Double($0), 1]])) }
        #expect(
            table.modalities == [
                Column(name: "visual", values: expected[0], file: path, key: names[0]),
                Column(name: "text", values: expected[1], file: path, key: names[1]),
            ])
        #expect(table.response == Column(name: "response", values: expected[2], file: path, key: names[2]))
        #expect(table.reference == Column(name: "reference", values: expected[3], file: path, key: names[3]))
        #expect(table.name == "clean" && table.files == [path] && table.notes == [])
    }

    @Test("Further vectors are modalities by name; other arrays are left out with a note; rows carry id, group, score")
    func further() throws {
        let folder = try TemporaryFolder()
        let one = npy(floats: [[1], [2]])
        let path = try folder.write(
            "set.npz",
            npz([
                "z_video": one, "audio_emb": one, "visual": one, "y_hat": one, "y": one,
                "seeds": npy("<i4", "(5,)", [UInt8](repeating: 0, count: 20)),
                "object": npy("|O", "(2,)", [0x80]), "question_id": npy("<i8", "(2,)", littleEndian(5) + littleEndian(6)),
                "image_id": npy(texts: ["a", "bb"]),
                "scores": npy("<f8", "(2,)", littleEndian(1.0.bitPattern) + littleEndian(0.5.bitPattern)),
                "log_prob": npy("<f8", "(2, 1)", littleEndian((-1.0).bitPattern) + littleEndian((-2.0).bitPattern)),
            ]))
        let table = try readSampleTable(SampleSource(bundle: path))
        #expect(table.modalities.map(\.name) == ["visual", "audio", "video"])
        #expect(table.identifiers == ["5", "6"] && table.groups == ["a", "bb"])
        #expect(table.scores == [1, 0.5] && table.logProbabilities == [-1, -2])
        #expect(
            table.notes.map { folder.trimmed($0.message) } == [
                "set.npz: array 'seeds' was left out, since it is neither a known role nor a vector for each row",
                "set.npz: array 'object' was left out, since it is neither a known role nor a vector for each row",
            ])
        let selected = try readSampleTable(SampleSource(bundle: path, selectedModalities: ["audio"]))
        #expect(selected.modalities.map(\.name) == ["audio"])
    }

    @Test("Identifiers of a safetensors file stand in its metadata")
    func safetensorsIdentifiers() throws {
        let folder = try TemporaryFolder()
        let names = ["visual", "response", "reference"]
        let entries = names.enumerated().map {
            "\"\($0.element)\":{\"dtype\":\"U8\",\"shape\":[2,1],\"data_offsets\":[\($0.offset * 2),\($0.offset * 2 + 2)]}"
        }
        let header = "{\"__metadata__\":{\"id\":\"[\\\"a\\\", 7]\",\"group\":\"[\\\"g\\\",\\\"h\\\"]\"},\(entries.joined(separator: ","))}"
        let table = try readSampleTable(
            SampleSource(bundle: try folder.write("s.safetensors", safetensors(header, [1, 2, 3, 4, 5, 6]))))
        #expect(table.identifiers == ["a", "7"] && table.groups == ["g", "h"])
    }

    @Test("A folder holds one file for each array; numbered parts are joined in the order of their numbers")
    func folders() throws {
        let folder = try TemporaryFolder()
        for part in 0..<11 { try folder.write("set.d/img_emb/img_emb_\(part).npy", npy(floats: [[Float(part)]])) }
        let rows = npy(floats: (0..<11).map { [Float($0)] })
        for name in ["text", "response", "reference"] { try folder.write("set.d/\(name).npy", rows) }
        try folder.write("set.d/readme.md", "x")
        let table = try readSampleTable(SampleSource(bundle: folder("set.d")))
        let expected = ColumnValues.vectors(Matrix(rows: (0..<11).map { [Double($0)] }))
        #expect(table.name == "set.d")
        #expect(table.modalities.map(\.name) == ["visual", "text"])
        #expect(table.modalities.allSatisfy { $0.values == expected })
        #expect(table.files.count == 14)
        #expect(folder.trimmed(table.files[1]) == "set.d/img_emb/img_emb_1.npy")
    }

    @Test("Single files replace columns of a bundle, and modalities come in one order")
    func flags() throws {
        let folder = try TemporaryFolder()
        let bundle = try folder.write("set.npz", goodBundle(rows: 2))
        let other = npy(floats: [[8], [9]])
        let audio = try folder.write("a.npy", other), text = try folder.write("t.npy", other)
        let table = try readSampleTable(
            SampleSource(
                bundle: bundle, modalities: [("persona", audio), ("text", text), ("copy", bundle + ":visual")]))
        #expect(table.modalities.map(\.name) == ["visual", "text", "copy", "persona"])
        #expect(table.modalities[1].values == .vectors(Matrix(rows: [[8], [9]])))
        #expect(table.modalities[2].values == table.modalities[0].values)
        #expect(table.files == [bundle, audio, text])
    }

    @Test("A set may come from single files alone, and has one row if they have one")
    func singleFiles() throws {
        let folder = try TemporaryFolder()
        let row = npy(floats: [[1, 2]])
        let source = SampleSource(
            modalities: [("visual", try folder.write("v.npy", row))], response: try folder.write("yhat.npy", row),
            reference: try folder.write("y.npy", row))
        let table = try readSampleTable(source)
        #expect(table.rowCount == 1 && table.name == "yhat" && table.identifiers == nil)
    }

    @Test("Identifiers on both sides decide, never the position; files without any go by position")
    func joining() throws {
        let folder = try TemporaryFolder()
        let responses = try folder.write("r.jsonl", "{\"id\":\"b\",\"response\":[1]}\n{\"id\":\"a\",\"response\":[2]}")
        let references = try folder.write("y.jsonl", "{\"key\":\"a\",\"reference\":[20]}\n{\"key\":\"b\",\"reference\":[10]}")
        let images = try folder.write("v.npy", npy(floats: [[5], [6]]))
        let table = try readSampleTable(
            SampleSource(modalities: [("visual", images)], response: responses, reference: references))
        #expect(table.identifiers == ["b", "a"])
        #expect(table.response.values == .vectors(Matrix(rows: [[1], [2]])))
        #expect(table.reference.values == .vectors(Matrix(rows: [[10], [20]])))
        #expect(table.modalities[0].values == .vectors(Matrix(rows: [[5], [6]])))
    }

    @Test("A response without identifiers still lets the other files join by theirs")
    func joiningOthers() throws {
        let folder = try TemporaryFolder()
        let texts = try folder.write("t.jsonl", "{\"id\":1,\"text\":\"p\"}\n{\"id\":2,\"text\":\"q\"}")
        let references = try folder.write("y.jsonl", "{\"id\":2,\"reference\":[20]}\n{\"id\":1,\"reference\":[10]}")
        let responses = try folder.write("r.npy", npy(floats: [[1], [2]]))
        let table = try readSampleTable(
            SampleSource(modalities: [("text", texts)], response: responses, reference: references))
        #expect(table.reference.values == .vectors(Matrix(rows: [[10], [20]])))
        #expect(table.identifiers == ["1", "2"])
    }

    @Test("A path with a colon that exists is a path")
    func colons() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a:b.npy", npy(floats: [[1]]))
        #expect(try readColumn(path).values.rowCount == 1)
    }
}
