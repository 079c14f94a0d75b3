/// Benjamini and Hochberg's q-values of a family of p-values (J. R. Stat. Soc. B 57, 1995): whoever rejects all hypotheses with q <= a
/// has an expected share of false rejections of at most a.
///
/// - Returns: one q-value for each p-value, in their order, at most 1.
package func benjaminiHochbergQValues(_ pValues: [Double]) -> [Double] {
    let count = Double(pValues.count)
    var qValues = [Double](repeating: 1, count: pValues.count)
    var smallest = 1.0
    let descending = pValues.indices.sorted { pValues[$0] > pValues[$1] }
    for (position, index) in descending.enumerated() {
        smallest = min(smallest, pValues[index] * count / (count - Double(position)))
        qValues[index] = smallest
    }
    return qValues
}
