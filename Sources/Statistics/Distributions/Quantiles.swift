/// The median of `values` (the mean of the middle two for even counts); nil for none.
package func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    var values = values
    let middle = values.count / 2
    let upper = values.select(middle)
    guard values.count.isMultiple(of: 2) else { return upper }
    return (values[..<middle].reduce(-.infinity) { Swift.max($0, $1) } + upper) / 2
}

extension [Double] {
    /// Rearranges the array until the element at `place` is the one that sorting would put there, with no larger one before it and no
    /// smaller one after it (Hoare's FIND, Communications of the ACM 4, 1961): linear in the number of elements where sorting is not.
    ///
    /// - Returns: that element.
    /// - Precondition: `place` is an index of the array.
    fileprivate mutating func select(_ place: Int) -> Double {
        var (low, high) = (0, count - 1)
        while low < high {
            let pivot = self[place]
            var (left, right) = (low, high)
            repeat {
                while self[left] < pivot { left += 1 }
                while pivot < self[right] { right -= 1 }
                if left <= right {
                    swapAt(left, right)
                    left += 1
                    right -= 1
                }
            } while left <= right
            if right < place { low = left }
            if place < left { high = right }
        }
        return self[place]
    }
}

/// The permutation p-value (k + 1)/(B + 1), if k of the B null values are at least `observed` (minus `tolerance`, for rounding).
/// It is never zero, and valid for any B (Phipson and Smyth, 1603.05766). A null value that is not a number counts as large, because a
/// value that could not be computed is no evidence.
package func permutationPValue(observed: Double, null: [Double], tolerance: Double = 1e-12) -> Double {
    let atLeast = null.count { !($0 < observed - tolerance) }
    return Double(atLeast + 1) / Double(null.count + 1)
}
