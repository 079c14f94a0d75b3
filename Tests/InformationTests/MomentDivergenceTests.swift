import Information
import LinearAlgebra
import RealModule
import Statistics
import Testing

@Suite struct MomentDivergenceTests {
    /// Normalised rows whose first column is stretched.
    private func sample(_ count: Int, _ width: Int, seed: UInt64, stretch: Double = 1) -> Matrix {
        var generator = SeededGenerator(seed: seed, stream: "moments")
        func normal() -> Double {
            let u = Double.random(in: 1e-12..<1, using: &generator)
            return Double.sqrt(-2 * .log(u)) * .cos(2 * .pi * Double.random(in: 0..<1, using: &generator))
        }
        var elements: [Double] = []
        for _ in 0..<count {
            for column in 0..<width { elements.append(normal() * (column == 0 ? stretch : 1)) }
        }
        return Matrix(rowCount: count, columnCount: width, elements: elements).rowsNormalized
    }

    private func buckets(_ rows: Matrix) -> [Int] {
        rows.rowFingerprints.map { RowBucket.of(hash: $0, bucketCount: RowMoments.defaultBucketCount) }
    }

    @Test func theValueIsThatOfRows() throws {
        let (first, second) = (sample(600, 6, seed: 1), sample(500, 6, seed: 2, stretch: 1.5))
        let byRows = try JensenShannonDivergence().estimate([first], [second])
        let byMoments = try JensenShannonDivergence().divergence(
            RowMoments(first, buckets: buckets(first)), RowMoments(second, buckets: buckets(second)), areShared: false, relabellings: 0
        ).estimate
        // Sums of 1,100 products of numbers below 1, in another order.
        #expect(abs(byRows.plugIn - byMoments.plugIn) < 1e-12)
        #expect(abs(byRows.firstEntropy - byMoments.firstEntropy) < 1e-12)
        #expect(abs(byRows.meanDiscrepancy.value - byMoments.meanDiscrepancy.value) < 1e-12)
    }

    @Test func chanceIsThatOfRows() throws {
        let (first, second) = (sample(2_000, 8, seed: 3), sample(2_000, 8, seed: 4, stretch: 1.3))
        let design = ExchangeDesign(firstCount: 2_000, secondCount: 2_000)
        let byRows = try JensenShannonDivergence().estimate(
            [first], [second], relabellings: design.lazyRelabellings(count: 200, seed: 0))
        let found = try JensenShannonDivergence().divergence(
            RowMoments(first, buckets: buckets(first)), RowMoments(second, buckets: buckets(second)), areShared: false, relabellings: 200)
        let (rowChance, chance) = (try #require(byRows.nullMean), try #require(found.estimate.nullMean))
        // The spread of one relabelled value is a third of its mean here, and the mean is over 200.
        #expect(abs(chance / rowChance - 1) < 0.2)
        #expect(found.estimate.pValue == 1.0 / 201)
        let error = try #require(found.uncertainExcess(confidence: 0.95)?.standardError)
        let rowError = try #require(
            byRows.uncertainExcess(
                firstGroups: (0..<2_000).map { "p\($0)" }, secondGroups: (0..<2_000).map { "q\($0)" }, confidence: 0.95)?.standardError)
        // From 32 buckets a sample the standard error is known to an eighth.
        #expect(error / rowError > 0.6 && error / rowError < 1.6, "\(error) \(rowError)")
    }

    @Test func withoutAShiftNothingIsFound() throws {
        var small = 0
        for seed in 0..<20 as Range<UInt64> {
            let (first, second) = (sample(500, 5, seed: 10 + 2 * seed), sample(500, 5, seed: 11 + 2 * seed))
            let found = try JensenShannonDivergence().divergence(
                RowMoments(first, buckets: buckets(first)), RowMoments(second, buckets: buckets(second)), areShared: false,
                relabellings: 39)
            if try #require(found.estimate.pValue) <= 0.1 { small += 1 }
        }
        // Of 20 uniform p-values more than 6 are at most 0.1 with a probability of 0.002.
        #expect(small <= 6)
    }

    @Test func partsAddUpToTheWhole() throws {
        let rows = sample(640, 6, seed: 5)
        let all = buckets(rows)
        let whole = RowMoments(rows, buckets: all)
        for parts in [1, 8, 64] {
            var sum: RowMoments?
            for part in 0..<parts {
                let own = all.indices.filter { $0 % parts == part }
                let moments = RowMoments(rows.selectingRows(own), buckets: own.map { all[$0] })
                if sum == nil { sum = moments } else { sum?.add(moments) }
            }
            let found = try #require(sum)
            #expect(found.counts == whole.counts)
            for (a, b) in zip(found.products, whole.products) {
                #expect(zip(a.elements, b.elements).allSatisfy { abs($0 - $1) < 1e-13 * 640 })
            }
        }
    }

    @Test func aSampleAgainstItselfHasNoDivergence() throws {
        let rows = sample(400, 5, seed: 6)
        let moments = RowMoments(rows, buckets: buckets(rows))
        let found = try JensenShannonDivergence().divergence(moments, moments, areShared: true, relabellings: 19)
        #expect(found.estimate.plugIn == 0 && found.estimate.pValue == 1)
    }

    @Test func samplesOfVeryDifferentSizesAreNotRelabelled() throws {
        let (first, second) = (sample(3_000, 4, seed: 7), sample(100, 4, seed: 8))
        let moments = (RowMoments(first, buckets: buckets(first)), RowMoments(second, buckets: buckets(second)))
        let found = try JensenShannonDivergence().divergence(moments.0, moments.1, areShared: false, relabellings: 19)
        #expect(found.isTooUnequal && found.estimate.pValue == nil)
        let tenfold = sample(1_000, 4, seed: 9)
        let like = try JensenShannonDivergence().divergence(
            RowMoments(tenfold, buckets: buckets(tenfold)), moments.1, areShared: false, relabellings: 19)
        #expect(!like.isTooUnequal && like.estimate.pValue != nil && like.estimate.excess != nil)
    }
}
