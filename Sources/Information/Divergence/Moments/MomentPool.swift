import LinearAlgebra
import RealModule

/// The buckets of two samples in one pool: those of the first sample, then those of the second. They are relabelled where rows are
/// elsewhere, so `RowSplit` holds the positions of buckets here.
struct MomentPool: Sendable {
    /// x x^T summed over the rows of each bucket.
    let products: [PackedSum]
    /// The sum of the rows of each bucket, K x d.
    let sums: Matrix
    /// The number of rows of each bucket.
    let counts: [Int]
    /// The sum of |x|^2 of each bucket.
    let traces: [Double]
    /// The number of buckets of the first sample.
    let firstCount: Int

    /// Pools two samples, without empty buckets.
    init(_ first: RowMoments, _ second: RowMoments) {
        let kept = [first, second].map { moments in moments.counts.indices.filter { moments.counts[$0] > 0 } }
        products = kept[0].map { first.products[$0] } + kept[1].map { second.products[$0] }
        sums = first.sums.selectingRows(kept[0]).stacked(on: second.sums.selectingRows(kept[1]))
        counts = kept[0].map { first.counts[$0] } + kept[1].map { second.counts[$0] }
        traces = products.map(\.trace)
        firstCount = kept[0].count
    }

    /// Every bucket in its own sample.
    var ownSplit: RowSplit { RowSplit(first: Array(0..<firstCount), second: Array(firstCount..<counts.count)) }
    /// d.
    private var width: Int { sums.columnCount }

    /// The number of rows in some buckets.
    func rowCount(_ buckets: [Int]) -> Int { buckets.reduce(0) { $0 + counts[$1] } }
    /// The sum of |x|^2 over the rows of some buckets.
    func trace(_ buckets: [Int]) -> Double { buckets.reduce(0) { $0 + traces[$1] } }

    /// x x^T summed over the rows of some buckets.
    func product(_ buckets: [Int]) -> PackedSum {
        var sum = PackedSum(order: width)
        for bucket in buckets { sum.add(products[bucket]) }
        return sum
    }

    /// The law of the rows of some buckets, as independent rows. Groups make spectra noisier, but here those of all compared parts alike:
    /// buckets of whole groups are relabelled.
    func law(_ buckets: [Int]) -> RowScales { RowScales(rowCount: rowCount(buckets)) }

    /// The unbiased squared mean discrepancy between the two parts of a split (`MaximumMeanDiscrepancy`); 0 when a part has fewer than two
    /// rows.
    func meanDiscrepancy(_ split: RowSplit) -> Double {
        let (n, m) = (Double(rowCount(split.first)), Double(rowCount(split.second)))
        guard n > 1, m > 1 else { return 0 }
        let means = [split.first, split.second].map { buckets in
            var sum = [Double](repeating: 0, count: width)
            for bucket in buckets {
                for (column, value) in sums.row(bucket).enumerated() { sum[column] += value }
            }
            return sum
        }
        func inner(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        return (inner(means[0], means[0]) - trace(split.first)) / (n * (n - 1))
            + (inner(means[1], means[1]) - trace(split.second)) / (m * (m - 1)) - 2 * inner(means[0], means[1]) / (n * m)
    }
}
