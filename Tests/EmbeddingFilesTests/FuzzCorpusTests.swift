import Foundation
import Testing

/// What libFuzzer kept: the bytes that reach different code, replayed without it. `Scripts/fuzz keep` makes the files anew.
@Suite("Bytes that a fuzzer found are read or refused")
struct FuzzCorpusTests {
    @Test(arguments: FileInputs.targets) func nothingTraps(_ target: String) throws {
        let inputs = try keptInputs(target)
        #expect(inputs.count >= 5)
        for input in inputs { input.withUnsafeBytes { FileInputs.read($0, target: target) } }
    }
}

/// The inputs in `Fixtures/fuzz`, each after its length in four bytes, the lowest first.
private func keptInputs(_ target: String) throws -> [Data] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/fuzz")
    var rest = try Data(contentsOf: folder.appending(path: "\(target).bin"))[...]
    var inputs: [Data] = []
    while rest.count >= 4 {
        let count = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        try #require(count <= rest.count)
        inputs.append(Data(rest.prefix(count)))
        rest = rest.dropFirst(count)
    }
    return inputs
}
