import LinearAlgebra
import Testing

@Suite struct BucketedSumsTests {
    /// Rows of small whole numbers, whose sums are exact in any order.
    private func rows(_ count: Int, _ width: Int) -> Matrix {
        Matrix(rowCount: count, columnCount: width) { Double((($0 &* 31 &+ $1 &* 17) % 13) - 6) }
    }

    @Test(arguments: [0, 1, 17, 128, 129, 1_000]) func sumsAreThoseOfEachBucketsRows(_ count: Int) {
        let (width, bucketCount) = (5, 3)
        let rows = rows(count, width)
        let buckets = (0..<count).map { ($0 * $0) % bucketCount }
        for threads in [1, 2] {
            var sums = BucketedSums(width: width, bucketCount: bucketCount, threadCount: threads)
            // Blocks of odd sizes.
            for start in stride(from: 0, to: count, by: 37) {
                let block = Array(start..<min(start + 37, count))
                sums.add(rows.selectingRows(block), buckets: block.map { buckets[$0] })
            }
            sums.finish()
            for bucket in 0..<bucketCount {
                let own = rows.selectingRows(buckets.indices.filter { buckets[$0] == bucket })
                #expect(sums.counts[bucket] == own.rowCount)
                #expect(Array(sums.sums.row(bucket)) == own.columnMeans.map { $0 * Double(own.rowCount) }.map { $0.rounded() })
                let naive = Matrix(rowCount: width, columnCount: width) { i, j in
                    (0..<own.rowCount).reduce(0) { $0 + own[$1, i] * own[$1, j] }
                }
                #expect(sums.products[bucket].matrix == naive)
                #expect(sums.products[bucket].trace == naive.trace)
            }
        }
    }

    @Test func aPackedSumActsAsItsMatrix() {
        var scratch = PackedSum.Scratch(order: 4)
        var sum = PackedSum(order: 4)
        sum.add(rows(9, 4), scratch: &scratch)
        var twice = sum
        twice.add(sum, times: 2)
        #expect(twice.matrix == sum.matrix.mapElements { 3 * $0 })
        let other = rows(7, 4).crossProduct
        #expect(sum.inner(other) == sum.matrix.multipliedElementwise(by: other).elements.reduce(0, +))
    }
}
