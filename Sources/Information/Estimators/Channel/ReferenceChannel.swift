import LinearAlgebra

/// EMI through one Gaussian channel from references to responses, fitted to all sets of a run: the default estimator.
///
/// Where response and reference are independent given the query, I(Y; Y_theta) <= I(X; Y_theta): what responses share with
/// references is a lower bound of what they say of the query, so the reference is a legitimate view of it. The channel is
/// q(y_theta | y) = N(b + K y, Sigma) on the first principal directions of the references. K is drawn by ridge towards a
/// multiple of the identity and made symmetric positive semidefinite: responses may say less than references, or blur
/// them, but not say it in a code of their own. Slopes and Sigma that judge a row never saw its group, exactly and in
/// closed form. What a row adds is
///
///     c = ln(d + (1 - d) q(y_theta | y) / mean over the set's rows j of q(y_theta | y_j)),
///
/// the log ratio of a channel that errs with probability d. I(X; Y_theta) is the mean of c; I(X; Y) the mean of c with the
/// reference in the response's place; EMI their difference. Nothing is random, and no order of rows, groups, sets or
/// threads matters.
package struct ReferenceChannel: Sendable, Equatable, Codable {
    /// Principal directions of the references that the channel works on, at most.
    package var componentLimit = 64
    /// Pooled rows that a direction needs.
    package var rowsPerComponent = 4
    /// Ridges to choose from by held-out deviance, in units of the mean variance of a direction.
    package var ridges = [0.03, 0.1, 0.3, 1, 3, 10, 100]
    /// The share of the mean variance in the residual covariance.
    package var shrinkage = 0.2
    /// The least residual variance, in units of the mean variance of a direction: a model that repeats its references leaves
    /// no residual at all.
    package var floor = 1e-6
    /// d, the probability with which the channel errs: no row can add less than ln d.
    package var defence = 0.1
    /// Rows of a set that its responses are compared with, at most; those of the smallest hashes, so that no order matters.
    package var negativeLimit = 1_000
    /// Folds of whole groups, at most: with as many groups or fewer each is left out by itself.
    package var foldLimit = 64
    /// Pooled rows that the channel is fitted to, at most; those of the smallest hashes.
    package var fittedRowLimit = 100_000

    /// The channel with the published constants.
    package init() {}

    /// The symmetric matrix (1 - a) S + (a tr(S)/k + floor) I.
    ///
    /// - Parameter floor: in the units of S.
    func shrunk(_ covariance: Matrix, floor: Double) -> Matrix {
        let size = covariance.rowCount
        let added = shrinkage * covariance.trace / Double(size) + floor
        var result = covariance.mapElements { (1 - shrinkage) * $0 }
        for index in 0..<size { result[index, index] += added }
        return result
    }

    /// The slopes with their symmetric positive semidefinite part in their place; the first row, the offset, stays.
    ///
    /// - Parameter slopes: (k + 1) x k.
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
