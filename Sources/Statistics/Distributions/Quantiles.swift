/// The median of `values` (the mean of the middle two for even counts); nil for none.
package func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}

/// The permutation p-value (k + 1)/(B + 1), if k of the B null values are at least `observed` (minus `tolerance`, for rounding).
/// It is never zero, and valid for any B (Phipson and Smyth, 1603.05766). A null value that is not a number counts as large, because a
/// value that could not be computed is no evidence.
package func permutationPValue(observed: Double, null: [Double], tolerance: Double = 1e-12) -> Double {
    let atLeast = null.count { !($0 < observed - tolerance) }
    return Double(atLeast + 1) / Double(null.count + 1)
}
