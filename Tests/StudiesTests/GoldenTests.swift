import Foundation
import Information
import Studies
import Testing

/// `../shared/golden/expected.json`: the published estimators in double precision.
private struct Expected: Decodable {
    struct Set: Decodable {
        let n: Int
        let model_mi, reference_mi, emi: Double
    }
    struct Terms: Decodable {
        let jsd_visual, jsd_text, jsd_output_id, jsd_output_ood, bound_scale_adjusted, bound_entropy_scaler_2: Double
    }
    struct Pair: Decodable {
        let pooled_weights, equal_weights: Terms
        let emid_club_global: Double
    }
    let sets: [String: Set]
    let pairs: [String: Pair]
}

private let golden = Paths.shared.appending(path: "golden")

@Suite(.enabled(if: Paths.exists(golden), "../shared/golden is not here"))
struct GoldenTests {
    private func settings(compatible: Bool) -> StudySettings {
        var settings = StudySettings()
        settings.estimator = "club-network"
        settings.weights = golden.appending(path: "club_global.safetensors").path
        settings.divergence = .plugin
        settings.permutations = 0
        settings.entropyScale = .value(2)
        settings.compat = compatible ? .paper : nil
        return settings
    }

    @Test(arguments: ["ood_equal", "ood_60", "ood_30"], [false, true])
    func thePublishedNumbersAreReproduced(_ name: String, _ compatible: Bool) throws {
        let expected = try JSONDecoder().decode(
            Expected.self, from: Data(contentsOf: golden.appending(path: "expected.json")))
        let settings = settings(compatible: compatible)
        let sets = studySets(
            [golden.appending(path: "id.npz"), golden.appending(path: "\(name).npz")])
        let result = try analyse(sets, settings: settings, threadCount: 2)
        let shift = try #require(result.shift)
        let pair = try #require(expected.pairs[name])
        func expectClose(_ found: Double, _ value: Double, _ what: String) {
            #expect(abs(found - value) < 1e-9, "\(what): \(found), expected \(value)")
        }
        for (set, key) in [(result.id, "id"), (shift.ood, name)] {
            let values = try #require(expected.sets[key])
            #expect(set.sampleCount == values.n)
            expectClose(set.modelMutualInformation, values.model_mi, "\(key) model_mi")
            expectClose(set.referenceMutualInformation, values.reference_mi, "\(key) reference_mi")
            expectClose(set.emi.value, values.emi, "\(key) emi")
        }
        expectClose(shift.emid.value, pair.emid_club_global, "emid")
        let terms = compatible ? pair.pooled_weights : pair.equal_weights
        let found = shift.discrepancies
        expectClose(found.modalities[0].divergence.plugIn, terms.jsd_visual, "visual")
        expectClose(found.modalities[1].divergence.plugIn, terms.jsd_text, "text")
        expectClose(found.outputID.plugIn, terms.jsd_output_id, "output_id")
        expectClose(found.outputOOD.plugIn, terms.jsd_output_ood, "output_ood")
        let bounds = Dictionary(uniqueKeysWithValues: shift.bounds.map { ($0.form, $0.value) })
        expectClose(try #require(bounds[.scaleAdjusted]), terms.bound_scale_adjusted, "scale-adjusted")
        expectClose(try #require(bounds[.paper]), terms.bound_entropy_scaler_2, "paper")
    }
}
