import EmbeddingFiles
import Foundation
import Information
import Statistics
import Testing

@testable import Studies

@Suite struct BatchRunTests {
    private func entry(_ name: String, file: String? = nil) -> StudySet {
        StudySet(
            name: name, source: SampleSource(bundle: Paths.fixtures.appending(path: file ?? "\(name).npz").path))
    }

    private func manifest(_ names: [String]) -> Manifest {
        Manifest(path: "m.yaml", settings: [], id: entry("clean"), scenarios: names.map { entry($0) })
    }

    private func prepared(_ manifest: Manifest, _ settings: StudySettings, threadCount: Int) throws -> Batch {
        let study = Study(manifest, settings: settings, threadCount: threadCount)
        return Batch(prepared: try study.prepared(), names: study.shifts.map(\.name))
    }

    /// A prepared study whose shifts are asked for by their names.
    private struct Batch {
        let prepared: PreparedStudy
        let names: [String]

        var id: SetResult { prepared.id }

        func result(named name: String) -> Result<ShiftResult, RunError> {
            prepared.result(of: names.firstIndex(of: name) ?? 0)
        }
    }

    private var quick: StudySettings {
        var settings = StudySettings()
        settings.permutations = 9
        return settings
    }

    @Test(arguments: ["reference-channel", "club-kernel", "club-ridge", "gaussian", "matrix-renyi"])
    func aBatchOfOneIsAnEstimate(_ estimator: String) throws {
        var settings = quick
        settings.estimator = estimator
        let batch = try prepared(manifest(["frost_3"]), settings, threadCount: 2)
        let shift = try batch.result(named: "frost_3").get()
        let sets = ["clean", "frost_3"].map { entry($0) }
        let single = try analyse(sets, settings: settings, threadCount: 2)
        let expected = try #require(single.shift)
        #expect(batch.id.emi == single.id.emi)
        #expect(shift.emid == expected.emid && shift.emidPValue == expected.emidPValue)
        #expect(shift.bounds == expected.bounds && shift.discrepancies.joint == expected.discrepancies.joint)
    }

    @Test(arguments: ["reference-channel", "club-kernel", "gaussian"]) func neitherOrderNorThreadsMoveADigit(_ estimator: String) throws {
        var settings = quick
        settings.estimator = estimator
        let names = ["frost_3", "sr_7", "id_Hindi", "hard_English"]
        let first = try prepared(manifest(names), settings, threadCount: 1)
        let second = try prepared(manifest(names.reversed()), settings, threadCount: 3)
        #expect(first.id.emi == second.id.emi)
        for name in names {
            let (a, b) = (try first.result(named: name).get(), try second.result(named: name).get())
            #expect(a.emid == b.emid && a.emidPValue == b.emidPValue && a.bounds == b.bounds)
            #expect(a.ood.modelMutualInformation == b.ood.modelMutualInformation)
        }
    }

    @Test func aScenarioAtFaultStandsAlone() throws {
        let missing = entry("gone")
        let whole = Manifest(
            path: "m.yaml", settings: [], id: entry("clean"), scenarios: [missing, entry("frost_3")])
        let batch = try prepared(whole, quick, threadCount: 2)
        guard case .failure(let error) = batch.result(named: "gone") else {
            Issue.record("a missing file gave a result")
            return
        }
        #expect(error.code == "missing_file" && error.message.contains("gone.npz"))
        // The fit is that of a batch without the scenario.
        let clean = try prepared(manifest(["frost_3"]), quick, threadCount: 2)
        #expect(try batch.result(named: "frost_3").get().emid == (try clean.result(named: "frost_3").get().emid))
    }

    @Test(arguments: ["reference-channel", "club-kernel", "gaussian"]) func aFileThatChangesIsNoticed(_ estimator: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "emi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "moving.jsonl")
        let text = try String(contentsOf: Paths.fixtures.appending(path: "frost_3.jsonl"), encoding: .utf8)
        try Data(text.utf8).write(to: file)
        let moving = StudySet(name: "moving", source: SampleSource(bundle: file.path))
        var settings = quick
        settings.estimator = estimator
        var study = Study(
            Manifest(path: "m.yaml", settings: [], id: entry("clean", file: "clean.jsonl"), scenarios: [moving]),
            settings: settings, threadCount: 2)
        study.keptByteLimit = 0
        let batch = Batch(prepared: try study.prepared(), names: ["moving"])
        try Data(text.split(separator: "\n").prefix(60).joined(separator: "\n").utf8).write(to: file)
        guard case .failure(let error) = batch.result(named: "moving") else {
            Issue.record("rows that are no longer there gave a result")
            return
        }
        #expect(error.code == "file_changed" && error.message.contains("expected 90 rows"))
    }

    @Test func rowsTellTheirScores() throws {
        let batch = try prepared(manifest(["id_German"]), quick, threadCount: 2)
        let shift = try batch.result(named: "id_German").get()
        let scores = try #require(shift.ood.rowScores)
        #expect(scores.mean > 0.3 && scores.mean < 0.9)
        #expect(try #require(scores.correlation).pearson.estimate.coefficient > 0.2 && scores.correlation?.count == 30)
        let separation = try #require(shift.separation)
        // Three questions an image: rows are not independent, and the test of ranks has no p-value.
        #expect((0...1).contains(separation.areaUnderCurve) && separation.pValue == nil)
        #expect(batch.id.rowScores?.mean == 1 && batch.id.rowScores?.correlation == nil)
    }

    @Test func rowsMayBeRightOrWrong() throws {
        let batch = try prepared(
            Manifest(
                path: "m.yaml", settings: [], id: entry("clean", file: "clean.jsonl"),
                scenarios: [entry("defocus_blur_5", file: "defocus_blur_5.jsonl")]), quick, threadCount: 2)
        let shift = try batch.result(named: "defocus_blur_5").get()
        #expect(batch.id.rowScores?.mean == 1)
        #expect(abs((shift.ood.rowScores?.mean ?? 0) - 0.733333) < 1e-5)
    }

    /// Above the limit the fit takes whole groups, and every set is still judged.
    @Test func largePoolsAreFittedToADraw() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "emi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var generator = SeededGenerator(seed: 3)
        func rows(_ name: String, count: Int) throws -> StudySet {
            var text = "id,text.0,text.1,response.0,response.1,reference.0,reference.1\n"
            for row in 0..<count {
                let x = (0..<2).map { _ in Double.random(in: -1...1, using: &generator) }
                let noise = (0..<4).map { _ in Double.random(in: -0.3...0.3, using: &generator) }
                text += "\(name) \(row),\(x[0]),\(x[1]),\(x[0] + noise[0]),\(x[1] + noise[1]),\(x[0] + noise[2]),\(x[1] + noise[3])\n"
            }
            let file = folder.appending(path: "\(name).csv")
            try Data(text.utf8).write(to: file)
            return StudySet(name: name, source: SampleSource(bundle: file.path))
        }
        let (id, ood) = (try rows("a", count: 11_000), try rows("b", count: 12_000))
        var settings = quick
        settings.permutations = 0
        settings.estimator = "club-kernel"
        let manifest = Manifest(path: "m.yaml", settings: [], id: id, scenarios: [ood])
        let batch = try prepared(manifest, settings, threadCount: 2)
        let shared = try SharedFit(Study(manifest, settings: settings, threadCount: 2), settings: settings) { _, _ in }
        guard case .club(let fit)? = shared.fit else {
            Issue.record("no fit")
            return
        }
        let fitted = fit.foldByLabel.count
        #expect(fitted > 19_000 && fitted <= 20_000)
        let shift = try batch.result(named: "b").get()
        #expect(shift.ood.sampleCount == 12_000 && batch.id.sampleCount == 11_000)
        #expect(abs(shift.emid.value) < 4 * (shift.emid.standardError ?? 0) + 0.05)
    }
}
