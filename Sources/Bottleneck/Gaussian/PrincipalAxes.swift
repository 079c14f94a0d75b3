import LinearAlgebra

/// The principal axes of rows: mean, eigenvectors and eigenvalues of their covariance (over n), largest first.
///
/// The smaller of covariance and Gram matrix is decomposed, so that 90 rows of 4,096 columns cost a matrix of order
/// 90. Eigenvalues below 1e-10 of the largest are rounding and are left out.
package struct PrincipalAxes: Sendable {
    /// d means.
    package let mean: [Double]
    /// d x p; column k is the unit axis of `variances[k]`.
    package let axes: Matrix
    /// p variances along the axes, descending.
    package let variances: [Double]
    /// n x p, orthonormal columns: the centred rows along the axes, divided by sqrt(n variance).
    let scores: Matrix

    private static let eigenvalueFloor = 1e-10

    /// The axes of n x d rows; none where the rows do not vary.
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

    /// Rows (m x d) along the axes, m x p, less the mean of the fitted rows.
    package func coordinates(of rows: Matrix) -> Matrix { rows.subtractingFromRows(mean).times(axes) }

    /// (s^2 + r s_1^2)^-1/2 of each axis: what makes variances 1 when the ridge r is 0.
    func whiteningScales(ridge: Double) -> [Double] {
        let added = ridge * (variances.first ?? 0)
        return variances.map { 1 / ($0 + added).squareRoot() }
    }
}
