import Statistics
import Testing

@testable import EmbeddingFiles

@Suite("Damaged bytes are errors or data, never a crash")
struct FuzzTests {
    static let files: [(name: String, bytes: [UInt8])] = [
        ("a.npz", goodBundle(rows: 2)),
        (
            "b.npz",
            zip([
                ZipMember(
                    name: "y.npy", data: deflated(npy(floats: [[1]])), method: 8, declaredByteCount: 132,
                    checksum: crc32(npy(floats: [[1]])))
            ])
        ),
        ("a.npy", npy(floats: [[1, 2], [3, 4]])),
        ("b.npy", npy(texts: ["a", "bé", "c"])),
        (
            "a.safetensors",
            safetensors(
                "{\"__metadata__\":{\"id\":\"[1,2]\"},\"y\":{\"dtype\":\"F16\",\"shape\":[2,1],\"data_offsets\":[0,4]}}", [1, 2, 3, 4])
        ),
        (
            "a.jsonl",
            Array(
                "{\"id\": 1, \"text\": \"\\u00e9\", \"response\": [1, -2.5e0], \"reference\": [3, 4]}\n{\"id\": 2, \"text\": \"q\", \"response\": [1, 2], \"reference\": [3, 4]}\n"
                    .utf8)
        ),
        (
            "b.jsonl",
            Array("{\"doc_id\": 1, \"target\": \"a\", \"arguments\": [[\"q\"]], \"resps\": [[\"b\"]], \"filtered_resps\": [\"b\"]}\n".utf8)
        ),
        ("a.csv", Array("id,visual_0,visual_1,response,reference\n1,2,3,\"a, \"\"b\"\"\",c\n2,3,4,d,e\n".utf8)),
    ]

    @Test("one to four changed bytes, truncations, and bytes put in", arguments: files.indices)
    func mutations(_ index: Int) throws {
        let folder = try TemporaryFolder()
        let (name, bytes) = Self.files[index]
        var random = SeededGenerator(state: UInt64(index))
        for round in 0..<250 {
            var damaged = bytes
            switch round % 3 {
            case 0: damaged.removeLast(Int.random(in: 1..<bytes.count, using: &random))
            case 1:
                let position = Int.random(in: 0..<bytes.count, using: &random)
                damaged.insert(UInt8.random(in: 0...255, using: &random), at: position)
            default:
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let position = Int.random(in: 0..<bytes.count, using: &random)
                    damaged[position] = UInt8.random(in: 0...255, using: &random)
                }
            }
            let path = try folder.write(name, damaged)
            _ = try? readSampleTable(SampleSource(bundle: path))
            _ = try? readArrays(path)
            _ = try? inspectFile(path)
        }
    }
}
