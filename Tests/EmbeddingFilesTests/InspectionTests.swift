import Testing

@testable import EmbeddingFiles

@Suite("Inspection")
struct InspectionTests {
    @Test("Norms, duplicates, rows that are not finite, constant columns and a preview")
    func statistics() throws {
        let folder = try TemporaryFolder()
        let array = npy(floats: [[3, 4, 7], [0, 0, 7], [.nan, 1, 7], [3, 4, 7], [1, .infinity, 7]])
        let path = try folder.write(
            "set.npz", npz(["z_v": array, "id": npy(texts: ["a", "b", "a", "c"]), "audio": npy(floats: [[0, 0]])]))
        let summary = try inspectFile(path)
        #expect(summary.format == "npz" && summary.arrays.map(\.name) == ["z_v", "id", "audio"])
        let visual = summary.arrays[0]
        let statistics = try #require(visual.statistics)
        #expect(visual.role == "visual" && visual.shape == [5, 3] && visual.dtype == "float32" && visual.order == "C")
        #expect(statistics.nonFiniteRowCount == 2 && statistics.nonFiniteRows == [2, 4])
        #expect(statistics.constantColumnCount == 1 && statistics.zeroRowCount == 0)
        let norms: [Double] = [Double(74).squareRoot(), 7]
        #expect(abs((statistics.normMaximum ?? 0) - norms[0]) < 1e-15 * 10)
        #expect(statistics.normMinimum == norms[1])
        #expect(abs((statistics.normMean ?? 0) - (2 * norms[0] + norms[1]) / 3) < 1e-15 * 10)
        #expect(visual.duplicateRowCount == 1 && visual.previewValues == [3, 4, 7])
        #expect(summary.arrays[1].previewTexts == ["a", "b", "a"] && summary.arrays[1].duplicateRowCount == 1)
        #expect(summary.arrays[2].role == "audio")
        #expect(
            summary.problems.map(folder.trimmed) == [
                "set.npz: array 'z_v', row 2, column 0 (from 0): expected a finite number, found nan",
                "set.npz: array 'z_v': 2 rows are not finite, among them 2, 4 (from 0)",
                "set.npz: array 'audio': 1 of 1 rows have norm zero",
                "set.npz: array 'id': expected 5 rows, as in array 'z_v', found 4",
            ])
    }

    @Test("Damaged arrays are problems, the others are still shown")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let good = npy(floats: [[1, 2], [1, 2]])
        let path = try folder.write(
            "set.npz",
            npz(["text": good, "question": good, "reference": npy("|O", "(2,)", [0x80]), "deep": npy("|u1", "(1, 2, 2)", [1, 2, 3, 4])]))
        let summary = try inspectFile(path)
        #expect(summary.arrays.map(\.name) == ["text", "question"])
        #expect(
            summary.problems.map(folder.trimmed) == [
                "set.npz: array 'reference': expected numbers or strings, found pickled Python objects, which are never executed",
                "set.npz: array 'deep': expected one or two dimensions, found the shape (1, 2, 2)",
                "set.npz: array 'text': all 2 rows are equal",
                "set.npz: array 'question': all 2 rows are equal",
                "set.npz: expected one array for 'text', found 'text' and 'question'",
            ])
    }

    @Test("Every bad line of a text file is listed, the good ones are counted")
    func lines() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "a.jsonl",
            """
            {"text": "a", "response": [1, 2]}
            {"text": "b", "response": [1]}
            nonsense
            {"text": "c", "response": [3, 4]}
            {"text": "d"}
            """)
        let summary = try inspectFile(path)
        #expect(summary.arrays.map(\.shape) == [[2], [2, 2]])
        #expect(summary.arrays[0].previewTexts == ["a", "c"])
        #expect(
            summary.problems.map(folder.trimmed) == [
                "a.jsonl: line 2, key 'response': expected 2 numbers, as in the rows before, found 1",
                "a.jsonl: line 3: expected a JSON object, found 'n'",
                "a.jsonl: line 5: expected the key 'response', found 'text'",
            ])
        let table = try folder.write("a.csv", "text,visual_0,visual_1\na,1,2\nb,1\nc,x,2\nd,3,4\n")
        let second = try inspectFile(table)
        #expect(second.arrays.map(\.shape) == [[2], [2, 2]])
        #expect(
            second.problems.map(folder.trimmed) == [
                "a.csv: line 3: expected 3 fields, as in the header, found 2 fields",
                "a.csv: line 4, key 'visual', element 0 (from 0): expected a number, found 'x'",
            ])
    }

    @Test("A folder, a safetensors file and a lone array are summed up")
    func formats() throws {
        let folder = try TemporaryFolder()
        try folder.write("set/visual.npy", npy(">f8", "(1, 2)", bigEndian(1.0.bitPattern) + bigEndian(2.0.bitPattern), fortran: true))
        let summary = try inspectFile(folder("set"))
        #expect(summary.format == "folder" && summary.arrays.map(\.order) == ["Fortran, big-endian"])
        let path = try folder.write(
            "a.safetensors", safetensors("{\"y\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[0,2]}}", [0, 0]))
        #expect(try inspectFile(path).arrays.map(\.dtype) == ["bfloat16"])
        #expect(try inspectFile(folder("set/visual.npy")).arrays.map(\.role) == ["visual"])
    }

    @Test("What cannot be read at all is an error")
    func errors() throws {
        let folder = try TemporaryFolder()
        let missing = folder.message { () throws(EmbeddingFileError) in try inspectFile(folder("no.npz")) }
        #expect(missing == "no.npz: expected a file or folder, found nothing at this path")
    }
}
