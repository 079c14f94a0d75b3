import Foundation
import Testing

@testable import EmbeddingFiles

private let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/calibration/golden/readers").standardizedFileURL

/// The golden files of confidences, row by row.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: golden.path), "needs ../shared/calibration/golden, which is not there"))
struct GoldenConfidenceTests {
    private func read(_ name: String, _ change: (inout ConfidenceRequest) -> Void = { _ in }) throws -> ConfidenceTable {
        var request = ConfidenceRequest()
        change(&request)
        return try readConfidences(golden.appending(path: name).path, request)
    }

    private func expected(_ name: String) throws -> Any? {
        let data = try Data(contentsOf: golden.appending(path: "../expected.json"))
        let all = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return (all?["readers"] as? [String: Any])?[name]
    }

    /// Compares a row with `[confidence, correct]` or an object of them and a code.
    private func expect(_ table: ConfidenceTable, _ row: Int, _ golden: Any?) {
        var wanted = golden as? [String: Any] ?? [:]
        if let pair = golden as? [NSNumber] { wanted = ["confidence": pair[0], "correct": pair[1]] }
        let id = table.ids[row]
        if let confidence = (wanted["confidence"] as? NSNumber)?.doubleValue {
            #expect(abs(table.confidence[row] - confidence) < 1e-11, "\(id)")
        }
        if let correct = (wanted["correct"] as? NSNumber)?.doubleValue { #expect(table.outcome[row] == correct, "\(id)") }
        if let probability = (wanted["token_probability"] as? NSNumber)?.doubleValue {
            #expect(abs(table.tokenProbability[row] - probability) < 1e-11, "\(id)")
        }
        let code = wanted["code"] as? String
        // Codes of rows that are used all the same are remarks.
        if let code, RowRemark.allCases.allSatisfy({ $0.code != code }) {
            #expect(table.states[row].code == code, "\(id)")
        } else if wanted["confidence"] != nil {
            #expect(table.states[row] == .used, "\(id)")
        }
    }

    private func expectAll(_ table: ConfidenceTable, _ golden: Any?) {
        if let rows = golden as? [[String: Any]] {
            #expect(table.count == rows.count)
            for (row, wanted) in rows.enumerated() {
                #expect(table.ids[row] == wanted["id"] as? String)
                expect(table, row, wanted)
            }
        } else if let byID = golden as? [String: Any] {
            #expect(table.count == byID.count)
            for (row, id) in table.ids.enumerated() { expect(table, row, byID[id]) }
        }
        #expect(table.stateCounts.values.reduce(0, +) == table.count, "rows read are used, or excluded with a reason")
    }

    @Test func logLikelihoodsOfLMEval() throws {
        let table = try read("lm_eval_samples.jsonl")
        #expect(table.layout == .evaluationSamples && table.scoreKind == .logLikelihood && table.hasOptions)
        #expect(table.disagreementCount == 0 && table.remarks == [.tie: 1])
        expectAll(table, try expected("lm_eval_samples.jsonl"))
    }

    @Test func lossesOfLMMSEval() throws {
        let table = try read("lmms_eval_samples.jsonl")
        #expect(table.scoreKind == .loss && table.disagreementCount == 0)
        expectAll(table, (try expected("lmms_eval_samples.jsonl") as? [String: Any])?["rows"])
    }

    @Test func lossesReadAsLogLikelihoodsAreRefused() {
        #expect(throws: ConfidenceFileError.self) { try read("lmms_eval_samples.jsonl") { $0.scoreKind = .logLikelihood } }
    }

    @Test func logProbabilitiesOfABatch() throws {
        let table = try read("openai_batch.jsonl") { $0.answers = golden.appending(path: "openai_answers.csv").path }
        #expect(table.layout == .chatLogProbabilities && table.remarks == [.optionsCut: 1])
        expectAll(table, try expected("openai_batch.jsonl"))
        #expect(table.options(2).filter { $0 == -.infinity }.count == 2)
    }

    @Test func aBatchNeedsItsAnswers() {
        #expect(throws: ConfidenceFileError.noAnswers(file: golden.appending(path: "openai_batch.jsonl").path)) {
            try read("openai_batch.jsonl")
        }
    }

    @Test func confidencesInWords() throws {
        let table = try read("text_confidence.jsonl")
        #expect(table.layout == .statedConfidence)
        expectAll(table, try expected("text_confidence.jsonl"))
    }

    @Test func sharesOfSampledAnswers() throws {
        let table = try read("k_samples.jsonl")
        #expect(table.layout == .sampledAnswers && table.remarks == [.tie: 1, .oneSample: 1])
        expectAll(table, try expected("k_samples.jsonl"))
    }

    @Test func aTableOfVLMEvalKitHasNoConfidences() throws {
        let table = try read("vlmevalkit.tsv")
        expectAll(table, (try expected("vlmevalkit.tsv") as? [String: Any])?["rows"])
        #expect(table.stateCounts == [.noConfidence: 2, .randomAnswer: 1])
    }

    @Test func rowsAtFaultAreListedOrCounted() throws {
        let error = #expect(throws: ConfidenceFileError.self) { try read("bad.jsonl") }
        #expect(error?.description.contains("line 1: expected a confidence between 0 and 1, found 1.2") == true)
        #expect(error?.code == "confidence_out_of_range" && error?.hint?.contains("--skip-bad") == true)
        guard case .faults(_, _, let count)? = error else { return }
        #expect(count == 9)

        let table = try read("bad.jsonl") { $0.skipsFaults = true }
        let codes = try #require(try expected("bad.jsonl") as? [String: String])
        for (row, id) in table.ids.enumerated() where !(id == "b7" && table.lines[row] == 7) {
            #expect(table.states[row].code == codes[id], "\(id)")
        }
        #expect(table.stateCounts.values.reduce(0, +) == 11 && table.usedRows.count == 1)
    }

    @Test func optionScoresOfOurOwn() throws {
        let table = try readConfidences(golden.appending(path: "../mcq_id.jsonl").path)
        #expect(table.layout == .rows && table.hasOptions && table.count == 150)
        #expect(table.groupLabels.count == 75 && table.groupLabels == table.groupLabels.sorted())
    }
}
