import Statistics

/// The rows whose softmaxes see each other.
package enum BatchPartition {
    /// Up to this many rows stand in one batch: every pair is a negative of every other.
    package static let mostRowsInOneBatch = 4_096
    /// The size of batches of larger sets.
    package static let batchSize = 1_024

    /// 0..<count as one batch where it is small, else as a seeded partition into batches of nearly equal size.
    ///
    /// - Parameter size: the largest batch; nil for `batchSize`, and one batch up to `mostRowsInOneBatch` rows.
    /// - Returns: ascending row numbers of each batch.
    package static func batches(rowCount: Int, size: Int? = nil, seed: UInt64) -> [[Int]] {
        if rowCount <= (size ?? mostRowsInOneBatch) { return [Array(0..<rowCount)] }
        let limit = max(2, size ?? batchSize)
        let count = (rowCount + limit - 1) / limit
        var generator = SeededGenerator(seed: seed, stream: "contrastive batches")
        let order = generator.permutation(of: rowCount)
        return (0..<count).map { index in
            order[(index * rowCount / count)..<((index + 1) * rowCount / count)].sorted()
        }
    }
}
