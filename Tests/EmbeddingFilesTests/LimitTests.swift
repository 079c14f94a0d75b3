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

/// Names of arrays and columns are found in time that grows as their number does.
@Suite("Many names") struct ManyNamesTests {
    private func seconds(_ work: () throws -> Void) rethrows -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
        }
        let start = now()
        try work()
        return now() - start
    }

    private func lines(_ count: Int) -> String {
        (0..<3).map { row in
            let vectors = (0..<count / 2).map { "\"a\($0)_emb\": [\(row), \($0)]" }
            let texts = (0..<count / 2).map { "\"key\($0)\": \"\(row)x\($0)\"" }
            return "{\"response\": \"r\(row)\", \"reference\": \"f\(row)\", \((vectors + texts).joined(separator: ", "))}\n"
        }.joined()
    }

    @Test("four times the names take less than ten times as long", arguments: ["jsonl", "csv", "safetensors", "npz"])
    func times(_ ending: String) throws {
        let folder = try TemporaryFolder()
        func path(_ count: Int) throws -> String {
            let name = "\(count).\(ending)"
            switch ending {
            case "jsonl": return try folder.write(name, Array(lines(count).utf8))
            case "csv":
                let header = ["response", "reference", "text"] + (0..<count).map { "key\($0)" }
                let rows = (0..<3).map { row in
                    (["r\(row)", "f\(row)", "t\(row)"] + (0..<count).map { "\(row)x\($0)" }).joined(separator: ",")
                }
                return try folder.write(name, Array(([header.joined(separator: ",")] + rows).joined(separator: "\n").utf8))
            case "safetensors":
                let names = ["response", "reference"] + (0..<count).map { "a\($0)_emb" }
                let entries = names.enumerated().map {
                    "\"\($1)\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[\(8 * $0),\(8 * $0 + 8)]}"
                }
                return try folder.write(
                    name, safetensors("{\(entries.joined(separator: ","))}", [UInt8](repeating: 1, count: 8 * names.count)))
            default:
                let array = npy(floats: [[1], [2]])
                let names = ["response", "reference"] + (0..<count).map { "a\($0)_emb" }
                return try folder.write(name, zip(names.map { ZipMember(name: "\($0).npy", data: array) }))
            }
        }
        let (few, many) = (try path(1500), try path(6000))
        func read(_ path: String) -> Double {
            (0..<3).map { _ in
                seconds {
                    _ = try? readSampleTable(SampleSource(bundle: path))
                    _ = try? inspectFile(path)
                }
            }.min() ?? 0
        }
        let (short, long) = (read(few), read(many))
        #expect(long < 10 * short, "\(short) s, \(long) s")
    }
}
