import Testing

@testable import EmbeddingFiles

@Suite struct FileDigestTests {
    // FIPS 180-4's example, and `sha256sum` of the others.
    private let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func aDigestIsThatOfTheStandard() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.npz", "abc")
        #expect(fileDigests([path], threadCount: 1) == [FileDigest(path: path, sha256: abc)])
        #expect(sha256([]).prefix(4) == [0xE3, 0xB0, 0xC4, 0x42])
        // Large enough to be mapped: a million times the letter a, FIPS 180-4's third example, and the same again.
        let large = try folder.write("b.npy", [UInt8](repeating: 0x61, count: 1_000_000))
        #expect(fileDigests([large], threadCount: 1).first?.sha256 == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        let mapped = try folder.write("c.npy", [UInt8](repeating: 0x61, count: FileBytes.mappingThreshold))
        #expect(
            fileDigests([mapped], threadCount: 1).first?.sha256
                == sha256([UInt8](repeating: 0x61, count: FileBytes.mappingThreshold)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
                .joined())
    }

    /// Files are digested in parts, the last of which may be short.
    @Test(arguments: [(1 << 24) - 1, 1 << 24, (1 << 24) + 1]) func aLargeFileHasTheDigestOfItsBytes(_ count: Int) throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        let path = try folder.write("large.npy", bytes)
        let expected = sha256(bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(fileDigests([path], threadCount: 1).first?.sha256 == expected)
    }

    @Test func aFileThatChangesInASubfolderChangesTheFingerprint() throws {
        let folder = try TemporaryFolder()
        try folder.write("set/visual/visual_0.npy", "abc")
        let before = fileFingerprint(folder("set"))
        #expect(fileFingerprint(folder("set")) == before)
        try folder.write("set/visual/visual_0.npy", "abcd")
        #expect(fileFingerprint(folder("set")) != before)
        #expect(fileFingerprint(folder("missing")) == "missing")
    }

    @Test func filesAreListedOnceByPathWhateverNamesThem() throws {
        let folder = try TemporaryFolder()
        try folder.write("set/visual.npy", "abc")
        try folder.write("set/img_emb/img_emb_0.npy", "abc")
        let single = try folder.write("x.npz", "abc")
        for threadCount in [1, 3] {
            let found = fileDigests([single, folder("set"), "\(single):visual", folder("missing.npz"), "-"], threadCount: threadCount)
            #expect(
                found.map { folder.trimmed($0.path) }
                    == ["-", "missing.npz", "set/img_emb/img_emb_0.npy", "set/visual.npy", "x.npz"].map { $0 })
            #expect(found.map(\.sha256) == [nil, nil, abc, abc, abc])
        }
    }
}
