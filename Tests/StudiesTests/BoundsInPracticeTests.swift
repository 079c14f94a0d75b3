import EmbeddingFiles
import Foundation
import LinearAlgebra
import Statistics
import Testing

@testable import Information
@testable import Studies

@Suite struct BoundsInPracticeTests {
    /// A file of rows with a query of two columns; queries repeat after `queries` rows.
    private func sets(
        _ settings: StudySettings, queries: Int = 12, logProbability: (Int) -> Double?
    ) throws -> [StudySet] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "emi-bounds-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try ["id", "ood"].enumerated().map { index, name in
            var generator = SeededGenerator(seed: UInt64(index), stream: "test")
            func vector(_ count: Int) -> String { "\((0..<count).map { _ in Double.random(in: -1...1, using: &generator) })" }
            let visuals = (0..<queries).map { _ in vector(2) }
            let lines = (0..<24).map { row in
                let own = logProbability(row).map { #","log_prob":\#($0)"# } ?? ""
                return #"{"visual":\#(visuals[row % queries]),"response":\#(vector(3)),"reference":\#(vector(3))\#(own)}"#
            }
            let file = folder.appending(path: "\(name).jsonl")
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
            return StudySet(table: try readSampleTable(SampleSource(bundle: file.path)))
        }
    }

    private func settings(_ change: (inout StudySettings) -> Void = { _ in }) -> StudySettings {
        var settings = StudySettings()
        settings.estimator = "club-ridge"
        settings.permutations = 9
        change(&settings)
        return settings
    }

    private func shift(_ sets: [StudySet], _ settings: StudySettings) throws -> ShiftResult {
        try #require(try analyse(sets, settings: settings, threadCount: 1).shift)
    }

    @Test func theModelsEntropyIsTheLargestMeanOverAQuery() throws {
        let settings = settings { $0.entropyScale = .logProbability(alphabet: nil) }
        // Rows r and r + 12 are answers to one query: means (r + r + 12)/2, of which 17 is the largest.
        let repeated = try sets(settings) { -Double($0) }
        #expect(try load(repeated, settings: settings)[0].largestModelEntropy == 17)
        let single = try sets(settings, queries: 24) { -Double($0) }
        #expect(try load(single, settings: settings)[0].largestModelEntropy == 23)
        #expect(try load(try sets(self.settings()) { -Double($0) }, settings: self.settings())[0].largestModelEntropy == nil)
    }

    @Test func theScaleIsThatOfModelAndAlphabet() throws {
        for (alphabet, count) in [(Int?.none, 9), (16, 9)] {
            let settings = settings {
                $0.entropyScale = .logProbability(alphabet: alphabet)
                $0.logProb = .sampled
                $0.permutations = count
            }
            let sets = try sets(settings) { -Double($0 % 3) }
            let loaded = try load(sets, settings: settings)
            let shift = try shift(sets, settings)
            let input = BoundInput(
                shift.discrepancies, settings: settings, answerCount: 16,
                modelEntropies: (loaded[0].largestModelEntropy, loaded[1].largestModelEntropy))
            let reference = alphabet.map { log(Double($0)) } ?? shift.discrepancies.outputID.secondEntropy
            #expect(loaded[1].largestModelEntropy == 2)
            #expect(abs(input.terms.crossedEntropyScale - (reference + 2)) < 1e-12)
            #expect(shift.termsGuarantee == .plugIn)
            let joint = try #require(shift.bounds.first { $0.form == .joint })
            #expect(abs(joint.value - input.terms.bound(.joint).value) < 1e-12)
        }
    }

    @Test(arguments: [AnswerChoice?.none, .greedy]) func greedyAnswersGuaranteeNothing(_ choice: AnswerChoice?) throws {
        let settings = settings {
            $0.entropyScale = .logProbability(alphabet: 4)
            $0.logProb = choice
        }
        #expect(try shift(try sets(settings) { _ in -1 }, settings).termsGuarantee == .none)
    }

    @Test func rowsWithoutLogProbabilitiesAreOneError() throws {
        let settings = settings { $0.entropyScale = .logProbability(alphabet: nil) }
        let missing = #expect(throws: RunError.self) { try load(try sets(settings) { _ in nil }, settings: settings) }
        #expect(missing?.code == "missing_log_prob" && missing?.message.contains("expected a log_prob for every row") == true)
        let positive = #expect(throws: RunError.self) { try load(try sets(settings) { $0 == 3 ? 0.5 : -1 }, settings: settings) }
        #expect(positive?.code == "bad_log_prob" && positive?.message.contains("row 3 (from 0)") == true)
        let unused = #expect(throws: RunError.self) {
            try load(try sets(self.settings { $0.logProb = .sampled }) { _ in -1 }, settings: self.settings { $0.logProb = .sampled })
        }
        #expect(unused?.code == "unused_setting")
    }

    @Test func theScaleIsReadAsItIsWritten() {
        for scale in [EntropyScale.kernel, .alphabet(9), .draws(9), .logProbability(alphabet: nil), .logProbability(alphabet: 9)] {
            #expect(EntropyScale(scale.text) == scale)
        }
        for text in ["draws", "draws:1", "draws:x", "log-prob,", "log-prob,9", "log-prob,alphabet:1", "log_prob", "log-prob,kernel"] {
            #expect(EntropyScale(text) == nil, "\(text)")
        }
    }

    /// Sets of `count` one-hot rows: the query decides the reference, the response repeats it with a chance of one half.
    private func countedSets(_ modalityCount: Int, rows: Int = 60, classes: Int = 3, isSoft: Bool = false) -> [StudySet] {
        ["id", "ood"].enumerated().map { index, name in
            var generator = SeededGenerator(seed: UInt64(index), stream: "counted")
            func oneHot(_ values: [Int]) -> Matrix {
                Matrix(rowCount: rows, columnCount: classes) { values[$0] == $1 ? 1 : isSoft ? 0.1 : 0 }.rowsNormalized
            }
            // The OOD set prefers the last class in every modality but the first.
            let queries = (0..<modalityCount).map { modality in
                (0..<rows).map { _ in
                    index == 1 && modality > 0 && Bool.random(using: &generator) ? classes - 1 : generator.index(below: classes)
                }
            }
            let references = (0..<rows).map { row in queries.reduce(0) { $0 + $1[row] } % classes }
            let responses = references.map { Bool.random(using: &generator) ? $0 : generator.index(below: classes) }
            let set = SampleSet(
                name: name, modalities: queries.enumerated().map { Modality(name: "m\($0)", rows: oneHot($1)) },
                response: oneHot(responses), reference: oneHot(references),
                groups: index == 0 ? (0..<rows).map { "\($0 / 2)" } : nil)
            return StudySet(set)
        }
    }

    @Test func countedAnswersHoldInExpectation() throws {
        let settings = settings {
            $0.entropyScale = .alphabet(3)
            $0.divergence = .plugin
        }
        let found = try shift(countedSets(2), settings)
        #expect(found.termsGuarantee == .inExpectation)
        // 30 groups of two rows in the ID set, 60 rows in the other; in every form with a theorem.
        let expected = log(1 + 2.0 / 30) + log(1 + 2.0 / 60)
        for form in [BoundForm.joint, .split, .correctedGeneral] {
            let terms = try #require(found.bounds.first { $0.form == form }).terms
            #expect(terms.first { $0.name == "finite_sample" }.map { abs($0.value - expected) < 1e-12 } == true, "\(form)")
        }
        // Each step away from counting takes the promise back.
        for (sets, change) in [
            (countedSets(2, isSoft: true), { _ in }), (countedSets(2), { $0.divergence = .debiased }),
            (countedSets(2), { $0.entropyScale = .kernel }), (countedSets(2), { $0.entropyScale = .alphabet(2) }),
            (countedSets(2), { $0.kernel = "rbf" }),
        ] as [([StudySet], (inout StudySettings) -> Void)] {
            var other = settings
            change(&other)
            #expect(try shift(sets, other).termsGuarantee == .plugIn)
        }
    }

    /// Rows of two queries, `draws` each: the first is always answered alike, the second by either of two answers.
    private func drawnSet(draws: Int) -> SampleSet {
        func oneHot(_ width: Int, _ value: (Int) -> Int) -> Matrix {
            Matrix(rowCount: 2 * draws, columnCount: width) { value($0) == $1 ? 1 : 0 }
        }
        let queries = oneHot(2) { $0 % 2 }
        return SampleSet(
            name: "drawn", modalities: [Modality(name: "text", rows: queries)],
            response: oneHot(3) { $0 % 2 == 0 ? 0 : 1 + ($0 / 2) % 2 }, reference: oneHot(3) { $0 % 2 })
    }

    @Test func drawsOfOneQueryGiveItsEntropy() throws {
        let settings = settings { $0.entropyScale = .draws(3) }
        let set = drawnSet(draws: 4_000)
        let found = try #require(try largestDrawnEntropy(set, file: "f", settings: settings))
        // Of the two queries the second has the larger entropy; each may miss with half of 5 %.
        #expect(found == Discrete.drawnEntropyBound(counts: [2_000, 2_000], outcomeCount: 3, miss: (1 - 0.95) / 2))
        #expect(found > log(2) && found < log(3))
        #expect(try largestDrawnEntropy(set, file: "f", settings: self.settings()) == nil)

        let many = #expect(throws: RunError.self) {
            try largestDrawnEntropy(set, file: "f", settings: self.settings { $0.entropyScale = .draws(2) })
        }
        #expect(many?.message == "f: expected at most 2 different responses with --entropy-scale draws:2, found 3")
        let single = #expect(throws: RunError.self) {
            try largestDrawnEntropy(set.selectingRows([0, 1]), file: "f", settings: settings)
        }
        #expect(single?.code == "missing_draws" && single?.message.contains("several rows with equal queries") == true)
    }

    @Test func drawsScaleTheBoundAndKeepItsGuarantee() throws {
        let settings = settings {
            $0.entropyScale = .draws(3)
            $0.divergence = .plugin
        }
        let sets = ["id", "ood"].map { name in
            let set = drawnSet(draws: 2_000)
            return StudySet(
                SampleSet(name: name, modalities: set.modalities, response: set.response, reference: set.reference))
        }
        let shift = try shift(sets, settings)
        let model = try #require(try load(sets, settings: settings)[1].largestModelEntropy)
        #expect(model < log(3) && shift.entropyScale.map { abs($0 - (log(3) + model)) < 1e-12 } == true)
        #expect(shift.termsGuarantee == .inExpectation)
        var simple = settings
        simple.bound = BoundForm.scaleAdjusted.rawValue
        #expect(try self.shift(sets, simple).entropyScale == nil)
    }

    @Test(arguments: [3, 6, 7, 9]) func manyModalitiesHaveSharesAndBounds(_ count: Int) throws {
        let settings = settings { $0.permutations = 5 }
        let found = try shift(countedSets(count, isSoft: true), settings)
        let shares = try #require(found.attribution)
        #expect(shares.map(\.name) == (0..<count).map { "m\($0)" })
        #expect(abs(shares.reduce(0) { $0 + $1.fraction } - 1) < 1e-12)
        // Nothing shifted in the first modality.
        #expect(shares[0].fraction < 1 / Double(count))
        #expect(found.bounds.map(\.form) == BoundForm.entropyForms && found.bounds.allSatisfy { $0.value.isFinite })
        #expect(found.intervals?.bounds.count == BoundForm.entropyForms.count)
        #expect(found.warnings.contains { $0.code == .sampledShares } == (count > BoundInput.exactShareLimit))
        let joint = try #require(found.bounds.first { $0.form == .joint })
        #expect(Set(joint.terms.map(\.name)).isSuperset(of: shares.map(\.name)))
    }

    @Test func moreThanSixModalitiesNeedFewDivergences() {
        #expect(BoundInput.subsets(modalityCount: 3, seed: 0) == Array(1...7))
        #expect(BoundInput.subsets(modalityCount: 6, seed: 0).count == 63)
        for count in [7, 12, 32] {
            let subsets = BoundInput.subsets(modalityCount: count, seed: 0)
            #expect(subsets.last == (1 << count) - 1 && subsets.count <= count + 1 + 16 * (count - 2))
            #expect((0..<count).allSatisfy { subsets.contains(1 << $0) })
        }
    }
}

extension StudySet {
    /// A set in memory.
    fileprivate init(_ set: SampleSet) {
        func column(_ name: String, _ rows: Matrix) -> Column {
            Column(name: name, values: .vectors(rows), file: set.name, key: name)
        }
        self.init(
            table: SampleTable(
                name: set.name, modalities: set.modalities.map { column($0.name, $0.rows) },
                response: column("response", set.response), reference: column("reference", set.reference),
                identifiers: set.identifiers, groups: set.groups, scores: nil, logProbabilities: nil, files: [], notes: []))
    }
}
