/// Pairs of rows, one from each of two sets, that are the same item.
package struct RowPairs: Sendable, Equatable {
    /// The row of each pair in the first set, and in the second.
    package let first: [Int]
    package let second: [Int]
    /// The groups of the pairs.
    package let clusters: Clusters

    /// - Parameters:
    ///   - first: the rows of the first set, in its order.
    ///   - second: their partners in the second set.
    ///   - clusters: the groups of the first set.
    package init(first: [Int], second: [Int], clusters: Clusters) {
        precondition(first.count == second.count, "rows without a partner")
        (self.first, self.second) = (first, second)
        self.clusters = clusters.selecting(first)
    }
}
