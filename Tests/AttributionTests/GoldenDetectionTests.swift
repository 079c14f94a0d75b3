import LinearAlgebra
import Statistics
import Testing

@testable import Attribution

@Suite("Detection against the golden pairs", .enabled(if: SharedData.hasGolden, SharedData.absence))
struct GoldenDetectionTests {
    private func pairs() throws -> EmbeddedPairs {
        let (u, v) = (try SharedData.matrix("c_u"), try SharedData.matrix("c_v"))
        return try EmbeddedPairs(left: u, right: v, identifiers: (0..<150).map { "\(1_000 + $0)" })
    }

    private func detector() -> MisalignmentDetector {
        var detector = MisalignmentDetector()
        detector.ridge = 0.3
        detector.tolerance = 1e-12
        return detector
    }

    @Test("Both passes have the twin's scores, p, q and what is said of each pair")
    func both() throws {
        let detection = try detector().detect(pairs(), folds: try SharedData.integers("c_fold"))
        #expect(detection.decoyCount == 4350)
        #expect(largestDifference(detection.scores, try SharedData.vector("c_score")) < 1e-6)
        #expect(detection.statistics.pValues == (try SharedData.vector("c_p")))
        #expect(largestDifference(detection.statistics.qValues, try SharedData.vector("c_q")) < 1e-12)
        #expect(largestDifference(detection.statistics.unrelated, try SharedData.vector("c_posterior")) < 1e-12)
        #expect(abs(detection.statistics.share - 0.11666666666666667) < 1e-12)
        #expect(abs(detection.statistics.pairAUROC - 0.8729088122605364) < 1e-12)
        #expect(detection.passCount == 2 && detection.leftOutCount == 7)
        for (scale, expected) in zip(detection.fit.priorScales, [6.9868135, 7.1797032, 6.9392634, 7.0039510, 7.0880987]) {
            // The twin's scalar minimiser stops at about 1e-5; what follows from the scale agrees to 1e-6.
            #expect(abs(scale - expected) < 5e-5)
        }
    }

    @Test("The first pass is the twin's")
    func first() throws {
        var detector = detector()
        // A pass without anything to leave out is the first one.
        detector.flagThreshold = 1.1
        let detection = try detector.detect(pairs(), folds: try SharedData.integers("c_fold"))
        #expect(largestDifference(detection.scores, try SharedData.vector("c_score_1")) < 1e-6)
        #expect(detection.statistics.pValues == (try SharedData.vector("c_p_1")))
        #expect(largestDifference(detection.statistics.unrelated, try SharedData.vector("c_posterior_1")) < 1e-12)
        #expect(abs(detection.statistics.pairAUROC - 0.869721072796935) < 1e-12)
    }

    @Test("Misaligned rows score low: the AUROC is the twin's, and the cosine's is too")
    func areas() throws {
        let detection = try detector().detect(pairs(), folds: try SharedData.integers("c_fold"))
        let wrong = Set(try SharedData.integers("c_misaligned"))
        func area(_ scores: [Double]) throws -> Double {
            try #require(
                RankSum(
                    scores.indices.filter { !wrong.contains($0) }.map { scores[$0] },
                    scores.indices.filter { wrong.contains($0) }.map { scores[$0] })
            ).areaUnderCurve
        }
        #expect(abs(try area(detection.scores) - 0.8938210227272727) < 1e-9)
        #expect(abs(try area(try #require(detection.cosine)) - 0.9190340909090908) < 1e-9)
    }

    @Test("The ridge is chosen by how pairs stand apart from decoys: here the identity is the truth, and the cosine alone wins")
    func automatic() throws {
        var detector = detector()
        detector.ridge = nil
        let detection = try detector.detect(pairs(), folds: try SharedData.integers("c_fold"))
        #expect(detection.ridgeTrials.map(\.ridge) == [0.3, 1, 3, .infinity])
        #expect(detection.ridgeTrials.map(\.pairAUROC).max() == detection.ridgeTrials.first { $0.ridge == detection.ridge }?.pairAUROC)
        #expect(detection.ridge > 0.3)
    }
}
