import LinearAlgebra
import RealModule

/// Ridge regression judged only on rows whose group it has not seen, in closed form.
///
/// With residuals R = Z - HZ, hat matrix H_ij + 1/n and the rows of a group g, the residuals of a fit without g are
/// E_g = (I - H_gg - 1/n)^-1 R_g. There is no noise from folds, and no refitting: one eigendecomposition serves all penalties.
struct HeldOutRidge: Sendable {
    /// N x r, orthonormal columns of mean zero: the principal basis of the centred features on the rows.
    let basis: Matrix
    /// r eigenvalues of the feature covariance (1/N) Phi^T Phi.
    let eigenvalues: [Double]
    /// Row indices of each group.
    let groups: [[Int]]

    /// 10^-5 ... 10^0.5 in half decades, in units of the covariance's eigenvalues.
    static let penalties: [Double] = (0...11).map { .exp10(-5 + Double($0) / 2) }

    /// What each penalty leaves of each basis direction: e / (e + penalty).
    static func shrinkage(_ eigenvalues: [Double], _ penalty: Double) -> [Double] {
        eigenvalues.map { $0 / ($0 + penalty) }
    }

    /// The N x k residuals of every penalty for answers Z of N x k (columns of mean zero).
    ///
    /// - Throws: `LinearAlgebraError` when a group's system is singular, which needs a group that holds nearly all rows.
    func heldOutResiduals(_ answers: Matrix, threadCount: Int) throws -> HeldOutResiduals {
        let coefficients = basis.transposedTimes(answers)
        return HeldOutResiduals(
            byPenalty: try concurrentMap(count: Self.penalties.count, threadCount: threadCount) { index in
                let shrinkage = Self.shrinkage(eigenvalues, Self.penalties[index])
                let fitted = basis.times(coefficients.scalingRows(by: shrinkage))
                return try heldOut(answers.combining(fitted) { $0 - $1 }, shrinkage: shrinkage)
            })
    }

    private func heldOut(_ residuals: Matrix, shrinkage: [Double]) throws(LinearAlgebraError) -> Matrix {
        let intercept = 1 / Double(residuals.rowCount)
        let roots = shrinkage.map { $0.squareRoot() }
        var result = residuals
        for rows in groups {
            if rows.count == 1 {
                let row = rows[0]
                let leverage = zip(basis.row(row), shrinkage).reduce(intercept) { $0 + $1.0 * $1.0 * $1.1 }
                for column in 0..<residuals.columnCount { result[row, column] /= 1 - leverage }
                continue
            }
            var system = basis.selectingRows(rows).scalingColumns(by: roots).gram
            let size = rows.count
            system.withElements { elements in
                for i in 0..<size {
                    for j in 0..<size {
                        elements[i &* size &+ j] = (i == j ? 1 : 0) - elements[i &* size &+ j] - intercept
                    }
                }
            }
            let heldOut = try system.choleskyDecomposition().solve(residuals.selectingRows(rows))
            for (position, row) in rows.enumerated() {
                for column in 0..<residuals.columnCount { result[row, column] = heldOut[position, column] }
            }
        }
        return result
    }
}

/// Held-out residuals under every penalty of `HeldOutRidge`, from which each answer direction takes its best.
struct HeldOutResiduals: Sendable {
    /// N x k for each penalty.
    let byPenalty: [Matrix]

    /// The penalty of least held-out squared error of each answer direction, and the N x k residuals under these.
    var best: (penalties: [Double], residuals: Matrix) {
        let errors = byPenalty.map(\.columnMeanSquares)
        var residuals = byPenalty[0]
        let chosen = (0..<residuals.columnCount).map { column in
            errors.indices.reduce(0) { errors[$1][column] < errors[$0][column] ? $1 : $0 }
        }
        for (column, index) in chosen.enumerated() where index > 0 {
            for row in 0..<residuals.rowCount { residuals[row, column] = byPenalty[index][row, column] }
        }
        return (chosen.map { HeldOutRidge.penalties[$0] }, residuals)
    }

    /// The residuals of the answers Z T: held-out residuals are linear in the answers.
    func turned(by rotation: Matrix) -> HeldOutResiduals {
        HeldOutResiduals(byPenalty: byPenalty.map { $0.times(rotation) })
    }
}

extension Matrix {
    /// Column j multiplied by `factors[j]`.
    func scalingColumns(by factors: [Double]) -> Matrix {
        precondition(factors.count == columnCount, "one factor a column")
        var result = self
        result.withElements { out in
            for i in 0..<rowCount {
                for j in 0..<columnCount { out[i &* columnCount &+ j] *= factors[j] }
            }
        }
        return result
    }

    /// The mean of the squares in each column.
    var columnMeanSquares: [Double] {
        multipliedElementwise(by: self).columnMeans
    }

    /// (1/n) self^T self: the covariance of rows whose mean is taken to be zero.
    var covarianceAboutZero: Matrix {
        crossProduct.mapElements { $0 / Double(rowCount) }
    }

    /// The inverse of a covariance whose eigenvalues are raised to `floor` times their mean; zero where all are zero.
    func flooredInverse(floor: Double) throws(LinearAlgebraError) -> Matrix {
        let eigen = try symmetricEigendecomposition()
        let least = floor * eigen.values.reduce(0, +) / Double(max(1, eigen.values.count))
        let inverse = eigen.values.map { max($0, least) > 0 ? 1 / max($0, least) : 0 }
        return eigen.vectors.scalingRows(by: inverse).transposedTimes(eigen.vectors)
    }
}
