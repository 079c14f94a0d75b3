import Foundation
import Glibc
import Testing

@testable import EmbeddingFiles

@Suite("Limits of the machine")
struct LimitTests {
    @Test("Permissions: a file that may not be read, a folder that may not be written")
    func permissions() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("clean.npz", goodBundle())
        chmod(path, 0)
        chmod(folder.path, 0o555)
        defer { chmod(folder.path, 0o755) }
        // Root may read everything; as user "nobody" of the file system this one thread may not.
        typealias SetUser = @convention(c) (UInt32) -> Int32
        let setUser = try #require(dlsym(nil, "setfsuid").map { unsafeBitCast($0, to: SetUser.self) })
        _ = setUser(65534)
        defer { _ = setUser(geteuid()) }
        let reading = folder.message { () throws(EmbeddingFileError) in try readSampleTable(SampleSource(bundle: path)) }
        let writing = folder.message { () throws(EmbeddingFileError) in try writeAtomically([1], to: folder("new.json")) }
        #expect(reading == "clean.npz: expected a readable file, found permission denied")
        #expect(writing == "new.json: expected a path that can be written, found permission denied")
    }

    @Test("Data beyond the memory are refused before they are decoded, in every format")
    func memory() throws {
        let folder = try TemporaryFolder()
        let array = npy(floats: [[1, 2], [3, 4]])
        let header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[4,1],\"data_offsets\":[0,4]}}"
        try folder.write("set/a.npy", array)
        let request = ColumnRequest.everything(limit: 31)
        let paths = [
            try folder.write("a.npy", array), try folder.write("a.npz", npz(["a": array])),
            try folder.write("a.safetensors", safetensors(header, [1, 2, 3, 4])), folder("set"),
        ]
        let messages = paths.map { path in
            folder.message { () throws(EmbeddingFileError) in try readRawTable(path, request) }
        }
        let limit = "expected at most 31 bytes of decoded data, the memory of this machine, found 32"
        #expect(
            messages == [
                "a.npy: \(limit)", "a.npz: array 'a': \(limit)", "a.safetensors: array 'a': \(limit)", "set/a.npy: \(limit)",
            ])
    }

    @Test("Together two arrays may exceed what each of them does not")
    func sums() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.npz", goodBundle(rows: 2, width: 2))
        let request = ColumnRequest.everything(limit: 127)
        #expect(
            folder.message { () throws(EmbeddingFileError) in try readRawTable(path, request) }
                == "a.npz: array 'reference': expected at most 127 bytes of decoded data, the memory of this machine, found 128")
    }

    @Test("A file with holes that is larger than the memory is a sentence, not a crash")
    func sparse() throws {
        let folder = try TemporaryFolder()
        let count = MemoryBudget.machineLimit / 8 + 8
        let path = try folder.write("a.npy", npy("|u1", "(\(count), 1)"))
        try #require(truncate(path, count + 128) == 0)
        let message = folder.message { () throws(EmbeddingFileError) in try readArrays(path) }
        #expect(message.hasPrefix("a.npy: expected at most \(MemoryBudget.machineLimit) bytes of decoded data"))
    }

    @Test("A pipe is read, its format told by the first bytes")
    func pipes() throws {
        let folder = try TemporaryFolder()
        let contents = [
            npy(floats: [[1, 2]]), npz(["a": npy(floats: [[1, 2]])]), Array("{\"a\": [1, 2]}\n".utf8),
            safetensors("{\"a\":{\"dtype\":\"U8\",\"shape\":[1,2],\"data_offsets\":[0,2]}}", [1, 2]),
        ]
        for (index, bytes) in contents.enumerated() {
            let path = folder("pipe\(index)")
            try #require(mkfifo(path, 0o600) == 0)
            let writer = Thread {
                let descriptor = open(path, O_WRONLY)
                _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                close(descriptor)
            }
            writer.start()
            #expect(try readColumn(path).values.width == 2, "\(index)")
        }
    }
}
