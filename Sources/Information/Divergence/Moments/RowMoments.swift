import LinearAlgebra

/// The counts, sums and products of a sample's rows in buckets: all that a divergence under the linear kernel needs of them, for any number
/// of rows.
///
/// Rows that depend on each other (a group) are in one bucket, which a hash of their label chooses. So buckets are independent of each
/// other, and can be relabelled where rows could be (`MomentDivergence`). The moments of parts of a sample add up to those of the whole.
package struct RowMoments: Sendable, Equatable {
    /// The number of buckets of each sample, unless one asks for another. 32 of them give standard errors to an eighth, and relabelled
    /// divergences with the mean and the spread that relabelled rows give (n = 20,000, d = 128: spread 2.0e-5 to 2.2e-5 by buckets,
    /// 1.9e-5 to 2.1e-5 by rows).
    package static let defaultBucketCount = 32

    /// d.
    package let width: Int
    /// The number of rows of each bucket.
    package private(set) var counts: [Int]
    /// The sum of the rows of each bucket, K x d.
    package private(set) var sums: Matrix
    /// The sum of x x^T over the rows of each bucket.
    package private(set) var products: [PackedSum]

    /// Known moments.
    ///
    /// - Precondition: one entry a bucket, all of one width.
    package init(counts: [Int], sums: Matrix, products: [PackedSum]) {
        precondition(counts.count == products.count && counts.count == sums.rowCount, "moments of different numbers of buckets")
        precondition(products.allSatisfy { $0.order == sums.columnCount }, "moments of different widths")
        width = sums.columnCount
        self.counts = counts
        self.sums = sums
        self.products = products
    }

    /// The moments of rows that have all been added.
    package init(_ sums: consuming BucketedSums) {
        sums.finish()
        self.init(counts: sums.counts, sums: sums.sums, products: sums.products)
    }

    /// The moments of some rows, each in its bucket.
    package init(_ rows: Matrix, buckets: [Int], bucketCount: Int = RowMoments.defaultBucketCount, threadCount: Int = 1) {
        var sums = BucketedSums(width: rows.columnCount, bucketCount: bucketCount, threadCount: threadCount)
        sums.add(rows, buckets: buckets)
        self.init(sums)
    }

    /// K.
    package var bucketCount: Int { counts.count }
    /// n.
    package var rowCount: Int { counts.reduce(0, +) }

    /// Adds the moments of other rows of the sample.
    ///
    /// - Precondition: the same width and number of buckets.
    package mutating func add(_ other: RowMoments) {
        precondition(bucketCount == other.bucketCount, "moments of another number of buckets")
        for bucket in counts.indices { add(bucket: bucket, of: other, to: bucket) }
    }

    /// The same rows in fewer buckets: those of bucket b are in b modulo `bucketCount`.
    func coarsened(to bucketCount: Int) -> RowMoments {
        guard bucketCount < self.bucketCount else { return self }
        var result = RowMoments(
            counts: [Int](repeating: 0, count: bucketCount), sums: .zeros(bucketCount, width),
            products: (0..<bucketCount).map { _ in PackedSum(order: width) })
        for bucket in counts.indices { result.add(bucket: bucket, of: self, to: bucket % bucketCount) }
        return result
    }

    private mutating func add(bucket: Int, of other: RowMoments, to target: Int) {
        precondition(width == other.width, "moments of another width")
        counts[target] += other.counts[bucket]
        for column in 0..<width { sums[target, column] += other.sums[bucket, column] }
        products[target].add(other.products[bucket])
    }
}
