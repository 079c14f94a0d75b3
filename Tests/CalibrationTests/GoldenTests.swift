import Foundation
import Statistics
import Testing

@testable import Calibration

@Suite(.enabled(if: Golden.isThere, "needs ../shared/calibration/golden, which is not there"))
struct GoldenTests {
    private static let rowFiles = [
        "mixed", "mixed_ungrouped", "eight_groups", "one_row", "all_correct", "all_wrong", "constant", "only_zero_and_one",
        "verbal_ties", "calibrated_by_construction",
    ]

    private func rows(_ objects: [[String: Any]]) throws -> ConfidenceRows {
        try ConfidenceRows(
            confidence: objects.numbers("confidence"), outcome: objects.numbers("correct"),
            clusters: objects.texts("group").map { Clusters(labels: $0) })
    }

    private func scores(_ name: String) throws -> OptionScores {
        let objects = try Golden.objects("\(name).jsonl")
        return try OptionScores(
            options: objects.map { ($0["options"] as? [NSNumber])?.map(\.doubleValue) ?? [] },
            labels: objects.numbers("label").map { Int($0) }, clusters: objects.texts("group").map { Clusters(labels: $0) })
    }

    private func rows(_ scores: OptionScores, _ outcomes: OptionOutcomes) throws -> ConfidenceRows {
        try ConfidenceRows(
            confidence: outcomes.confidence, outcome: outcomes.outcome,
            clusters: scores.clusters.areGiven ? scores.clusters : nil)
    }

    @Test(arguments: rowFiles) func aFileOfRowsHasTheGoldenReport(_ name: String) throws {
        expectReport(try rows(try Golden.objects("rows/\(name).jsonl")), try Golden.expected()["rows"][name])
    }

    @Test func eightGroupsHaveTheExactPOfAllPatternsOfSigns() throws {
        let prepared = PreparedRows(try rows(try Golden.objects("rows/eight_groups.jsonl")), confidence: 0.95)
        let error = KernelCalibrationError(prepared, .init(draws: 999))
        #expect(error.isExact)
        expect(error.pValue, try Golden.expected()["rows"]["eight_groups"]["skce_exact_p"])
        let drawn = KernelCalibrationError(prepared, .init(draws: 20))
        #expect(!drawn.isExact)
    }

    @Test(arguments: ["id", "ood"]) func optionScoresHaveTheGoldenReport(_ name: String) throws {
        let golden = try Golden.expected()["mcq"][name]
        let scores = try scores("mcq_\(name)")
        let outcomes = OptionOutcomes(scores)
        expectReport(try rows(scores, outcomes), golden["report"])
        expect(outcomes.negativeLogLikelihood.reduce(0, +) / Double(scores.count), golden["nll"])
        expect(outcomes.brier.reduce(0, +) / Double(scores.count), golden["brier_options"])
        expect(outcomes.entropy.reduce(0, +) / Double(scores.count), golden["entropy"])
    }

    @Test func temperaturesAndTheirTransferAreGolden() throws {
        let golden = try Golden.expected()["mcq"]
        let (id, ood) = (try scores("mcq_id"), try scores("mcq_ood"))
        let inference = Inference(clusters: id.clusters, confidence: 0.95)
        let (idFit, oodFit) = (TemperatureFit(id, inference), TemperatureFit(ood, inference))
        expect(idFit.temperature, golden["temperature_id"]["T"], tolerance: 1e-7)
        expect(idFit.logStandardError, golden["temperature_id"]["ln_se"], tolerance: 1e-7)
        let interval = golden["temperature_id"]["interval"].numbers
        #expect(abs((idFit.interval?.lowerBound ?? 0) - interval[0]) < 1e-7)
        #expect(abs((idFit.interval?.upperBound ?? 0) - interval[1]) < 1e-7)
        expect(oodFit.temperature, golden["temperature_ood"]["T"], tolerance: 1e-7)
        expect(oodFit.logStandardError, golden["temperature_ood"]["ln_se"], tolerance: 1e-7)

        let pairs = RowPairs(first: Array(0..<id.count), second: Array(0..<id.count), clusters: id.clusters)
        let transfer = TemperatureTransfer(first: (id, idFit), second: (ood, oodFit), pairs: pairs, confidence: 0.95)
        expect(transfer.logRatio?.value.value, golden["ln_ratio"]["value"], tolerance: 1e-7)
        expect(transfer.logRatio?.value.standardError, golden["ln_ratio"]["se_paired"], tolerance: 1e-7)
        let ratio = golden["ln_ratio"]["interval"].numbers
        #expect(abs((transfer.logRatio?.value.interval?.lowerBound ?? 0) - ratio[0]) < 1e-7)
        #expect(abs((transfer.logRatio?.value.interval?.upperBound ?? 0) - ratio[1]) < 1e-7)
        expect(transfer.regret, golden["regret"], tolerance: 1e-7)

        let own = try #require(CrossFitting.temperatures(id, start: idFit.temperature))
        for (found, wanted) in zip(own.byFold, golden["fold_temperatures_id"].numbers) {
            #expect(abs(found - wanted) < 1e-7)
        }
        expectReport(
            try rows(id, OptionOutcomes(id) { own.byRow[$0] }), golden["id_cross_fitted"]["report"])
        expectReport(
            try rows(ood, OptionOutcomes(ood) { _ in idFit.temperature }), golden["ood_at_id_temperature"]["report"])
        let oodOwn = try #require(CrossFitting.temperatures(ood))
        expectReport(
            try rows(ood, OptionOutcomes(ood) { oodOwn.byRow[$0] }), golden["ood_cross_fitted_own"]["report"])
    }

    @Test func plattScalingIsGolden() throws {
        let golden = try Golden.expected()["mcq"]
        let (id, ood) = (OptionOutcomes(try scores("mcq_id")), OptionOutcomes(try scores("mcq_ood")))
        let fit = try #require(PlattScaling(confidence: id.confidence, outcome: id.outcome))
        expect(fit.slope, golden["platt_id"]["slope"], tolerance: 1e-7)
        expect(fit.intercept, golden["platt_id"]["intercept"], tolerance: 1e-7)
        let after = CalibrationSummary(
            try ConfidenceRows(confidence: ood.confidence.map { fit($0) }, outcome: ood.outcome))
        expect(after.byWidth.ece, golden["ood_at_id_platt"]["ece_width10"], tolerance: 1e-7)
        expect(after.brier.score.value, golden["ood_at_id_platt"]["brier"], tolerance: 1e-7)
    }

    @Test func pairedChangesAreGolden() throws {
        let golden = try Golden.expected()["mcq"]["ood_minus_id"]
        let (id, ood) = (try scores("mcq_id"), try scores("mcq_ood"))
        let (first, second) = (OptionOutcomes(id), OptionOutcomes(ood))
        let inference = Inference(clusters: id.clusters, confidence: 0.95)
        func gaps(_ outcomes: OptionOutcomes) -> [Double] { zip(outcomes.confidence, outcomes.outcome).map { $0 - $1 } }
        let columns: [(String, (OptionOutcomes) -> [Double])] = [
            ("accuracy", \.outcome), ("confidence", \.confidence), ("gap", gaps),
            ("brier", { gaps($0).map { $0 * $0 } }), ("nll", \.negativeLogLikelihood),
        ]
        for (name, values) in columns {
            let change = Change(first: values(first), second: values(second), inference)
            expect(change.value, golden[name])
            expect(change.pValue, golden[name]["p"])
        }
        let (before, after) = (CalibrationSummary(try rows(id, first)), CalibrationSummary(try rows(ood, second)))
        expect(after.byWidth.ece - before.byWidth.ece, golden["ece_width10"]["plain"])
        expect(after.byWidth.excess - before.byWidth.excess, golden["ece_width10"]["excess"])
    }

    @Test func temperaturesEndAtTheirLimits() throws {
        let golden = try Golden.expected()["temperature_limits"]
        let options = (golden["options"].json as? [[NSNumber]] ?? []).map { $0.map(\.doubleValue) }
        let inference = Inference(clusters: Clusters(rowCount: options.count), confidence: 0.95)
        func fit(_ label: ([Double]) -> Double?) throws -> TemperatureFit {
            TemperatureFit(
                try OptionScores(options: options, labels: options.map { row in row.firstIndex(of: label(row) ?? 0) ?? 0 }),
                inference)
        }
        let top = try fit { $0.max() }
        #expect(top.temperature == 0.01 && top.limit == .lower && top.interval == nil)
        let bottom = try fit { $0.min() }
        #expect(bottom.temperature == 100 && bottom.limit == .upper && bottom.logStandardError == nil)
    }

    @Test func textImageAndBothAreGolden() throws {
        let golden = try Golden.expected()["modalities"]
        let found = try ModalityComparison(
            text: try scores("modality_text"), image: try scores("modality_image"), both: try scores("modality_both"))
        expect(found.entropy.text, golden["entropy"]["text"])
        expect(found.entropy.image, golden["entropy"]["image"])
        expect(found.entropy.both, golden["entropy"]["both"])
        expect(found.imageMinusText, golden["entropy_image_minus_text"])
        expect(found.integrationGain, golden["integration_gain"])
        expect(found.negativeLogLikelihood.text, golden["nll"]["text"])
        expect(found.negativeLogLikelihood.image, golden["nll"]["image"])
        expect(found.negativeLogLikelihood.both, golden["nll"]["both"])
        expect(found.likelihoodGain, golden["nll_gain"])
        expect(found.textAndBoth, golden["jsd_text_both"])
        expect(found.imageAndBoth, golden["jsd_image_both"])
        expect(found.textAndImage, golden["jsd_text_image"])
        expect(found.relianceOnText?.value, golden["reliance_on_text"])
        expect(found.pooledNegativeLogLikelihood, golden["pooled_nll"])
        expect(found.synergy, golden["synergy"])
    }

    @Test func abstentionsAreGolden() throws {
        let golden = try Golden.expected()["idk"]
        let objects = try Golden.objects("idk.jsonl")
        let found = AbstentionSummary(
            answerable: objects.numbers("answerable").map { $0 == 1 }, abstained: objects.numbers("abstained").map { $0 == 1 },
            scores: objects.numbers("correct"), confidence: objects.numbers("confidence"),
            clusters: Clusters(rowCount: objects.count))
        expectRates(found, golden)
        expect(found.areaUnderCurve?.value, golden["auroc_unanswerable_by_low_confidence"])
        expect(found.confidenceOnUnanswerable?.value, golden["confidence_on_unanswerable_attempted"])
    }

    @Test(arguments: [
        ("no_unanswerable", [1, 1, 1, 1, 1], [0, 0, 1, 0, 0], [1, 0, 0, 1, 1]),
        ("never_abstains", [1, 1, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]),
        ("always_abstains", [1, 1, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0]),
    ])
    func ratesWithoutRowsAreNull(_ name: String, answerable: [Int], abstained: [Int], scores: [Double]) throws {
        let found = AbstentionSummary(
            answerable: answerable.map { $0 == 1 }, abstained: abstained.map { $0 == 1 }, scores: scores,
            confidence: scores.map { _ in nil }, clusters: Clusters(rowCount: scores.count))
        expectRates(found, try Golden.expected()["idk_degenerate"][name])
    }

    private func expectRates(_ found: AbstentionSummary, _ golden: Golden.Value) {
        expect(Double(found.count), golden["n"])
        expect(Double(found.answerableCount), golden["answerable"])
        expect(Double(found.abstainedCount), golden["abstained"])
        expect(found.recall?.value, golden["abstention_recall"])
        expect(found.overAbstention?.value, golden["over_abstention"])
        expect(found.precision?.value, golden["abstention_precision"])
        expect(found.f1, golden["abstention_f1"])
        expect(found.accuracyOfAnswerable?.value, golden["accuracy_answerable"])
        expect(found.accuracyOfAttempted?.value, golden["accuracy_attempted"])
        expect(found.truthful.value, golden["truthful"])
        for (cost, value) in found.effectiveReliability {
            expect(value.value, golden["effective_reliability"]["\(Int(cost))"])
        }
    }
}
