import Foundation
import Information
import Studies
import Testing

@Suite struct EstimateRunTests {
    private let files = ["clean.npz", "frost_3.npz"].map { Paths.fixtures.appending(path: $0) }

    /// The NumPy prototype of `club-kernel` on the fixtures (`Golden/club_kernel_digits.json` says how).
    @Test func clubKernelAgreesWithItsPrototype() throws {
        struct Golden: Decodable {
            struct Set: Decodable { let name: String; let model_mi, reference_mi, emi: Double }
            let sets: [Set]
        }
        let file = Paths.project.appending(path: "Tests/InformationTests/Golden/club_kernel_digits.json")
        let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
        var settings = StudySettings()
        settings.estimator = "club-kernel"
        settings.permutations = 0
        let sets = studySets(files)
        let result = try analyse(sets, settings: settings, threadCount: 1)
        let found = [result.id, try #require(result.shift).ood]
        for (set, expected) in zip(found, golden.sets) {
            #expect(set.name == expected.name)
            #expect(abs(set.modelMutualInformation - expected.model_mi) < 1e-9)
            #expect(abs(set.referenceMutualInformation - expected.reference_mi) < 1e-9)
            #expect(abs(set.emi.value - expected.emi) < 1e-9)
        }
    }

    @Test func aSetAgainstItselfShowsNothing() throws {
        let sets = studySets([files[0], files[0]])
        let result = try analyse(sets, settings: StudySettings(), threadCount: 2)
        let shift = try #require(result.shift)
        #expect(abs(shift.emid.value) < 1e-12 && shift.emidPValue == 1)
        for (_, divergence) in shift.discrepancies.modalities { #expect(divergence.plugIn == 0 && divergence.pValue == 1) }
        #expect(shift.attribution == nil)
    }

    @Test func aVisualShiftIsVisual() throws {
        let sets = studySets(files)
        let result = try analyse(sets, settings: StudySettings(), threadCount: 2)
        let shift = try #require(result.shift)
        let shares = try #require(shift.attribution)
        #expect(shares.first { $0.name == "visual" }.map { $0.fraction > 0.9 } == true)
        #expect(abs(shares.reduce(0) { $0 + $1.fraction } - 1) < 1e-12)
        #expect(shift.discrepancies.modalities[0].divergence.pValue.map { $0 < 0.02 } == true)
        for bound in shift.bounds { #expect(abs(bound.value - bound.terms.reduce(0) { $0 + $1.value }) < 1e-12) }
    }

    @Test func aSavedFitGivesTheSameNumbers() throws {
        let sets = studySets(files)
        var settings = StudySettings()
        settings.permutations = 0
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        for estimator in ["reference-channel", "club-kernel", "club-ridge"] {
            settings.estimator = estimator
            let first = try analyse(sets, settings: settings, threadCount: 1)
            try first.prepared.saveFit(to: path)
            var applied = settings
            applied.fit = .file(path)
            let second = try analyse(sets, settings: applied, threadCount: 1)
            #expect(abs(second.id.emi.value - first.id.emi.value) < 1e-8)
            #expect(abs((second.shift?.emid.value ?? .nan) - (first.shift?.emid.value ?? 0)) < 1e-8)
            // It was not fitted anew: the fit of other sets would be another one.
            let alone = try analyse([sets[0]], settings: applied, threadCount: 1)
            #expect(abs(alone.id.emi.value - first.id.emi.value) < 1e-8)
            #expect(abs(try analyse([sets[0]], settings: settings).id.emi.value - first.id.emi.value) > 1e-3)
        }
    }

    @Test func aFitOnTheIDSetJudgesTheOODSetByItemsItHasNotSeen() throws {
        let sets = studySets(files)
        var settings = StudySettings()
        settings.permutations = 0
        settings.fit = .id
        let result = try analyse(sets, settings: settings, threadCount: 1)
        // Without the exclusion of shared items the reference information of the OOD set would be inflated.
        let shift = try #require(result.shift)
        #expect(shift.ood.referenceMutualInformation < 2 * result.id.referenceMutualInformation)
        #expect(result.id.referenceMutualInformation > 1)
    }

    @Test func rawTextsRunWithoutAnEncoder() throws {
        let sets = studySets(["clean.jsonl", "frost_3.jsonl"].map { Paths.fixtures.appending(path: $0) })
        let result = try analyse(sets, settings: StudySettings(), threadCount: 2)
        #expect(result.id.sampleCount == 90 && result.shift?.ood.sampleCount == 90)
        #expect(try load(sets)[0].set.modalities.map(\.name) == ["text"])
    }

    @Test(arguments: EstimatorCatalogue.names.filter { $0 != "club-network" }) func everyEstimatorRuns(_ name: String) throws {
        var settings = StudySettings()
        settings.estimator = name
        settings.permutations = 10
        let sets = studySets(files)
        let result = try analyse(sets, settings: settings, threadCount: 2)
        let shift = try #require(result.shift)
        #expect(shift.emid.interval?.contains(shift.emid.value) == true)
        #expect(shift.emidPValue != nil)
    }
}
