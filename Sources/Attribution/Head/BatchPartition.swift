import Statistics

/// Divides rows into batches; each row's softmax covers the rows of its batch.
package enum BatchPartition {
    /// Up to this many rows form a single batch, in which every pair is a negative of every other.
    package static let mostRowsInOneBatch = 4_096
    /// The size of the batches of larger sets.
    package static let batchSize = 1_024

    /// Divides 0..<count into one batch if it is small, else into seeded batches of nearly equal size.
    ///
    /// - Parameter size: the largest batch; nil means `batchSize`, with a single batch up to `mostRowsInOneBatch` rows.
    /// - Returns: the row numbers of each batch, ascending.
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
