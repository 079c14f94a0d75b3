import Statistics

/// Shapley shares of a joint discrepancy among the modalities.
///
/// For two: (J_X + J_v - J_t)/2 and (J_X + J_t - J_v)/2; both are non-negative for exact divergences and they add up to J_X.
/// - Parameters:
///   - modalityCount: m, the number of modalities.
///   - divergence: gives the divergence of a subset of modalities, whose indices are the bits of a mask; 0 for the empty set.
/// - Returns: m shares that add up to the divergence of all modalities, in its units.
package func shapleyShares(modalityCount: Int, divergence: (_ subset: Int) -> Double) -> [Double] {
    var weights = [Double](repeating: 1 / Double(max(1, modalityCount)), count: modalityCount)
    for size in 1..<max(1, modalityCount) {
        // The weight |S|! (m - |S| - 1)! / m!, computed from the weight of |S| - 1.
        weights[size] = weights[size - 1] * Double(size) / Double(modalityCount - size)
    }
    return (0..<modalityCount).map { modality in
        (0..<(1 << modalityCount)).filter { $0 & (1 << modality) == 0 }.reduce(0) { sum, subset in
            let gain = divergence(subset | (1 << modality)) - (subset == 0 ? 0 : divergence(subset))
            return sum + weights[subset.nonzeroBitCount] * gain
        }
    }
}

/// Shapley shares from orders in which modalities join: the mean, over the orders, of what each adds to those before it.
///
/// Over all m! orders these are exactly the shares above. Over a few random orders they are an unbiased estimate, and they still add up
/// exactly to the divergence of all modalities.
/// - Parameters:
///   - orders: permutations of the modalities, at least one.
///   - divergence: as above.
package func shapleyShares(orders: [[Int]], divergence: (_ subset: Int) -> Double) -> [Double] {
    var shares = [Double](repeating: 0, count: orders.first?.count ?? 0)
    for order in orders {
        var (subset, before) = (0, 0.0)
        for modality in order {
            subset |= 1 << modality
            let after = divergence(subset)
            shares[modality] += (after - before) / Double(orders.count)
            before = after
        }
    }
    return shares
}

/// Random orders of the modalities, each followed by its reverse, so that the errors of adding a modality early and late partly cancel.
package func joiningOrders(modalityCount: Int, pairCount: Int, seed: UInt64) -> [[Int]] {
    (0..<pairCount).flatMap { index in
        var generator = SeededGenerator(seed: seed, stream: "joining order", index: index)
        let order = generator.permutation(of: modalityCount)
        return [order, order.reversed()]
    }
}

/// Shares as fractions of their sum. Noise can make an estimated share negative; such a share counts as 0.
///
/// - Returns: nil when no share is positive.
package func fractions(ofShares shares: [Double]) -> [Double]? {
    let positive = shares.map { max(0, $0) }
    let total = positive.reduce(0, +)
    return total > 0 ? positive.map { $0 / total } : nil
}
