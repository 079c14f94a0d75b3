/// Rows of two sets that are the same items.
package struct RowPairs: Sendable, Equatable {
    /// The row of each pair in the first set, and in the second.
    package let first: [Int]
    package let second: [Int]
    /// Of the pairs.
    package let clusters: Clusters

    /// - Parameters:
    ///   - first: rows of the first set, in its order.
    ///   - second: those of the second set.
    ///   - clusters: of the first set.
    package init(first: [Int], second: [Int], clusters: Clusters) {
        precondition(first.count == second.count, "rows without a partner")
        (self.first, self.second) = (first, second)
        self.clusters = clusters.selecting(first)
    }
}
