import EmbeddingFiles
import Foundation
import Information
import LinearAlgebra
import Statistics
import Testing

@testable import Studies

/// Studies whose sets are read block by block give the numbers of those whose sets are in memory.
@Suite struct LargeStudyTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "emi-large-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    /// A bundle of rows around contents; a part of the responses is wrong.
    private func write(
        _ name: String, rowCount: Int, seed: UInt64, wrong: Double, metadata: [String: String] = [:],
        change: (inout [[Double]]) -> Void = { _ in }
    ) throws -> StudySet {
        var generator = SeededGenerator(seed: seed, stream: "rows")
        var contents = SeededGenerator(seed: 1, stream: "contents")
        func normals(_ count: Int, _ generator: inout SeededGenerator) -> [Double] {
            (0..<count).map { _ in (0..<6).reduce(0.0) { sum, _ in sum + Double.random(in: -1...1, using: &generator) } / 2.0.squareRoot() }
        }
        let width = 10
        let meanings = (0..<20).map { _ in normals(width, &contents) }
        var arrays: [String: [[Double]]] = ["visual": [], "text": [], "response": [], "reference": []]
        for _ in 0..<rowCount {
            let meant = Int.random(in: 0..<20, using: &generator)
            let said = Double.random(in: 0..<1, using: &generator) < wrong ? Int.random(in: 0..<20, using: &generator) : meant
            for (array, content) in [("visual", meant), ("text", meant), ("response", said), ("reference", meant)] {
                arrays[array]?.append(zip(meanings[content], normals(width, &generator)).map { $0 + 0.4 * $1 })
            }
        }
        for key in arrays.keys.sorted() { change(&arrays[key, default: []]) }
        let file = path(name + ".safetensors")
        try writeSafetensors(
            arrays.sorted { $0.key < $1.key }.map { NamedArray(name: $0.key, matrix: Matrix(rows: $0.value)) }, metadata: metadata, to: file
        )
        return .file(file)
    }

    private func list(_ count: Int, _ name: (Int) -> String) -> String {
        "[" + (0..<count).map { "\"\(name($0))\"" }.joined(separator: ",") + "]"
    }

    private func results(_ id: StudySet, _ ood: StudySet, permutations: Int, isLarge: Bool) throws -> (id: SetResult, shift: ShiftResult) {
        var settings = StudySettings()
        settings.permutations = permutations
        var study = Study(id: id, shifts: [ood], settings: settings)
        study.largeArrayByteLimit = isLarge ? 0 : .max
        #expect(study.isLarge(settings) == isLarge)
        let prepared = try study.prepared()
        return (prepared.id, try prepared.result(of: 0).get())
    }

    private func near(_ a: Double?, _ b: Double?) -> Bool {
        guard let a, let b else { return a == nil && b == nil }
        return abs(a - b) <= 1e-9 * max(1, abs(a))
    }

    private func expectEqual(_ a: SetResult, _ b: SetResult) {
        #expect(a.sampleCount == b.sampleCount && a.groupCount == b.groupCount)
        #expect(near(a.emi.value, b.emi.value) && near(a.emi.standardError, b.emi.standardError))
        #expect(near(a.modelMutualInformation, b.modelMutualInformation))
        #expect(near(a.referenceMutualInformation, b.referenceMutualInformation))
        #expect(near(a.responseSimilarity.value, b.responseSimilarity.value))
        #expect(near(a.whitenedSimilarity?.value, b.whitenedSimilarity?.value))
    }

    @Test(arguments: [1_300, 400])
    func `a pair read in blocks has the EMI, EMID and bound of the pair in memory`(rowCount: Int) throws {
        let id = try write("id", rowCount: rowCount, seed: 11, wrong: 0.1)
        let ood = try write("ood", rowCount: rowCount - 150, seed: 12, wrong: 0.4)
        let kept = try results(id, ood, permutations: 0, isLarge: false)
        let large = try results(id, ood, permutations: 0, isLarge: true)
        expectEqual(kept.id, large.id)
        expectEqual(kept.shift.ood, large.shift.ood)
        #expect(near(kept.shift.emid.value, large.shift.emid.value) && near(kept.shift.emid.standardError, large.shift.emid.standardError))
        let (found, expected) = (try #require(large.shift.channel), try #require(kept.shift.channel))
        #expect(near(found.bound.value, expected.bound.value) && near(found.bound.standardError, expected.bound.standardError))
        #expect(near(found.jointSeparation.value, expected.jointSeparation.value))
        // Sums of all rows give the plug-in divergence of single arrays, in single precision at most.
        for (own, other) in zip(large.shift.discrepancies.modalities, kept.shift.discrepancies.modalities) {
            #expect(abs(own.divergence.plugIn - other.divergence.plugIn) < 1e-7)
        }
        #expect(large.shift.warnings.contains { $0.code == .sampledRows })
        #expect(!kept.shift.warnings.contains { $0.code == .sampledRows })
    }

    @Test func `modalities that a set names in another order are matched by name`() throws {
        let id = try write("id", rowCount: 400, seed: 11, wrong: 0.1)
        let ood = try write("ood", rowCount: 400, seed: 12, wrong: 0.4)
        func named(_ set: StudySet, _ names: [String]) throws -> StudySet {
            let file = try #require(set.files.first)
            let source = SampleSource(
                modalities: names.map { ($0, "\(file):\($0)") }, response: "\(file):response", reference: "\(file):reference")
            return StudySet(name: set.name, source: source)
        }
        let first = try named(id, ["visual", "text"])
        let expected = try results(first, named(ood, ["visual", "text"]), permutations: 0, isLarge: true).shift
        let found = try results(first, named(ood, ["text", "visual"]), permutations: 0, isLarge: true).shift
        #expect(found.discrepancies.modalities.map(\.name) == expected.discrepancies.modalities.map(\.name))
        #expect(found.discrepancies.modalities.map(\.divergence.plugIn) == expected.discrepancies.modalities.map(\.divergence.plugIn))
        #expect(found.emid.value == expected.emid.value)
    }

    @Test func `groups shared by both sets and rows that repeat count in blocks as in memory`() throws {
        let names = ["group": list(600) { "g\($0 / 3)" }, "id": list(600) { "r\($0)" }]
        let id = try write("id", rowCount: 600, seed: 11, wrong: 0.1, metadata: names)
        let ood = try write("ood", rowCount: 600, seed: 12, wrong: 0.4, metadata: names)
        let kept = try results(id, ood, permutations: 20, isLarge: false)
        let large = try results(id, ood, permutations: 20, isLarge: true)
        expectEqual(kept.id, large.id)
        expectEqual(kept.shift.ood, large.shift.ood)
        #expect(near(kept.shift.emid.standardError, large.shift.emid.standardError))
        #expect((large.shift.emidPValue ?? 1) < 0.01)

        // Twenty rows at the end repeat the first twenty in every array.
        let repeated = try write("repeated", rowCount: 620, seed: 11, wrong: 0.1) { rows in
            for row in 0..<20 { rows[600 + row] = rows[row] }
        }
        let unnamed = try write("unnamed", rowCount: 500, seed: 12, wrong: 0.4)
        let (once, block) = (
            try results(repeated, unnamed, permutations: 0, isLarge: false), try results(repeated, unnamed, permutations: 0, isLarge: true)
        )
        #expect(block.id.sampleCount == 600)
        expectEqual(once.id, block.id)
        #expect(block.id.warnings.contains { $0.code == .duplicateRows })
    }

    @Test func `without a shift the p-value of large sets is uniform, and small with one`() throws {
        var values: [Double] = []
        for seed in 0..<12 {
            let id = try write("id\(seed)", rowCount: 300, seed: UInt64(100 + seed), wrong: 0.2)
            let ood = try write("ood\(seed)", rowCount: 260, seed: UInt64(200 + seed), wrong: 0.2)
            values.append(try #require(try results(id, ood, permutations: 5, isLarge: true).shift.emidPValue))
        }
        // Twelve uniform numbers: each of these fails once in a thousand.
        #expect(values.reduce(0, +) / 12 > 0.24 && values.reduce(0, +) / 12 < 0.76)
        #expect((values.min() ?? 0) > 0.00008)
    }

    @Test func `a study that cannot be held is refused in one sentence before anything is read`() throws {
        let id = try write("id", rowCount: 100, seed: 1, wrong: 0.1)
        let study = Study(id: id, shifts: [try write("ood", rowCount: 100, seed: 2, wrong: 0.1)])
        // 2 sets of 4 arrays of 100 x 10 doubles, 2.5 times.
        #expect(throws: Never.self) { try study.checkMemory(limit: 160_000) }
        let error = #expect(throws: EmbeddingFileError.self) { try study.checkMemory(limit: 159_999) }
        #expect(error.map { "\($0)" }?.contains("memory of this machine") == true)
        #expect(throws: EmbeddingFileError.self) { try study.checkLargeMemory(limit: 1_000) }
        #expect(throws: Never.self) { try study.checkLargeMemory(limit: 4_000_000) }
    }

    @Test func `rows without a direction are refused by file, array and row in blocks too`() throws {
        let id = try write("id", rowCount: 100, seed: 1, wrong: 0.1)
        let ood = try write("ood", rowCount: 100, seed: 2, wrong: 0.1) { rows in rows[42] = rows[42].map { _ in 0 } }
        let error = #expect(throws: RunError.self) { try results(id, ood, permutations: 0, isLarge: true) }
        #expect(error?.code == "zero_norm" && error?.message.contains("row 42") == true)
    }
}
