import Foundation
import Glibc
import LinearAlgebra
import Testing

@testable import EmbeddingFiles

@Suite("Writing")
struct WritingTests {
    private func names(_ folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test("Arrays and metadata come back as they were, bit for bit")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let values = [0, -0.0, 1 / 3, 5e-300, .greatestFiniteMagnitude, -.leastNormalMagnitude]
        let arrays = [
            NamedArray(name: "weights \"1\" \\ é\n", matrix: Matrix(rowCount: 2, columnCount: 3, elements: values)),
            NamedArray(name: "bias", shape: [6], matrix: Matrix(rowCount: 6, columnCount: 1, elements: values)),
        ]
        let metadata = ["kind": "club-kernel", "json": "{\"a\": [1, \"\\n\"]}", "é": "漢\u{1}"]
        try writeSafetensors(arrays, metadata: metadata, to: folder("fit.safetensors"))
        let read = try readSafetensors(folder("fit.safetensors"))
        #expect(read.arrays == arrays)
        #expect(read.arrays.map { $0.matrix.elements.map(\.bitPattern) } == arrays.map { $0.matrix.elements.map(\.bitPattern) })
        #expect(read.metadata == metadata)
        #expect(try names(folder) == ["fit.safetensors"])
    }

    @Test("The elements start at a multiple of eight, and the same input gives the same bytes")
    func layout() throws {
        for length in 0..<9 {
            let array = NamedArray(name: String(repeating: "a", count: length), matrix: Matrix(rows: [[1]]))
            let bytes = try safetensorsBytes([array], metadata: ["b": "1", "a": "2"], path: "x")
            let again = try safetensorsBytes([array], metadata: ["a": "2", "b": "1"], path: "x")
            #expect((bytes.count - 8) % 8 == 0 && bytes == again)
        }
    }

    @Test("Foundation reads the header that is written")
    func header() throws {
        let bytes = try safetensorsBytes(
            [NamedArray(name: "a\t\"", matrix: Matrix(rows: [[1, 2]]))], metadata: ["k\\": "v\u{7}"], path: "x")
        let length = Int(bytes[0]) + Int(bytes[1]) << 8
        let object = try JSONSerialization.jsonObject(with: Data(bytes[8..<(8 + length)])) as? [String: [String: Any]]
        #expect(object?["__metadata__"] as? [String: String] == ["k\\": "v\u{7}"])
        #expect(object?["a\t\""]?["dtype"] as? String == "F64")
        #expect(object?["a\t\""]?["data_offsets"] as? [Int] == [0, 16])
    }

    @Test("Arrays that cannot be written are refused")
    func refusals() throws {
        let folder = try TemporaryFolder()
        let matrix = Matrix(rows: [[1, 2]])
        let path = folder("fit.safetensors")
        let shape = folder.message { () throws(EmbeddingFileError) in
            try writeSafetensors([NamedArray(name: "a", shape: [3], matrix: matrix)], metadata: [:], to: path)
        }
        let twice = folder.message { () throws(EmbeddingFileError) in
            let array = NamedArray(name: "a", matrix: matrix)
            try writeSafetensors([array, array], metadata: [:], to: path)
        }
        #expect(shape == "fit.safetensors: array 'a': expected a shape of 2 elements, found (3)")
        #expect(twice == "fit.safetensors: array 'a': expected a name that is used once, found 'a' again")
        #expect(try names(folder) == [])
    }

    @Test("A file is replaced whole, keeps its permissions, and links are followed")
    func replacing() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("report.json", "old")
        chmod(path, 0o640)
        symlink(path, folder("link.json"))
        try writeAtomically(Array("new".utf8), to: folder("link.json"))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
        #expect(lstat(folder("link.json"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
        #expect(try names(folder) == ["link.json", "report.json"])
    }

    @Test("An empty file and a bare name are fine")
    func empty() throws {
        let folder = try TemporaryFolder()
        try writeAtomically([], to: folder("empty"))
        var status = stat()
        #expect(stat(folder("empty"), &status) == 0 && status.st_size == 0)
    }

    @Test("A missing folder, a folder as target and a full disk are sentences, and nothing is left behind")
    func failures() throws {
        let folder = try TemporaryFolder()
        let missing = folder.message { () throws(EmbeddingFileError) in try writeAtomically([1], to: folder("no/a.json")) }
        #expect(missing == "no/a.json: expected an existing folder 'no', found none")
        try folder.write("set/a", "x")
        let target = folder.message { () throws(EmbeddingFileError) in try writeAtomically([1], to: folder("set")) }
        #expect(target == "set: expected a file, found a folder")
        let full = folder.message { () throws(EmbeddingFileError) in
            try writeAtomically([UInt8](repeating: 0, count: 100), to: "/dev/full")
        }
        #expect(full == "/dev/full: expected room for 100 bytes, found a full disk")
        #expect(try names(folder) == ["set"])
    }

    @Test("What is no regular file is written to as it is")
    func devices() throws {
        try writeAtomically([1, 2, 3], to: "/dev/null")
        var status = stat()
        #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    }
}
