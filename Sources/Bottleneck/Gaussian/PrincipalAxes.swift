import LinearAlgebra

/// The principal axes of rows: the mean, and the eigenvectors and eigenvalues of the covariance (over n), largest first.
///
/// The smaller of the covariance and the Gram matrix is decomposed, so 90 rows of 4,096 columns cost only a matrix of order 90. Eigenvalues
/// below 1e-10 of the largest are rounding and are dropped.
package struct PrincipalAxes: Sendable {
    /// The d means.
    package let mean: [Double]
    /// The axes, d x p; column k is the unit axis of `variances[k]`.
    package let axes: Matrix
    /// The p variances along the axes, descending.
    package let variances: [Double]
    /// The centred rows along the axes, divided by sqrt(n variance): n x p with orthonormal columns.
    let scores: Matrix

    private static let eigenvalueFloor = 1e-10

    /// The axes of n x d rows; there are none if the rows do not vary.
    ///
    /// - Throws: `LinearAlgebraError` for elements that are not finite.
    package init(_ rows: Matrix) throws(LinearAlgebraError) {
        let n = Double(max(rows.rowCount, 1))
        mean = rows.columnMeans
        let centred = rows.subtractingFromRows(mean)
        let usesColumns = rows.columnCount <= rows.rowCount
        let product = usesColumns ? centred.crossProduct : centred.gram
        let found = try product.mapElements { $0 / n }.symmetricEigendecomposition()
        let largest = found.values.last ?? 0
        let kept = found.values.indices.reversed().filter {
            largest > 0 && found.values[$0] > Self.eigenvalueFloor * largest
        }
        variances = kept.map { found.values[$0] }
        let vectors = found.vectors.selectingRows(kept).transposed
        let lengths = variances.map { 1 / (n * $0).squareRoot() }
        if usesColumns {
            axes = vectors
            scores = centred.times(vectors).scalingColumns(by: lengths)
        } else {
            scores = vectors
            axes = centred.transposedTimes(vectors).scalingColumns(by: lengths)
        }
    }

    /// The number of axes.
    package var count: Int { variances.count }

    /// The coordinates of rows (m x d) along the axes, m x p, after the mean of the fitted rows is subtracted.
    package func coordinates(of rows: Matrix) -> Matrix { rows.subtractingFromRows(mean).times(axes) }

    /// (s^2 + r s_1^2)^-1/2 for each axis, which scales variances to 1 if the ridge r is 0.
    func whiteningScales(ridge: Double) -> [Double] {
        let added = ridge * (variances.first ?? 0)
        return variances.map { 1 / ($0 + added).squareRoot() }
    }
}
