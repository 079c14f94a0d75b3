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

    /// For answers Z of N x k (columns of mean zero), the penalty of least held-out squared error of each column, and the
    /// N x k held-out residuals under these.
    ///
    /// - Throws: `LinearAlgebraError` when a group's system is singular, which needs a group that holds nearly all rows.
    func fit(_ answers: Matrix) throws(LinearAlgebraError) -> (penalties: [Double], residuals: Matrix) {
        let width = answers.columnCount
        let coefficients = basis.transposedTimes(answers)
        var least = [Double](repeating: .infinity, count: width)
        var chosen = [Double](repeating: Self.penalties[0], count: width)
        var kept = answers
        for penalty in Self.penalties {
            let shrinkage = Self.shrinkage(eigenvalues, penalty)
            let fitted = basis.times(coefficients.scalingRows(by: shrinkage))
            let residuals = try heldOutResiduals(answers.combining(fitted) { $0 - $1 }, shrinkage: shrinkage)
            let errors = residuals.columnMeanSquares
            for column in 0..<width where errors[column] < least[column] {
                least[column] = errors[column]
                chosen[column] = penalty
                for row in 0..<answers.rowCount { kept[row, column] = residuals[row, column] }
            }
        }
        return (chosen, kept)
    }

    private func heldOutResiduals(_ residuals: Matrix, shrinkage: [Double]) throws(LinearAlgebraError) -> Matrix {
        let intercept = 1 / Double(residuals.rowCount)
        var result = residuals
        for rows in groups {
            if rows.count == 1 {
                let row = rows[0]
                let leverage = zip(basis.row(row), shrinkage).reduce(intercept) { $0 + $1.0 * $1.0 * $1.1 }
                for column in 0..<residuals.columnCount { result[row, column] /= 1 - leverage }
                continue
            }
            let block = basis.selectingRows(rows)
            let hat = block.scalingColumns(by: shrinkage).timesTransposed(block)
            let system = Matrix(rowCount: rows.count, columnCount: rows.count) { i, j in
                (i == j ? 1 : 0) - hat[i, j] - intercept
            }
            let heldOut = try system.solve(residuals.selectingRows(rows))
            for (position, row) in rows.enumerated() {
                for column in 0..<residuals.columnCount { result[row, column] = heldOut[position, column] }
            }
        }
        return result
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
}
