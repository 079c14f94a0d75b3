import LinearAlgebra

/// EMI through one Gaussian channel from references to responses, fitted to all sets of a run: the default estimator.
///
/// If response and reference are independent given the query, I(Y; Y_theta) <= I(X; Y_theta): the information that responses share with
/// references is a lower bound of what they say about the query, so the reference may stand in for it. The channel is
/// q(y_theta | y) = N(b + K y, Sigma) on the first principal directions of the references. K is drawn by ridge towards a
/// multiple of the identity and made symmetric positive semidefinite: responses may say less than references, or blur
/// them, but not say it in a code of their own. Slopes and Sigma that judge a row never saw its group, exactly and in
/// closed form. Each row contributes
///
///     c = ln(d + (1 - d) q(y_theta | y) / mean over the set's rows j of q(y_theta | y_j)),
///
/// the log ratio of a channel that errs with probability d. I(X; Y_theta) is the mean of c; I(X; Y) the mean of c with the
/// reference in place of the response; EMI is their difference. Nothing is random, and the order of rows, groups, sets and threads does
/// not matter.
package struct ReferenceChannel: Sendable, Equatable, Codable {
    /// The most principal directions of the references that the channel works on.
    package var componentLimit = 64
    /// The number of pooled rows that each direction needs.
    package var rowsPerComponent = 4
    /// The ridges to choose from by held-out deviance, in units of the mean variance of a direction.
    package var ridges = [0.03, 0.1, 0.3, 1, 3, 10, 100]
    /// How far the residual covariance is shrunk towards its mean variance, from 0 to 1.
    package var shrinkage = 0.2
    /// The least residual variance, in units of the mean variance of a direction; needed because a model that repeats its references
    /// leaves no residual at all.
    package var floor = 1e-6
    /// d, the probability with which the channel errs: no row can contribute less than ln d.
    package var defence = 0.1
    /// The most rows of a set that its responses are compared with. In larger sets these are the rows with the smallest hashes, so that the
    /// order of rows does not matter.
    package var negativeLimit = 1_000
    /// The most folds of whole groups; with at most as many groups, each group is left out by itself.
    package var foldLimit = 64
    /// The most pooled rows that the channel is fitted to: those with the smallest hashes.
    package var fittedRowLimit = 100_000

    /// The channel with the published constants.
    package init() {}

    /// The symmetric matrix (1 - a) S + (a tr(S)/k + floor) I.
    ///
    /// - Parameter floor: the least variance, in the units of S.
    func shrunk(_ covariance: Matrix, floor: Double) -> Matrix {
        let size = covariance.rowCount
        let added = shrinkage * covariance.trace / Double(size) + floor
        var result = covariance.mapElements { (1 - shrinkage) * $0 }
        for index in 0..<size { result[index, index] += added }
        return result
    }

    /// Replaces the slopes by their symmetric positive semidefinite part; the first row, the offset, stays.
    ///
    /// - Parameter slopes: the offset and the slopes, (k + 1) x k.
    static func oneCode(_ slopes: Matrix) throws(LinearAlgebraError) -> Matrix {
        let size = slopes.columnCount
        var symmetric = Matrix.zeros(size, size)
        for i in 0..<size {
            for j in 0..<size { symmetric[i, j] = (slopes[i + 1, j] + slopes[j + 1, i]) / 2 }
        }
        let eigen = try symmetric.symmetricEigendecomposition()
        if let least = eigen.values.first, least < 0 {
            let roots = eigen.values.map { max($0, 0).squareRoot() }
            symmetric = eigen.vectors.scalingRows(by: roots).crossProduct
        }
        return slopes.selectingRows([0]).stacked(on: symmetric)
    }
}
