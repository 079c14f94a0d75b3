import LinearAlgebra

/// Linear centred kernel alignment of two representations of the same items (1905.00414), with the unbiased estimator of HSIC (Song et al.,
/// JMLR 13, 2012; 2010.15327). It is 0 in expectation for independent rows, while the biased estimator gives 0.2 at 32 rows.
///
/// - Returns: nil for fewer than four rows, and if a side does not vary.
package func unbiasedAlignment(_ first: Matrix, _ second: Matrix) -> Double? {
    precondition(first.rowCount == second.rowCount, "representations of different items")
    guard first.rowCount > 3 else { return nil }
    let (k, l) = (first.gram.withoutDiagonal, second.gram.withoutDiagonal)
    let (own, other) = (unbiasedIndependence(k, k), unbiasedIndependence(l, l))
    // For rows that do not vary, rounding leaves about 1e-16 of the mean square of their Gram matrix.
    func varies(_ own: Double, _ gram: Matrix) -> Bool {
        own > 1e-12 * gram.multipliedElementwise(by: gram).sum / Double(gram.elements.count)
    }
    guard varies(own, k), varies(other, l) else { return nil }
    return unbiasedIndependence(k, l) / (own * other).squareRoot()
}

/// The unbiased HSIC of two Gram matrices, whose diagonals it ignores.
private func unbiasedIndependence(_ k: Matrix, _ l: Matrix) -> Double {
    let n = Double(k.rowCount)
    let (sumsK, sumsL) = (k.rowSums, l.rowSums)
    let (totalK, totalL) = (sumsK.reduce(0, +), sumsL.reduce(0, +))
    let cross = zip(sumsK, sumsL).reduce(0) { $0 + $1.0 * $1.1 }
    return (k.multipliedElementwise(by: l).sum + totalK * totalL / ((n - 1) * (n - 2)) - 2 * cross / (n - 2))
        / (n * (n - 3))
}

extension Matrix {
    fileprivate var withoutDiagonal: Matrix {
        Matrix(rowCount: rowCount, columnCount: columnCount) { $0 == $1 ? 0 : self[$0, $1] }
    }

    fileprivate var rowSums: [Double] { (0..<rowCount).map { row($0).reduce(0, +) } }

    fileprivate var sum: Double { elements.reduce(0, +) }
}
