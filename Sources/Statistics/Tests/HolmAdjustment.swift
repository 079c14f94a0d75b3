/// Holm's adjusted p-values of a family of p-values (Scand. J. Statist. 6, 1979): whoever rejects all hypotheses with an adjusted p <= a
/// makes any false rejection with a probability of at most a, however the tests depend on each other.
///
/// - Returns: one adjusted p-value for each p-value, in their order, at most 1.
package func holmAdjustedPValues(_ pValues: [Double]) -> [Double] {
    var adjusted = [Double](repeating: 1, count: pValues.count)
    var largest = 0.0
    let ascending = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    for (position, index) in ascending.enumerated() {
        largest = max(largest, min(1, pValues[index] * Double(pValues.count - position)))
        adjusted[index] = largest
    }
    return adjusted
}
