import EmbeddingFiles
import Foundation
import Information
import LinearAlgebra
import Statistics
import Testing

@testable import Studies

@Suite struct PartTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "emi-parts-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Bundles of rows around twelve contents, in shards of equal size.
    private func writeShards(_ name: String, rowCount: Int, shardCount: Int, seed: UInt64, wrong: Double) throws -> [String] {
        var generator = SeededGenerator(seed: seed, stream: "rows")
        var contents = SeededGenerator(seed: 1, stream: "contents")
        func normals(_ count: Int, _ generator: inout SeededGenerator) -> [Double] {
            (0..<count).map { _ in
                (0..<6).reduce(0.0) { sum, _ in sum + Double.random(in: -1...1, using: &generator) } / 2.0.squareRoot()
            }
        }
        let width = 12
        let meanings = (0..<12).map { _ in normals(width, &contents) }
        var arrays: [String: [[Double]]] = ["visual": [], "response": [], "reference": []]
        for _ in 0..<rowCount {
            let meant = Int.random(in: 0..<12, using: &generator)
            let said = Double.random(in: 0..<1, using: &generator) < wrong ? Int.random(in: 0..<12, using: &generator) : meant
            for (array, content) in [("visual", meant), ("response", said), ("reference", meant)] {
                arrays[array]?.append(zip(meanings[content], normals(width, &generator)).map { $0 + 0.5 * $1 })
            }
        }
        return try (0..<shardCount).map { shard in
            let rows = (0..<rowCount).filter { $0 % shardCount == shard }
            let path = path("\(name)-\(shardCount)-\(shard).safetensors")
            try writeSafetensors(
                arrays.sorted { $0.key < $1.key }.map { name, all in
                    NamedArray(name: name, matrix: Matrix(rows: rows.map { all[$0] }))
                },
                // Three rows a group, which shards cut apart.
                metadata: [
                    "id": "[" + rows.map { "\"r\($0)\"" }.joined(separator: ",") + "]",
                    "group": "[" + rows.map { "\"g\($0 / 3)\"" }.joined(separator: ",") + "]",
                ], to: path)
            return path
        }
    }

    private func plan(_ set: String, fit: String? = nil) -> SummaryPlan {
        SummaryPlan(set: set, fitFile: fit, settings: StudySettings(), threadCount: 1)
    }

    private func parts(_ set: String, _ shards: [String], fit: String? = nil) throws -> [SetPart] {
        try shards.enumerated().map { index, shard in
            let file = path("\(set)-part-\(shards.count)-\(index)\(fit == nil ? "" : "-judged").safetensors")
            try plan(set, fit: fit).part(of: [shard]).whole.save(to: file)
            return try SetPart(contentsOf: file)
        }
    }

    @Test func mergedIsWholeForAnyNumberOfShards() throws {
        var settings = StudySettings()
        settings.permutations = 10
        var found: [MergedStudy] = []
        for count in [1, 8, 64] {
            let clean = try parts("clean", writeShards("clean", rowCount: 1_280, shardCount: count, seed: 2, wrong: 0))
            let noisy = try parts("noisy", writeShards("noisy", rowCount: 1_280, shardCount: count, seed: 3, wrong: 0.4))
            let fit = path("q-\(count).safetensors")
            // One fit for all: that of the whole sets.
            if count == 1 { _ = try MergedStudy.saveFit(of: clean + noisy, settings: settings, threadCount: 1, to: path("q0.safetensors")) }
            _ = try MergedStudy.saveFit(
                of: clean + noisy, givenFit: path("q0.safetensors"), settings: settings, threadCount: 1, to: fit)
            let shards = { (name: String) in (0..<count).map { self.path("\(name)-\(count)-\($0).safetensors") } }
            found.append(
                try MergedStudy(
                    parts("clean", shards("clean"), fit: fit) + parts("noisy", shards("noisy"), fit: fit), idName: "clean",
                    settings: settings, threadCount: 1))
        }
        let whole = found[0]
        let emid = try #require(whole.shifts[0].emid)
        #expect(emid.value > 0.5 && (emid.interval?.lowerBound ?? 0) > 0)
        for other in found.dropFirst() {
            #expect(abs((other.shifts[0].emid?.value ?? .nan) - emid.value) < 1e-12)
            #expect(abs((other.shifts[0].emid?.standardError ?? .nan) / (emid.standardError ?? .nan) - 1) < 1e-10)
            #expect(abs((other.id.emi?.value.value ?? .nan) - (whole.id.emi?.value.value ?? .nan)) < 1e-12)
            for (a, b) in zip(other.shifts[0].divergences, whole.shifts[0].divergences) {
                #expect(a.name == b.name && abs(a.divergence.estimate.plugIn - b.divergence.estimate.plugIn) < 1e-12)
                #expect(abs((a.divergence.estimate.excess ?? .nan) - (b.divergence.estimate.excess ?? .nan)) < 1e-12)
                #expect(a.divergence.estimate.pValue == b.divergence.estimate.pValue)
            }
        }
        // The whole sets as emi estimate judges them under the same q.
        let sets = try (["clean", "noisy"] as [String]).map { name in
            try SetLoader(id: StudySet(name: name, source: SampleSource(bundle: path("\(name)-1-0.safetensors"))), settings: settings).id
                .set
        }
        let study = Study(
            id: .file(path("clean-1-0.safetensors")), shifts: [.file(path("noisy-1-0.safetensors"))],
            settings: {
                var s = settings; s.fit = .file(path("q0.safetensors")); return s
            }())
        let prepared = try study.prepared { _, _ in }
        #expect(sets[0].rowCount == 1_280)
        #expect(abs(prepared.id.emi.value - (whole.id.emi?.value.value ?? .nan)) < 1e-12)
        let shift = try prepared.result(of: 0, threadCount: 1).get()
        #expect(abs(shift.emid.value - emid.value) < 1e-12)
        // Groups of three rows in 4,096 buckets: a tenth of them share one.
        #expect(abs((shift.emid.standardError ?? .nan) / (emid.standardError ?? .nan) - 1) < 0.1)
        try? FileManager.default.removeItem(at: folder)
    }

    @Test func aPartThatComesTwiceCountsOnce() throws {
        let shards = try writeShards("clean", rowCount: 240, shardCount: 4, seed: 4, wrong: 0)
        let parts = try parts("clean", shards)
        let (whole, none) = try SetPart.merged(parts)
        let (again, repeated) = try SetPart.merged([parts[2]] + parts.reversed())
        #expect(none == 0 && repeated == 1 && whole == again && whole.rowCount == 240)
        // The same shard summarized again is the same part, bit for bit.
        #expect(try plan("clean").part(of: [shards[1]]).whole == parts[1])
        // A part of two shards overlaps with those of one.
        let both = try plan("clean").part(of: [shards[0], shards[1]]).whole
        #expect(throws: RunError.self) { try SetPart.merged([both, parts[1]]) }
        #expect(try SetPart.merged([both, parts[2], parts[3]]).whole.rowCount == 240)
        try? FileManager.default.removeItem(at: folder)
    }

    @Test func partsThatDoNotGoTogetherAreRefused() throws {
        let shards = try writeShards("clean", rowCount: 120, shardCount: 2, seed: 5, wrong: 0)
        let parts = try parts("clean", shards)
        var other = parts[1]
        other.recipe.normalize = false
        #expect(throws: RunError.self) { try SetPart.merged([parts[0], other]) }
        other = parts[1]
        other.recipe.fit = "abc"
        #expect(throws: RunError.self) { try SetPart.merged([parts[0], other]) }
        #expect(throws: RunError.self) { try SetPart(contentsOf: shards[0]) }
        #expect(throws: RunError.self) {
            try MergedStudy(parts, idName: "clear", settings: StudySettings(), threadCount: 1)
        }
        try? FileManager.default.removeItem(at: folder)
    }
}
