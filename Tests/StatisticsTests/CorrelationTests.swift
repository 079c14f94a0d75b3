import Foundation
import Testing

@testable import Statistics

/// The authors' shipped results (`../shared/llava-bench/published`).
private struct Published: Decodable {
    let EMID, EMID_UB: [String: Double]
    let PearsonR, PearsonPval: Double

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/llava-bench/published").standardizedFileURL
}

@Suite struct CorrelationTests {
    private let x: [Double] = [1, 2, 2, 3, 5, 4, 7, 8, 8, 9.5]
    private let y: [Double] = [2, 1, 3, 3, 4, 6, 5, 9, 9, 7]

    /// scipy.stats: pearsonr, spearmanr, kendalltau(method="asymptotic").
    @Test func noCoefficientIsBeyondOne() throws {
        // For 4 values sqrt(6) sqrt(6) is less than 6.
        for count in 3...40 {
            let values = (0..<count).map(Double.init)
            let all = [Correlation.pearson, Correlation.spearman, Correlation.kendall]
            for correlation in all {
                #expect(try #require(correlation(values, values)).coefficient <= 1)
                #expect(try #require(correlation(values, values.map { -$0 })).coefficient >= -1)
            }
        }
    }

    @Test func coefficientsWithTiesAreThoseOfSciPy() throws {
        for (found, coefficient, pValue) in [
            (Correlation.pearson(x, y), 0.8690541189498846, 0.0010950068175564368),
            (Correlation.spearman(x, y), 0.8987730061349695, 0.0004058894880951177),
            (Correlation.kendall(x, y), 0.7441860465116279, 0.003637216311840212),
        ] {
            let estimate = try #require(found)
            #expect(abs(estimate.coefficient - coefficient) < 1e-14)
            #expect(abs(estimate.pValue - pValue) < 1e-12)
        }
    }

    /// Concordant less discordant pairs, one pair after the other, and the ties of each side by comparing all values.
    private func naiveKendall(_ x: [Double], _ y: [Double]) -> Double? {
        var (score, untiedX, untiedY) = (0.0, 0.0, 0.0)
        for i in x.indices {
            for j in 0..<i {
                let (left, right) = (x[i] - x[j], y[i] - y[j])
                score += (left == 0 ? 0 : left > 0 ? 1 : -1) * (right == 0 ? 0 : right > 0 ? 1 : -1)
                untiedX += left == 0 ? 0 : 1
                untiedY += right == 0 ? 0 : 1
            }
        }
        return untiedX > 0 && untiedY > 0 ? score / (untiedX.squareRoot() * untiedY.squareRoot()) : nil
    }

    /// `classes` different values on each side: from nothing but ties to none.
    @Test(arguments: [1, 2, 3, 7, 50, 100_000]) func kendallIsThatOfAllPairs(_ classes: Int) {
        var generator = SeededGenerator(seed: UInt64(classes))
        for count in [3, 4, 5, 8, 9, 31, 64, 100, 257] {
            let x = (0..<count).map { _ in Double(generator.index(below: classes)) - 2 }
            let y = x.map { value in Bool.random(using: &generator) ? value : Double(generator.index(below: classes)) }
            #expect(Correlation.kendall(x, y)?.coefficient == naiveKendall(x, y).map { min(1, max(-1, $0)) }, "\(count)")
        }
    }

    /// From nothing but ties to none; the smallest samples often do not vary.
    @Test(arguments: [2, 3, 7, 100_000]) func resamplesHaveTheCorrelationsOfTheirValues(_ classes: Int) {
        var (generator, unvaried) = (SeededGenerator(seed: UInt64(classes)), 0)
        for count in [3, 4, 10, 64, 257] {
            let x = (0..<count).map { _ in Double(generator.index(below: classes)) - 2 }
            let y = x.map { value in Bool.random(using: &generator) ? value : Double(generator.index(below: classes)) }
            var resampled = ResampledPairs(x, y, RankedPairs(x, y))
            for _ in 0..<20 {
                var copy = generator
                resampled.draw(using: &generator)
                let rows = x.indices.map { _ in copy.index(below: count) }
                let (left, right) = (rows.map { x[$0] }, rows.map { y[$0] })
                let pairs = [
                    (resampled.pearson, Correlation.pearson(left, right)), (resampled.spearman, Correlation.spearman(left, right)),
                    (resampled.kendall, Correlation.kendall(left, right)),
                ]
                for (found, expected) in pairs {
                    #expect((found == nil) == (expected == nil))
                    guard let found, let expected else {
                        unvaried += 1
                        continue
                    }
                    #expect(abs(found - expected.coefficient) < 1e-13)
                }
            }
            #expect(RankedPairs(x, y).midRanks.x == Correlation.midRanks(x))
        }
        #expect(classes > 2 || unvaried > 0)
    }

    @Test func whatDoesNotVaryHasNoCorrelation() {
        for measure in [Correlation.pearson, Correlation.spearman, Correlation.kendall] {
            #expect(measure([1, 1, 1, 1], [1, 2, 3, 4]) == nil)
            #expect(measure([1, 2], [1, 2]) == nil)
        }
        #expect(Correlation.pearson([1, 2, 3], [2, 4, 6])?.coefficient == 1)
        #expect(Correlation.pearson([1, 2, 3], [2, 4, 6])?.pValue == 0)
        #expect(Correlation.midRanks([3, 1, 3, 2]) == [3.5, 1, 3.5, 2])
    }

    /// scipy.stats.false_discovery_control.
    @Test func qValuesAreThoseOfSciPy() {
        let found = benjaminiHochbergQValues([0.01, 0.04, 0.03, 0.2, 0.5, 0.04])
        for (q, expected) in zip(found, [0.06, 0.06, 0.06, 0.24, 0.5, 0.06]) { #expect(abs(q - expected) < 1e-15) }
        #expect(benjaminiHochbergQValues([]).isEmpty)
    }

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: Published.folder.path), "../shared/llava-bench/published is not here"),
        arguments: [("NATURAL", 27), ("SYNTHETIC", 34)])
    func publishedCorrelationsAreRecomputed(_ kind: String, _ count: Int) throws {
        let file = Published.folder.appending(path: "pairs-\(kind)-ALL-llava-v1.5-13b-CLUB_global.json")
        let published = try JSONDecoder().decode(Published.self, from: Data(contentsOf: file))
        let names = published.EMID.keys.sorted()
        #expect(names.count == count)
        let estimate = try #require(
            Correlation.pearson(names.compactMap { published.EMID[$0] }, names.compactMap { published.EMID_UB[$0] }))
        #expect(abs(estimate.coefficient - published.PearsonR) < 1e-9)
        #expect(abs(estimate.pValue - published.PearsonPval) < 1e-9)
    }

    /// 0.1 + 0.1 + 0.1 is not 0.3: the deviations of equal values from their mean are rounding, which correlates with itself.
    @Test func equalValuesDoNotVary() {
        let equal = [0.1, 0.1, 0.1]
        #expect(Correlation.pearson(equal, equal) == nil)
        #expect(Correlation.pearson(equal, [1, 2, 4]) == nil)
        #expect(Correlation.pearson([1, 2, 4], equal) == nil)
        #expect(Correlation.spearman(equal, equal) == nil && Correlation.kendall(equal, equal) == nil)
    }
}
