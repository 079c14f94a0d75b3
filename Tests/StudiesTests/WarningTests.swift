import EmbeddingFiles
import Foundation
import Statistics
import Testing

@testable import Information
@testable import Studies

@Suite struct WarningTests {
    /// Rows of a set file: three numbers each for the query, the response and the reference, from a seed.
    private func rows(_ count: Int, seed: UInt64, scale: Double = 1, group: Int = 1) -> [String] {
        var generator = SeededGenerator(seed: seed)
        func vector() -> String {
            let values = (0..<3).map { _ in Double.random(in: -1...1, using: &generator) }
            let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return "[" + values.map { "\($0 / norm * scale)" }.joined(separator: ",") + "]"
        }
        return (0..<count).map { row in
            #"{"visual":\#(vector()),"response":\#(vector()),"reference":\#(vector()),"group":"\#(seed)-\#(row / group)"}"#
        }
    }

    private func codes(_ id: [String], _ ood: [String], _ change: (inout StudySettings) -> Void = { _ in }) throws -> [WarningCode] {
        var settings = StudySettings()
        settings.estimator = "club-ridge"
        settings.permutations = 19
        change(&settings)
        let folder = FileManager.default.temporaryDirectory.appending(path: "emi-warnings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var sources: [SampleSource] = []
        for (name, rows) in [("id", id), ("ood", ood)] {
            let file = folder.appending(path: "\(name).jsonl")
            try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: file)
            sources.append(SampleSource(bundle: file.path))
        }
        let result = try analyse(sources.map { StudySet(source: $0) }, settings: settings, threadCount: 1)
        return try #require(result.shift).warnings.map(\.code)
    }

    @Test func twoPlainSetsHaveNone() throws {
        let found = try codes(rows(70, seed: 1), rows(70, seed: 2))
        #expect(found.filter { $0 != .discrepancyUnresolved && $0 != .boundBelowGap && $0 != .smallSample } == [])
    }

    @Test func rowsOfTheIDSetAreNoticed() throws {
        #expect(try codes(rows(70, seed: 1), rows(60, seed: 2) + rows(10, seed: 1)).contains(.sharedRows))
        #expect(try !codes(rows(70, seed: 1), rows(69, seed: 2) + rows(1, seed: 1)).contains(.sharedRows))
    }

    @Test func repeatedRowsAreNoticed() throws {
        let found = try codes(rows(70, seed: 1), rows(60, seed: 2) + rows(10, seed: 2))
        #expect(found.contains(.duplicateRows))
    }

    @Test func aDefaultAnswerIsNoticed() throws {
        let lines = rows(70, seed: 2)
        let answer = try #require(lines[0].firstMatch(of: /"response":\[[^\]]*\]/)).output
        let refusals = lines.enumerated().map { index, line in
            index < 36 ? line.replacing(/"response":\[[^\]]*\]/, with: answer) : line
        }
        #expect(try codes(rows(70, seed: 1), refusals).contains(.repeatedResponse))
        #expect(try codes(rows(70, seed: 1), Array(refusals[1...]) + rows(2, seed: 3)).contains(.repeatedResponse) == false)
    }

    @Test func lengthsThatDifferAreNoticed() throws {
        #expect(try codes(rows(70, seed: 1), rows(70, seed: 2, scale: 1.02)).contains(.normalisationDiffers))
        #expect(try codes(rows(70, seed: 1, scale: 7), rows(70, seed: 2, scale: 20)).contains(.normalisationDiffers))
        #expect(try !codes(rows(70, seed: 1, scale: 7), rows(70, seed: 2, scale: 8)).contains(.normalisationDiffers))
    }

    @Test func fewGroupsAllowNoSmallPValue() throws {
        let found = try codes(rows(60, seed: 1, group: 15), rows(60, seed: 2, group: 15))
        // Four groups a side have 70 relabellings, which count half, because sides may change places; three against two have 10.
        #expect(!found.contains(.fewRelabellings) && found.contains(.fewGroups))
        #expect(try codes(rows(60, seed: 1, group: 20), rows(40, seed: 2, group: 20)).contains(.fewRelabellings))
    }

    @Test func smallSetsAreOutsideWhatWasChecked() throws {
        #expect(try codes(rows(59, seed: 1), rows(70, seed: 2)).contains(.outsideRange) == false, "a set warns for itself only")
        #expect(try codes(rows(70, seed: 1), rows(59, seed: 2)).contains(.outsideRange))
        #expect(try codes(rows(70, seed: 1), rows(70, seed: 2)) { $0.estimator = "matrix-renyi" }.contains(.outsideRange))
    }

    @Test func intervalAndTestDisagreeByAClearMarginOnly() {
        func codes(_ low: Double, _ high: Double, p: Double) -> [WarningCode] {
            let scale = (high - low) / 2 / StudentDistribution(degreesOfFreedom: 1_000).twoSidedQuantile(0.95)
            let labels = (0..<1_001).map(String.init)
            var simulation = SeededGenerator(seed: 1)
            let raw = labels.map { _ in Double.random(in: -1...1, using: &simulation) }
            let influence = GroupInfluence(contributions: raw, groups: labels)
            let factor = scale / (influence.standardError ?? 1)
            let zero = GroupInfluence(contributions: raw.map { _ in 0 }, groups: labels)
            func estimate(_ value: Double, _ influence: GroupInfluence) -> EMIEstimate {
                let parts = InformationParts(model: value, reference: 0)
                return EMIEstimate(parts, modelInfluence: influence, referenceInfluence: zero, groups: labels) { _ in parts }
            }
            let scaled = GroupInfluence(contributions: raw.map { $0 * factor }, groups: labels)
            // B = 99 null values of which k are as far out as the gap.
            let k = Int((p * 100).rounded()) - 1
            let middle = (low + high) / 2
            let null = (0..<99).map { index in (index % 2 == 0 ? 1 : -1) * (index < k ? 10 * abs(middle) + 1 : 1e-3 * abs(middle)) }
            let gap = EMIDEstimate(
                (estimate(middle, scaled), estimate(0, zero)), null: null, intervals: IntervalMethod())
            return gapWarnings(gap, confidence: 0.95).map(\.code)
        }
        #expect(codes(0.1, 0.3, p: 0.5) == [.intervalAndTestDisagree])
        #expect(codes(0.1, 0.3, p: 0.06) == [])
        #expect(codes(-0.1, 0.5, p: 0.01) == [.intervalAndTestDisagree])
        #expect(codes(-0.1, 0.5, p: 0.04) == [])
    }
}
