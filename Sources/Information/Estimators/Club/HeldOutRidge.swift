import LinearAlgebra
import RealModule

/// Ridge regression that judges each row without its group, in closed form.
///
/// With residuals R = Z - HZ, hat matrix H_ij + 1/n and the rows of a group g, a fit without g has the residuals E_g = (I - H_gg - 1/n)^-1
/// R_g. There is no noise from folds and no refitting, because one eigendecomposition serves all penalties.
struct HeldOutRidge: Sendable {
    /// The principal basis of the centred features on the rows: N x r, orthonormal columns with mean zero.
    let basis: Matrix
    /// The r eigenvalues of the feature covariance (1/N) Phi^T Phi.
    let eigenvalues: [Double]
    /// The row indices of each group.
    let groups: [[Int]]

    /// The penalties to try, 10^-5 ... 10^0.5 in half decades, in units of the covariance's eigenvalues.
    static let penalties: [Double] = (0...11).map { .exp10(-5 + Double($0) / 2) }

    /// The share of each basis direction that a penalty leaves: e / (e + penalty).
    static func shrinkage(_ eigenvalues: [Double], _ penalty: Double) -> [Double] {
        eigenvalues.map { $0 / ($0 + penalty) }
    }

    /// The number of rows in one task, which is enough for fast products. The chunks do not depend on the number of threads.
    private static let chunkSize = 256

    /// The N x k residuals under every penalty, for answers Z (N x k, columns with mean zero).
    ///
    /// - Throws: `LinearAlgebraError` when a group's system is singular, which needs a group that holds nearly all rows.
    func heldOutResiduals(_ answers: Matrix, threadCount: Int) throws -> HeldOutResiduals {
        let coefficients = basis.transposedTimes(answers)
        let shrinkages = Self.penalties.map { Self.shrinkage(eigenvalues, $0) }
        // All penalties are side by side, because one wide product is faster than twelve narrow ones.
        let width = answers.columnCount
        let slopes = Matrix(rowCount: eigenvalues.count, columnCount: Self.penalties.count * width) {
            coefficients[$0, $1 % width] * shrinkages[$1 / width][$0]
        }
        let chunks = chunksOfGroups()
        let heldOut = try concurrentMap(count: chunks.count, threadCount: threadCount) { index in
            let rows = chunks[index].flatMap { $0 }
            let (block, targets) = (basis.selectingRows(rows), answers.selectingRows(rows))
            let fitted = block.times(slopes)
            return try Self.penalties.indices.map { penalty in
                let residuals = Matrix(rowCount: rows.count, columnCount: width) {
                    targets[$0, $1] - fitted[$0, penalty * width + $1]
                }
                return try self.heldOut(
                    residuals, block: block, shrinkage: shrinkages[penalty], groupSizes: chunks[index].map(\.count))
            }
        }
        return HeldOutResiduals(
            byPenalty: Self.penalties.indices.map { penalty in
                var all = Matrix.zeros(answers.rowCount, answers.columnCount)
                for (chunk, residuals) in zip(chunks, heldOut) { all.setRows(chunk.flatMap { $0 }, to: residuals[penalty]) }
                return all
            })
    }

    private func chunksOfGroups() -> [[[Int]]] {
        var chunks: [[[Int]]] = []
        var rowCount = Self.chunkSize
        for group in groups {
            if rowCount >= Self.chunkSize {
                chunks.append([])
                rowCount = 0
            }
            chunks[chunks.count - 1].append(group)
            rowCount += group.count
        }
        return chunks
    }

    /// The residuals of a chunk, group by group, as if the group had not been fitted.
    private func heldOut(
        _ residuals: Matrix, block: Matrix, shrinkage: [Double], groupSizes: [Int]
    ) throws(LinearAlgebraError) -> Matrix {
        let intercept = 1 / Double(basis.rowCount)
        let scaled = block.scalingColumns(by: shrinkage.map { $0.squareRoot() })
        var result = residuals
        var start = 0
        for size in groupSizes {
            let rows = Array(start..<(start + size))
            start += size
            if size == 1 {
                let leverage = scaled.row(rows[0]).reduce(intercept) { $0 + $1 * $1 }
                for column in 0..<residuals.columnCount { result[rows[0], column] /= 1 - leverage }
            } else if size <= basis.columnCount {
                var system = scaled.gram(ofRows: rows[0]..<(rows[0] + size))
                system.withElements { elements in
                    for i in 0..<size {
                        for j in 0..<size {
                            elements[i &* size &+ j] = (i == j ? 1 : 0) - elements[i &* size &+ j] - intercept
                        }
                    }
                }
                result.setRows(rows, to: try system.choleskyDecomposition().solve(residuals.selectingRows(rows)))
            } else {
                result.setRows(
                    rows,
                    to: try heldOutLargeGroup(
                        residuals.selectingRows(rows), scaled.selectingRows(rows), intercept: intercept))
            }
        }
        return result
    }

    /// For a group with more rows than the basis has columns, by Woodbury's identity: with Z = [B_g sqrt(s), 1/sqrt(n)], (I - Z Z^T)^-1 R =
    /// R + Z (I - Z^T Z)^-1 Z^T R. The memory stays at the size of the basis.
    private func heldOutLargeGroup(
        _ residuals: Matrix, _ scaled: Matrix, intercept: Double
    ) throws(LinearAlgebraError) -> Matrix {
        let width = scaled.columnCount + 1
        let root = intercept.squareRoot()
        let extended = Matrix(rowCount: scaled.rowCount, columnCount: width) { $1 < width - 1 ? scaled[$0, $1] : root }
        let system = Matrix.identity(width).combining(extended.crossProduct) { $0 - $1 }
        let correction = try system.choleskyDecomposition().solve(extended.transposedTimes(residuals))
        return residuals.combining(extended.times(correction)) { $0 + $1 }
    }
}

/// The held-out residuals under every penalty of `HeldOutRidge`, from which each answer direction takes its best.
struct HeldOutResiduals: Sendable {
    /// One N x k matrix for each penalty.
    let byPenalty: [Matrix]

    /// For each answer direction, the penalty with the smallest held-out squared error; and the N x k residuals under these penalties.
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

    /// The residuals of the answers Z T, which follow because held-out residuals are linear in the answers.
    func turned(by rotation: Matrix, threadCount: Int) throws -> HeldOutResiduals {
        HeldOutResiduals(
            byPenalty: try concurrentMap(count: byPenalty.count, threadCount: threadCount) {
                byPenalty[$0].times(rotation)
            })
    }
}

extension Matrix {
    /// Multiplies column j by `factors[j]`.
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

    /// (1/n) self^T self, the covariance of rows whose mean is known to be zero.
    var covarianceAboutZero: Matrix {
        crossProduct.mapElements { $0 / Double(rowCount) }
    }

    /// The inverse of a covariance whose eigenvalues are raised to at least `floor` times their mean; zero if all eigenvalues are.
    func flooredInverse(floor: Double) throws(LinearAlgebraError) -> Matrix {
        let eigen = try symmetricEigendecomposition()
        let least = floor * eigen.values.reduce(0, +) / Double(max(1, eigen.values.count))
        let inverse = eigen.values.map { max($0, least) > 0 ? 1 / max($0, least) : 0 }
        return eigen.vectors.scalingRows(by: inverse).transposedTimes(eigen.vectors)
    }
}
