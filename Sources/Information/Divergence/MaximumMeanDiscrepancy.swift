import LinearAlgebra
import Statistics

/// The squared maximum mean discrepancy of two samples with its permutation test: a second opinion on "no shift" from
/// the same kernel (Gretton et al., JMLR 13, 2012). The estimate is unbiased for independent rows. Rows that depend on each other raise
/// it, but they raise it under relabellings too, so the p-value stays valid.
///
/// MMD^2 = mean k(x, x') + mean k(y, y') - 2 mean k(x, y) over different rows. It compares the means of features, while the
/// Jensen-Shannon divergence compares their spectra; all relabellings together cost a few matrix products.
package struct MaximumMeanDiscrepancy: Sendable, Equatable {
    /// The estimate, in squared units of the kernel; it can be negative.
    package let value: Double
    /// The permutation p-value of "no shift"; nil without relabellings.
    package let pValue: Double?

    /// How many relabellings share one matrix product.
    private static let chunk = 128

    /// A discrepancy with known values.
    init(value: Double, pValue: Double?) {
        (self.value, self.pValue) = (value, pValue)
    }

    /// The discrepancy between the first `firstCount` pooled rows and the others.
    ///
    /// - Parameter relabellings: relabellings of the pooled rows; values are averaged over thinnings, as for the divergence.
    init<Relabellings>(
        _ pooled: PooledRows, firstCount: Int, relabellings: Relabellings, threadCount: Int
    ) throws where Relabellings: RandomAccessCollection<Relabelling> & Sendable, Relabellings.Index == Int {
        let whole = RowSplit(first: Array(0..<firstCount), second: Array(firstCount..<pooled.rowCount))
        value = pooled.meanDiscrepancies([whole])[0]
        guard !relabellings.isEmpty else {
            pValue = nil
            return
        }
        let chunks = (relabellings.count + Self.chunk - 1) / Self.chunk
        let null = try concurrentMap(count: chunks, threadCount: threadCount) { index -> [Double] in
            let range = (index * Self.chunk)..<min(relabellings.count, (index + 1) * Self.chunk)
            let dealt = range.map { relabellings[relabellings.startIndex + $0].dealt }
            let values = pooled.meanDiscrepancies(dealt.flatMap { $0 })
            let size = dealt[0].count
            return range.indices.map { position in
                let start = (position - range.startIndex) * size
                return values[start..<(start + size)].reduce(0, +) / Double(size)
            }
        }.flatMap { $0 }
        let drawn = relabellings.first?.drawn ?? []
        let observed = drawn.isEmpty ? value : pooled.meanDiscrepancies(drawn).reduce(0, +) / Double(drawn.count)
        let scale = max(abs(observed), null.reduce(0) { max($0, abs($1)) })
        pValue = permutationPValue(observed: observed, null: null, tolerance: 1e-12 * scale)
    }
}

extension PooledRows {
    /// The unbiased squared mean discrepancy between the two parts of each split; 0 when a part has fewer than two rows.
    fileprivate func meanDiscrepancies(_ splits: [RowSplit]) -> [Double] {
        var (first, second) = (
            Matrix.zeros(splits.count, rowCount), Matrix.zeros(splits.count, rowCount)
        )
        for (index, split) in splits.enumerated() {
            for row in split.first { first[index, row] = 1 }
            for row in split.second { second[index, row] = 1 }
        }
        // The sums of k(x, x') over parts are indicators times K times indicators, or products of summed features.
        let (left, right) =
            gram.map { (first.times($0), second.times($0)) }
            ?? features.map { (first.times($0), second.times($0)) } ?? (first, second)
        let (own, other) = gram == nil ? (left, right) : (first, second)
        let (within, between, others) = (left.rowProducts(own), left.rowProducts(other), right.rowProducts(other))
        return splits.indices.map { index in
            let split = splits[index]
            let (n, m) = (Double(split.first.count), Double(split.second.count))
            guard n > 1, m > 1 else { return 0 }
            return (within[index] - trace(split.first)) / (n * (n - 1)) + (others[index] - trace(split.second)) / (m * (m - 1))
                - 2 * between[index] / (n * m)
        }
    }
}
