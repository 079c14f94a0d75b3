import LinearAlgebra

/// The directions of X and Y that tell most about each other: the canonical directions of a shrunk covariance, which form the encoder of
/// the Gaussian information bottleneck (Chechik, Globerson, Tishby and Weiss, JMLR 6, 2005).
///
/// With whiteners W_x, W_y of the covariances plus r times their largest eigenvalue e, W_x^T S_xy W_y = P R Q^T, and the directions are W_x
/// P and W_y Q. This is the exact bottleneck of the Gaussian with covariance (S_x + r e_x I, S_xy, S_y + r e_y I), so R < 1 for r > 0 even
/// with fewer rows than columns.
package struct CanonicalDirections: Sendable {
    /// The d means of X and the m means of Y over the fitted rows.
    package let queryMean: [Double]
    package let answerMean: [Double]
    /// The d x k directions of X, strongest first; the largest element of each column is positive.
    package let query: Matrix
    /// The m x k directions of Y.
    package let answer: Matrix
    /// R, the correlations in the fitted rows under the shrunk covariance. They do not measure information: even independent rows have
    /// large ones.
    package let correlations: [Double]

    /// Fits to paired rows, n x d and n x m.
    ///
    /// - Parameters:
    ///   - ridge: r, in units of the largest eigenvalue of each covariance.
    ///   - limit: the largest number of directions.
    /// - Throws: `LinearAlgebraError` for elements that are not finite.
    package init(_ query: Matrix, _ answer: Matrix, ridge: Double, limit: Int) throws(LinearAlgebraError) {
        let (x, y) = (try PrincipalAxes(query), try PrincipalAxes(answer))
        try self.init(x, y, cross: x.scores.transposedTimes(y.scores), ridge: ridge, limit: limit)
    }

    /// Fits from the principal axes of both sides.
    init(_ x: PrincipalAxes, _ y: PrincipalAxes, cross: Matrix, ridge: Double, limit: Int) throws(LinearAlgebraError) {
        let rotation = try CanonicalRotation(x, y, cross: cross, ridge: ridge, limit: limit)
        let directions = x.axes.times(rotation.query)
        let signs = directions.signsOfLargestInColumns
        (queryMean, answerMean, correlations) = (x.mean, y.mean, rotation.correlations)
        self.query = directions.scalingColumns(by: signs)
        self.answer = y.axes.times(rotation.answer).scalingColumns(by: signs)
    }

    /// The number of directions.
    package var count: Int { correlations.count }
}

/// The canonical directions in the coordinates of principal axes: the whitening scales times singular vectors.
struct CanonicalRotation: Sendable {
    /// The directions of x, p x k.
    let query: Matrix
    /// The directions of y, q x k.
    let answer: Matrix
    /// The k singular values, descending.
    let correlations: [Double]

    /// If a singular value is below this share of the largest, rounding determines its vector on the other side.
    private static let singularValueFloor = 1e-7

    /// - Parameter cross: the scores of x times the scores of y, p x q.
    init(_ x: PrincipalAxes, _ y: PrincipalAxes, cross: Matrix, ridge: Double, limit: Int) throws(LinearAlgebraError) {
        let (scaleX, scaleY) = (x.whiteningScales(ridge: ridge), y.whiteningScales(ridge: ridge))
        // The square root of the variance times the whitening scale is the factor that shrinks a score.
        let shrunkX = zip(x.variances, scaleX).map { $0.squareRoot() * $1 }
        let shrunkY = zip(y.variances, scaleY).map { $0.squareRoot() * $1 }
        let matrix = cross.scalingRows(by: shrunkX).scalingColumns(by: shrunkY)
        let isWide = matrix.rowCount <= matrix.columnCount
        let pairs = try (isWide ? matrix.gram : matrix.crossProduct).largestSymmetricEigenpairs(limit)
        let values = pairs.values.reversed().map { max(0, $0).squareRoot() }
        let kept = values.indices.filter { values[$0] > Self.singularValueFloor * (values.first ?? 0) }
        let own = pairs.vectors.selectingRows(kept.map { pairs.values.count - 1 - $0 }).transposed
        correlations = kept.map { values[$0] }
        let inverses = correlations.map { 1 / $0 }
        let other = (isWide ? matrix.transposedTimes(own) : matrix.times(own)).scalingColumns(by: inverses)
        query = (isWide ? own : other).scalingRows(by: scaleX)
        answer = (isWide ? other : own).scalingRows(by: scaleY)
    }
}
