import LinearAlgebra
import RealModule
import Statistics
import Testing

@testable import Bottleneck

@Suite struct JudgingTests {
    @Test func kernelFeaturesAreTheKernel() throws {
        var generator = SeededGenerator(seed: 1)
        let (v, t) = (generator.normals(30, 4), generator.normals(30, 3))
        let fitted = try ProductKernelFeatures([v, t], bandwidths: [0.5, 1], seed: 0)
        let gram = fitted.features([v, t]).gram
        func squaredMedian(_ rows: Matrix) -> Double {
            median((0..<30).flatMap { i in (0..<i).map { rows.squaredDistances[i, $0] } }) ?? 0
        }
        let (a, b) = (0.5 * squaredMedian(v), squaredMedian(t))
        for (i, j) in [(0, 0), (3, 17), (29, 4)] {
            let (kv, kt) = (Double.exp(-v.squaredDistances[i, j] / a), Double.exp(-t.squaredDistances[i, j] / b))
            #expect(abs(gram[i, j] - (kv + kt + kv * kt)) < 1e-6)
        }
        // A row that is a landmark has the features that it had; repeated rows give rank, not an error.
        let rows = v.stacked(on: v)
        let repeated = try ProductKernelFeatures([rows], bandwidths: [1], seed: 0)
        #expect(repeated.columnCount <= 30 && repeated.features([v]).firstNonFiniteIndex == nil)
        #expect(try ProductKernelFeatures([v, t], bandwidths: [0.5, 1], landmarkLimit: 10, seed: 0).columnCount <= 10)
    }

    @Test func matchingFindsWhatIsThereAndNoMore() throws {
        // Perfect similarity of 8 rows: ln 8 at a low temperature.
        let perfect = try #require(MatchingInformation(similarities: [.identity(8), .identity(8)]))
        #expect(abs(perfect.value - .log(8)) < 1e-6 && perfect.standardError == 0)
        let none = try #require(MatchingInformation(similarities: [.zeros(8, 8)]))
        #expect(abs(none.value) < 1e-12 && none.standardError == nil)
        #expect(MatchingInformation(similarities: [.zeros(1, 1)]) == nil)
    }

    @Test func aProbeReadsTheAnswersThatAreThere() throws {
        // Answers of four kinds, each a direction; X shows the kind in two of its columns, and shift takes one of
        // them away.
        var generator = SeededGenerator(seed: 3)
        let kinds = (0..<120).map { _ in generator.index(below: 4) }
        let noise = generator.normals(120, 6)
        let answers = Matrix(rowCount: 120, columnCount: 4) { $1 == kinds[$0] ? 1 : 0 }
        let rows = Matrix(rowCount: 120, columnCount: 6) { i, j in (j < 4 && j == kinds[i] ? 4 : 0) + 0.3 * noise[i, j]
        }
        let groups = (0..<120).map { "\($0 / 3)" }
        let decoder = try AnswerDecoder([rows], answers, groups: groups, threadCount: 2)
        let clean = decoder.probe([rows], answers, groups: groups)
        #expect(clean.accuracy > 0.98 && clean.explainedShare > 0.8 && clean.count == 120)
        let shuffled = rows.selectingRows(generator.permutation(of: 120))
        let lost = decoder.probe([shuffled], answers, groups: (0..<120).map { "new \($0)" })
        #expect(lost.accuracy < 0.5 && lost.explainedShare < 0)
        // The name of an answer decides, where it is given.
        let named = decoder.probe([rows], answers, groups: groups, labels: kinds.map { "\($0)" })
        #expect(named.accuracy == 0)
    }

    @Test func theProbeTakesTheRidgeThatReadsMost() throws {
        // Twelve answers of different lengths in noise: squared error wants another ridge than reading does.
        var generator = SeededGenerator(seed: 11)
        let kinds = (0..<90).map { _ in generator.index(below: 12) }
        let (codes, means, noise) = (generator.normals(12, 5), generator.normals(12, 30), generator.normals(90, 30))
        let answers = Matrix(rowCount: 90, columnCount: 5) { codes[kinds[$0], $1] * Double(1 + kinds[$0] % 3) }
        let rows = Matrix(rowCount: 90, columnCount: 30) { 0.5 * means[kinds[$0], $1] + noise[$0, $1] * Double(1 + $1 % 4) }
        let groups = (0..<90).map { "\($0 / 2)" }
        let folds = GroupFolds(groups: groups)
        // A plain loop over the ridges.
        let trials = try AnswerDecoder.ridges.map { ridge in
            try (0..<folds.count).reduce(into: (right: 0, error: 0.0, total: 0.0)) { sums, fold in
                let (fitted, held) = (folds.rows(outside: fold), folds.rows(in: fold))
                let decoder = try RidgeDecoder(rows.selectingRows(fitted), answers.selectingRows(fitted)).with(ridge: ridge)
                let decoded = decoder.decoded(rows.selectingRows(held))
                for (index, position) in held.enumerated() {
                    func distance(_ row: Int) -> Double {
                        (0..<5).reduce(0) { $0 + (decoded[index, $1] - answers[row, $1]) * (decoded[index, $1] - answers[row, $1]) }
                    }
                    let nearest = try #require(fitted.min { distance($0) < distance($1) })
                    sums.right += kinds[nearest] == kinds[position] ? 1 : 0
                    sums.error += distance(position)
                    for column in 0..<5 {
                        let deviation = answers[position, column] - decoder.answerMean[column]
                        sums.total += deviation * deviation
                    }
                }
            }
        }
        let found = try AnswerDecoder([rows], answers, groups: groups).probe([rows], answers, groups: groups)
        #expect(found.accuracy == trials.map { Double($0.right) / 90 }.max())
        let shares = trials.map { 1 - $0.error / $0.total }
        #expect(abs(found.explainedShare - (try #require(shares.max()))) < 1e-9)
        let closest = try #require(shares.indices.max { shares[$0] < shares[$1] })
        #expect(trials[closest].right < Int(found.accuracy * 90 + 0.5))
    }

    @Test func controlsHaveTheColumnsThatAreAskedFor() throws {
        var generator = SeededGenerator(seed: 5)
        let rows = generator.normals(20, 7)
        for control in RankControl.allCases {
            let projection = try control.projection(rows, columnCount: 3, seed: 1)
            #expect(projection.rowCount == 7 && projection.columnCount == 3)
            #expect(try control.projection(rows, columnCount: 3, seed: 1) == projection)
        }
    }
}
