import Calibration
import EmbeddingFiles
import Foundation
import Testing

@testable import Studies

private let golden = Paths.shared.appending(path: "calibration/golden")

/// Files of confidences in a folder that is removed.
private final class Files {
    let folder = FileManager.default.temporaryDirectory.appending(path: "emi-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func source(_ name: String, _ lines: [String], kind: String? = nil) throws -> CalibrationSource {
        let path = folder.appending(path: "\(name).jsonl")
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: path)
        return CalibrationSource(name: name, kind: kind, path: path.path)
    }

    /// `count` rows in groups of two, from the id `first` on.
    func rows(_ name: String, first: Int = 0, count: Int, gap: Double, hasIDs: Bool = true) throws -> CalibrationSource {
        try source(
            name,
            (first..<(first + count)).map { row in
                let id = hasIDs ? "\"id\": \"q\(row)\", " : ""
                let confidence = 0.55 + gap + 0.01 * Double(row % 7)
                return "{\(id)\"group\": \"g\(row / 2)\", \"confidence\": \(confidence), \"correct\": \(row % 5 < 3 ? 1 : 0)}"
            })
    }
}

private func study(_ sources: [CalibrationSource], _ change: (inout CalibrationSettings) -> Void = { _ in }) throws -> CalibrationStudy {
    var settings = CalibrationSettings()
    settings.draws = 19
    change(&settings)
    return try CalibrationStudy(sources, settings, threadCount: 2)
}

@Suite struct CalibrationStudyTests {
    @Test(.enabled(if: Paths.exists(golden), "needs ../shared/calibration/golden, which is not there"))
    func twoSetsOfTheSameItemsHaveTheGoldenChanges() throws {
        let found = try study(
            ["mcq_id", "mcq_ood"].map {
                CalibrationSource(name: $0, path: golden.appending(path: "\($0).jsonl").path)
            })
        let shifted = try #require(try found.scenarios.first?.result.get())
        #expect(shifted.comparison.pairedCount == 150 && shifted.analysis.notes.isEmpty)
        let gap = try #require(shifted.comparison.changes["gap"])
        #expect(abs(gap.value.value - 0.168695291712) < 1e-10 && abs((gap.pValue ?? 1) - 0.00384980535891) < 1e-10)
        #expect(shifted.comparison.qValues["gap"] == gap.pValue)
        #expect(abs((found.referenceTemperature ?? 0) - 1.64312845197) < 1e-7)
        #expect(abs((shifted.comparison.transfer?.logRatio?.value.value ?? 0) - 0.427277834465) < 1e-7)
        #expect(abs((shifted.comparison.transfer?.regret?.value ?? 0) - 0.0392673618427) < 1e-7)
        #expect(abs((shifted.comparison.atReference?.gap.value ?? 0) - 0.146636321133) < 1e-7)
        // The published grid has hundredths.
        let paper = try study([CalibrationSource(name: "id", path: golden.appending(path: "mcq_id.jsonl").path)]) {
            $0.followsPaper = true
        }
        #expect(paper.reference.temperature?.temperature == 1.64)
    }

    @Test func setsWithOtherItemsAreIndependent() throws {
        let files = try Files()
        let found = try study([
            try files.rows("id", count: 80, gap: 0.1), try files.rows("other", first: 100, count: 60, gap: 0.2),
            try files.rows("half", first: 40, count: 80, gap: 0.2), try files.rows("unnamed", count: 80, gap: 0.2, hasIDs: false),
        ])
        let shifted = try found.scenarios.map { try $0.result.get() }
        #expect(shifted.map(\.comparison.pairedCount) == [0, 40, 0])
        #expect(shifted[0].analysis.notes.map(\.code) == [.unpairedSets])
        #expect(shifted[1].analysis.notes.map(\.code) == [.partlyPaired])
        #expect(shifted.allSatisfy { ($0.comparison.changes["gap"]?.value.standardError ?? 0) > 0 })
    }

    @Test func whatIsWrongWithAShiftedSetIsItsOwn() throws {
        let files = try Files()
        let good = try files.rows("id", count: 40, gap: 0)
        let bad = try files.source("bad", [#"{"id": "a", "confidence": 1.2, "correct": 1}"#])
        let found = try study([good, bad, CalibrationSource(name: "none", path: "/nowhere/x.jsonl")])
        let codes = found.scenarios.map { scenario -> String? in
            guard case .failure(let error) = scenario.result else { return nil }
            return error.code
        }
        #expect(codes == ["confidence_out_of_range", "missing_file"])
        #expect(throws: RunError.self) { try study([bad, good]) }
        let counted = try study([good, bad]) { $0.request.skipsFaults = true }
        // Without a row that is left there is nothing to say.
        guard case .failure(let error) = try #require(counted.scenarios.first).result else {
            Issue.record("a set without rows has an analysis")
            return
        }
        #expect(error.code == "no_confidences" && error.message.contains("1 confidence_out_of_range"))
    }

    @Test func excludedRowsAreCountedAndCountAsWrong() throws {
        let files = try Files()
        let answers = (0..<40).map { row in
            row % 4 == 0
                ? #"{"id": "\#(row)", "response": "I don't know", "answer": "A"}"#
                : #"{"id": "\#(row)", "response": "Answer: A\nConfidence: 8\#(row % 10)%", "answer": "\#(row % 3 == 0 ? "B" : "A")"}"#
        }
        let found = try study([try files.source("stated", answers)]).reference
        #expect(found.set.table.stateCounts == [.used: 30, .abstained: 10])
        let right = found.summary.map { $0.accuracy.value * 30 } ?? 0
        #expect(abs((found.accuracyOfAll?.value ?? 0) - right / 40) < 1e-12)
        #expect(found.notes.map(\.code).contains(.excludedRows) && found.abstention?.abstainedCount == 10)
    }

    @Test func degenerateSetsHaveNoNumbersThatAreNone() throws {
        let files = try Files()
        let sets = [
            try files.source("one", [#"{"id": "a", "confidence": 0.8, "correct": 1}"#]),
            try files.source("constant", (0..<40).map { #"{"id": "\#($0)", "confidence": 0.8, "correct": \#($0 % 2)}"# }),
            try files.source("sure", (0..<40).map { #"{"id": "\#($0)", "confidence": 1, "correct": \#($0 == 0 ? 0 : 1)}"# }),
            try files.source("right", (0..<40).map { #"{"id": "\#($0)", "options": [-0.1, -3], "label": 0}"# }),
        ]
        let codes = try sets.map { try study([$0]).reference.notes.map(\.code) }
        #expect(
            codes == [
                [.fewGroups, .constantConfidence], [.constantConfidence], [.constantConfidence, .certainAndWrong],
                [.constantConfidence, .oneOutcome, .temperatureLimit],
            ])
        let one = try #require(try study([sets[0]]).reference.summary)
        #expect(one.gap.standardError == nil && one.byWidth.interval == nil && one.areaUnderCurve == nil)
        #expect(try study([sets[3]]).reference.temperature?.limit == .lower)
        #expect(try study([sets[2]]).reference.summary?.logLoss.value == nil)
    }

    @Test(arguments: [0, 1]) func allRightOrAllWrongRanksNothing(_ correct: Int) throws {
        let files = try Files()
        let column = try files.source(
            "column", (0..<40).map { #"{"id": "\#($0)", "confidence": 0.\#(50 + $0), "correct": \#(correct)}"# })
        let found = try study([column]).reference
        let summary = try #require(found.summary)
        #expect(summary.areaUnderCurve == nil && summary.selective.normalised == nil && found.platt == nil && found.afterOwn == nil)
        #expect(found.notes.map(\.code) == [.oneOutcome])
        #expect(summary.accuracy.value == Double(correct) && summary.accuracy.interval.map { $0.upperBound > $0.lowerBound } == true)
        let options = try files.source(
            "options", (0..<40).map { #"{"id": "\#($0)", "options": [-0.\#(10 + $0), -3], "label": \#(1 - correct)}"# })
        #expect(try study([options]).reference.temperature?.limit == (correct == 1 ? .lower : .upper))
    }

    @Test(arguments: [(1, false), (2, true)]) func excludedRowsAreMentionedFromFivePerCentOn(_ count: Int, _ isMentioned: Bool) throws {
        let files = try Files()
        let rows = (0..<40).map { row in
            row < count
                ? #"{"id": "\#(row)", "confidence": null, "correct": 1}"#
                : #"{"id": "\#(row)", "confidence": 0.\#(50 + row), "correct": \#(row % 2)}"#
        }
        let found = try study([try files.source("rows", rows)]).reference
        #expect(found.set.table.stateCounts[.noConfidence] == count && found.accuracyOfAll != nil)
        #expect(found.notes.map(\.code).contains(.excludedRows) == isMentioned)
    }

    @Test func failedRequestsAndUnreadableAnswersAreCounted() throws {
        let files = try Files()
        func line(_ id: Int, _ token: String) -> String {
            let other = token == "A" ? "B" : "A"
            let top = #"[{"token": "\#(token)", "logprob": -0.3}, {"token": "\#(other)", "logprob": -1.5}]"#
            let content = #"[{"token": "\#(token)", "logprob": -0.3, "top_logprobs": \#(top)}]"#
            let choice = #"{"message": {"content": "\#(token)"}, "logprobs": {"content": \#(content)}}"#
            return #"{"custom_id": "\#(id)", "response": {"body": {"choices": [\#(choice)]}}, "error": null}"#
        }
        let failed = #"{"custom_id": "2", "response": null, "error": {"message": "timeout"}}"#
        let source = try files.source("batch", [line(0, "A"), line(1, "B"), failed, line(3, "Well")])
        let answers = files.folder.appending(path: "answers.csv")
        try Data("id,answer,options\n0,A,2\n1,A,2\n2,A,2\n3,A,2\n".utf8).write(to: answers)
        let found = try study([source]) { $0.request.answers = answers.path }.reference
        #expect(found.set.table.stateCounts == [.used: 2, .failedRequest: 1, .unparsed: 1])
        // One of four is known to be right.
        #expect(found.accuracyOfAll?.value == 0.25)
    }

    @Test func threadsDoNotMatter() throws {
        let files = try Files()
        let sources = try (0..<4).map { try files.rows("s\($0)", count: 60, gap: 0.05 * Double($0)) }
        let results = try [1, 3].map { threads -> [Double] in
            let found = try CalibrationStudy(sources, CalibrationSettings(), threadCount: threads)
            return try found.scenarios.flatMap { scenario -> [Double] in
                let shifted = try scenario.result.get()
                return [shifted.analysis.summary?.kernel.pValue ?? -1, shifted.comparison.qValues["gap"] ?? -1]
            }
        }
        #expect(results[0] == results[1])
    }
}
