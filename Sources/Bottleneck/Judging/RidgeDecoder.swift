import LinearAlgebra

/// Ridge regression of answers on a representation; one fit serves any ridge.
struct RidgeDecoder: Sendable {
    /// The m means of the fitted answers.
    let answerMean: [Double]
    private let axes: PrincipalAxes
    /// The covariance of each axis with the answers, p x m.
    private let covariances: Matrix
    private let ridge: Double

    /// Fits to rows, n x k and n x m.
    ///
    /// - Throws: `LinearAlgebraError` for elements that are not finite.
    init(_ rows: Matrix, _ answers: Matrix) throws(LinearAlgebraError) {
        axes = try PrincipalAxes(rows)
        answerMean = answers.columnMeans
        covariances = axes.coordinates(of: rows).transposedTimes(answers.subtractingFromRows(answerMean))
            .mapElements { $0 / Double(rows.rowCount) }
        ridge = 0
    }

    private init(_ other: RidgeDecoder, ridge: Double) {
        (axes, answerMean, covariances, self.ridge) = (other.axes, other.answerMean, other.covariances, ridge)
    }

    /// The same fit with another ridge, in units of the largest variance.
    func with(ridge: Double) -> RidgeDecoder { RidgeDecoder(self, ridge: ridge) }

    /// The decoded answers (l x m) of rows (l x k).
    func decoded(_ rows: Matrix) -> Matrix {
        let added = ridge * (axes.variances.first ?? 0)
        return axes.coordinates(of: rows).scalingColumns(by: axes.variances.map { 1 / ($0 + added) })
            .times(covariances).subtractingFromRows(answerMean.map { -$0 })
    }
}
