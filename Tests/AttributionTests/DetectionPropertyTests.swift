import LinearAlgebra
import RealModule
import Statistics
import Testing

@testable import Attribution

@Suite("Properties of the detector")
struct DetectionPropertyTests {
    private func detector(_ threads: Int = 1) -> MisalignmentDetector {
        var detector = MisalignmentDetector()
        detector.threadCount = threads
        return detector
    }

    @Test("The order of rows moves nothing, not even a digit")
    func order() throws {
        let pairs = try SyntheticPairs(rows: 160, seed: 1).pairs(cycling: [3, 40, 77, 120])
        var generator = SeededGenerator(seed: 5)
        let permutation = generator.permutation(of: 160)
        let (straight, moved) = (try detector().detect(pairs), try detector(2).detect(pairs.selectingRows(permutation)))
        #expect(permutation.map { straight.scores[$0] } == moved.scores)
        #expect(permutation.map { straight.statistics.unrelated[$0] } == moved.statistics.unrelated)
        #expect(straight.statistics.share == moved.statistics.share && straight.shareInterval == moved.shareInterval)
        let partners = straight.partners.map { $0.map { $0.row } }
        #expect(permutation.map { partners[$0] } == moved.partners.map { $0.map { permutation[$0.row] } })
    }

    @Test("A rotation of each side moves scores by rounding only")
    func rotations() throws {
        let pairs = try SyntheticPairs(rows: 160, seed: 2).pairs(cycling: [3, 40, 77, 120])
        var detector = detector()
        detector.tolerance = 1e-9
        let turned = try EmbeddedPairs(
            left: pairs.left.times(rotation(14, seed: 1)), right: pairs.right.times(rotation(11, seed: 2)),
            identifiers: pairs.identifiers)
        #expect(largestDifference(try detector.detect(pairs).scores, try detector.detect(turned).scores) < 1e-6)
    }

    @Test("Sides of one space are turned together: the cosine and the head move by rounding only")
    func sharedRotation() throws {
        let base = SyntheticPairs(rows: 150, leftWidth: 9, rightWidth: 9, seed: 3)
        // A part of the left side in the right one makes cosines mean something.
        let right = base.right.adding(base.left.mapElements { 0.8 * $0 }).rowsNormalized
        let names = (0..<150).map { "\(1_000 + $0)" }
        let turn = try rotation(9, seed: 3)
        var detector = detector()
        detector.tolerance = 1e-9
        let straight = try detector.detect(EmbeddedPairs(left: base.left, right: right, identifiers: names))
        let turned = try detector.detect(
            EmbeddedPairs(left: base.left.times(turn), right: right.times(turn), identifiers: names))
        #expect(straight.fit.priorScales.allSatisfy { $0 > 0 })
        #expect(largestDifference(straight.scores, turned.scores) < 1e-6)
    }

    @Test("Swapped pairs come first, and nothing false is confirmed")
    func swapped() throws {
        let wrong = stride(from: 5, to: 300, by: 10).map { $0 }
        let pairs = try SyntheticPairs(rows: 300, seed: 4).pairs(cycling: wrong)
        let detection = try detector().detect(pairs)
        let (good, bad) = (Set(0..<300).subtracting(wrong).sorted(), wrong)
        let area = try #require(RankSum(good.map { detection.scores[$0] }, bad.map { detection.scores[$0] })).areaUnderCurve
        #expect(area > 0.95)
        let confirmed = (0..<300).filter { detection.isConfirmed[$0] }
        #expect(confirmed.count > 100)
        #expect(Double(confirmed.count { Set(wrong).contains($0) }) <= 0.05 * Double(confirmed.count))
        #expect(detection.statistics.share > 0.05 && detection.statistics.share < 0.3)
        // The true partner of a swapped row is the next of the cycle before it.
        let found = wrong.indices.count { detection.partners[wrong[$0]]?.row == wrong[($0 + wrong.count - 1) % wrong.count] }
        #expect(found >= wrong.count / 6)
    }

    @Test("All pairs shuffled: nothing is confirmed or flagged, the share is near one, and it says that there is no signal")
    func shuffled() throws {
        let detection = try detector().detect(SyntheticPairs(rows: 300, seed: 5).pairs(cycling: Array(0..<300)))
        #expect(detection.hasNoSignal && detection.passCount == 1)
        #expect(!detection.isConfirmed.contains(true) && !detection.isFlagged.contains(true))
        #expect(detection.statistics.share >= 0.9)
    }

    @Test("Clean pairs: the share is small, and few are flagged")
    func clean() throws {
        let detection = try detector().detect(SyntheticPairs(rows: 300, noise: 0.2, seed: 6).pairs())
        #expect(detection.statistics.share <= 0.05)
        #expect(detection.isFlagged.count { $0 } <= 7)
        #expect(detection.isConfirmed.count { $0 } >= 250)
    }

    @Test("Rows of one group and duplicates are no decoys")
    func decoys() throws {
        let base = SyntheticPairs(rows: 40, seed: 7)
        // Rows 0 and 1 have one right side, rows 2 and 3 one left side; 4 to 7 are a group.
        let right = base.right.selectingRows([0, 0] + Array(2..<40))
        let left = base.left.selectingRows([0, 1, 2, 2] + Array(4..<40))
        let groups = (0..<40).map { (4..<8).contains($0) ? "group" : "row \($0)" }
        let pairs = try EmbeddedPairs(left: left, right: right, identifiers: (0..<40).map { "\($0)" }, groups: groups)
        let decoys = FoldDecoys(pairs, rows: Array(0..<40), seed: 0, fold: 0).pairs
        let listed = Set(decoys.map { [$0.left, $0.right] })
        #expect(decoys.count == 40 * 39 - 2 - 2 - 12 && listed.count == decoys.count)
        for pair in [[0, 1], [1, 0], [2, 3], [3, 2], [4, 7], [6, 5]] { #expect(!listed.contains(pair)) }
        let folds = FoldPartition.folds(groups: groups, count: 5, seed: 0)
        #expect(Set((4..<8).map { folds[$0] }).count == 1)
    }

    @Test("Scores agree with the definition, term by term", arguments: [40, 90])
    func naive(_ rows: Int) throws {
        let base = SyntheticPairs(rows: rows, leftWidth: 9, rightWidth: 9, seed: 8)
        let pairs = try base.pairs()
        let training = try HeadTraining(pairs, training: Array(0..<(rows - 15)), rank: 6, seed: 0, threadCount: 1)
        let head = try #require(try training.head(ridge: 0.3, tolerance: 1e-8))
        let scorer = PairScorer(
            pairs: pairs, basis: training.basis, weights: head.weights, priorScale: 3, threadCount: 1)
        let fold = Array((rows - 15)..<rows)
        // A background without some rows of the fold, as in large sets.
        let background = (0..<rows).filter { $0 % 4 != 1 }
        let decoys = FoldDecoys(pairs, rows: fold, seed: 0, fold: 0)
        let scores = try FoldScores(
            scorer, rows: fold, decoys: decoys, background: background, sharpening: 2, threadCount: 1)
        let all = Array(0..<rows)
        let table = scorer.scores(scorer.left(all), scorer.right(all), factor: 2)
        func naive(_ i: Int, _ j: Int) -> Double {
            let rest = background.filter { $0 != i && $0 != j }
            func logMean(_ values: [Double]) -> Double {
                .log(values.reduce(0) { $0 + .exp($1) } / Double(values.count))
            }
            return 2 * table[i, j] - logMean(rest.map { table[i, $0] }) - logMean(rest.map { table[$0, j] })
        }
        #expect(largestDifference(scores.pairs, fold.map { naive($0, $0) }) < 1e-9)
        #expect(largestDifference(scores.decoys, decoys.pairs.map { naive(fold[$0.left], fold[$0.right]) }) < 1e-9)
    }

    @Test("A background whose largest score takes all of the sum leaves the rest intact")
    func dominated() {
        let background = Background([700, 1, 2, 3][...], own: nil)
        let rest = Double.log((.exp(1.0) + .exp(2.0) + .exp(3.0)) / 3)
        #expect(abs(background.logMean(without: 0, score: 700) - rest) < 1e-12)
        #expect(abs(background.logMean(without: 1, score: 1) - (700 - Double.log(3))) < 1e-12)
    }

    @Test("Rows without a direction are named")
    func unusable() {
        let base = SyntheticPairs(rows: 20, seed: 9)
        var left = base.left
        for column in 0..<left.columnCount { left[4, column] = 0 }
        left[11, 0] = .nan
        #expect(throws: AttributionError.unusableRows(side: "left", rows: [4, 11])) {
            try EmbeddedPairs(left: left, right: base.right)
        }
    }

    @Test("Too few pairs, or pairs of one group, are refused")
    func few() throws {
        let base = SyntheticPairs(rows: 9, seed: 10)
        #expect(throws: AttributionError.tooFewPairs(rows: 9, groups: 9, needed: 10)) {
            try detector().detect(base.pairs())
        }
        #expect(throws: AttributionError.tooFewPairs(rows: 30, groups: 1, needed: 10)) {
            try detector().detect(
                SyntheticPairs(rows: 30, seed: 11).pairs(groups: [String](repeating: "one", count: 30)))
        }
    }
}
