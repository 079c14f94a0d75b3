import Foundation
import Glibc
import Testing

@testable import EmbeddingFiles

@Suite("Columns with their groups, notes and outputs")
struct GroupedColumnTests {
    private func bundle(_ folder: TemporaryFolder) throws -> String {
        try folder.write(
            "b.npz",
            npz([
                "x": npy(floats: [[1, 2], [3, 4], [5, 6]]), "y": npy(floats: [[1], [2]]),
                "group": npy(texts: ["a", "a", "b"]), "block": npy(texts: ["p", "q", "q"]),
            ]))
    }

    @Test("The group of a bundle comes with every array of as many rows, another one by name")
    func groups() throws {
        let folder = try TemporaryFolder()
        let path = try bundle(folder)
        #expect(try readGroupedColumn(path + ":x").groups == ["a", "a", "b"])
        #expect(try readGroupedColumn(path + ":x", group: "block").groups == ["p", "q", "q"])
        #expect(try readGroupedColumn(path + ":y").groups == nil)
        #expect(try readGroupedColumn(path + ":group").groups == nil)
        let missing = try readGroupedColumn(path + ":x", group: "blok")
        #expect(missing.groups == nil && missing.arrayNames.contains("block"))
        let message = folder.message { () throws(EmbeddingFileError) in try readGroupedColumn(path + ":y", group: "block") }
        #expect(message == "b.npz: array 'block': expected 2 rows, as in array 'y', found 3")
    }

    @Test("Texts without a word are noted with their number")
    func emptyTexts() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "a.jsonl",
            (0..<5).map { "{\"text\": \"q\($0)\", \"response\": \"\($0 < 2 ? " \\n" : "r")\", \"reference\": \"a\($0)\"}\n" }.joined())
        let notes = try readSampleTable(SampleSource(bundle: path)).notes
        #expect(notes.map(\.code) == ["empty_text"])
        #expect(
            notes.map { folder.trimmed($0.message) } == [
                "a.jsonl: 2 of 5 texts under 'response' are empty: they are compared as they are, all alike"
            ])
    }

    @Test("An output that is an input is found under other paths and links, and in a folder")
    func sameFile() throws {
        let folder = try TemporaryFolder()
        let path = try bundle(folder)
        try folder.write("set/visual.npy", npy(floats: [[1]]))
        symlink(path, folder("link.npz"))
        #expect(isSameFile(path, asInput: path) && isSameFile(path, asInput: path + ":x"))
        #expect(isSameFile(folder("set/../b.npz"), asInput: path) && isSameFile(folder("link.npz"), asInput: path))
        #expect(isSameFile(folder("set/visual.npy"), asInput: folder("set")))
        #expect(!isSameFile(folder("set/report.json"), asInput: folder("set")))
        #expect(!isSameFile(folder("new.json"), asInput: path) && !isSameFile("/dev/null", asInput: "/dev/null"))
    }

    @Test("An empty path says so")
    func emptyPath() throws {
        let folder = try TemporaryFolder()
        let message = folder.message { () throws(EmbeddingFileError) in try readColumn("") }
        #expect(message == "'': expected the path of a file or folder, found an empty text")
        #expect(
            EmbeddingFileError.missingFile(.init("x.npz")).hint
                == "check the path; relative paths start at the current folder")
    }
}

@Suite("Streams that do not end")
struct EndlessStreamTests {
    @Test("A device of zeros is refused, and a pipe of zeros by its first bytes")
    func zeros() throws {
        let folder = try TemporaryFolder()
        let message = folder.message { () throws(EmbeddingFileError) in try inspectFile("/dev/zero") }
        #expect(message == "/dev/zero: expected a file, a folder or a pipe, found a device")
        let pipe = try folder.pipe("p", [UInt8](repeating: 0, count: 1 << 20))
        let refusal = folder.message { () throws(EmbeddingFileError) in try inspectFile(pipe) }
        #expect(refusal.hasSuffix("found bytes of no known format (00 00 00 00 00 00)"))
    }

    @Test("What is read of a stream has a limit")
    func limit() throws {
        let folder = try TemporaryFolder()
        let pipe = try folder.pipe("p", [UInt8](repeating: 0x20, count: 1 << 21))
        let message = folder.message { () throws(EmbeddingFileError) in
            try FileBytes(path: pipe, streamLimit: 1 << 20).count
        }
        #expect(message.contains("expected at most \(1 << 20) bytes"), "\(message)")
        #expect(FileBytes.streamLimit <= MemoryBudget.machineLimit / 4)
    }
}

extension TemporaryFolder {
    /// The path of a pipe into which a thread writes bytes, as many as are read.
    fileprivate func pipe(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = self(name)
        guard mkfifo(path, 0o600) == 0 else { throw POSIXError(.EIO) }
        signal(SIGPIPE, SIG_IGN)
        Thread.detachNewThread {
            let descriptor = open(path, O_WRONLY)
            var done = 0
            while done < bytes.count {
                let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done) }
                if count <= 0 { break }
                done += count
            }
            close(descriptor)
        }
        return path
    }
}
