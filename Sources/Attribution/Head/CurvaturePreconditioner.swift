import LinearAlgebra

/// An approximate inverse of the Hessian: its diagonal in the principal axes of each side.
///
///     H ~ (P (x) Q) diag(D) (P (x) Q)^T,  D_ab = sum_i u_ia^2 Var_{P^r_i}(v_b) + sum_j Var_{P^c_j}(u_a) v_jb^2, over temperature^2,
///                                         + ridge
///
/// Sides of one space have one basis of both, in which neither side's second moments are diagonal; and where softmaxes are narrow,
/// variances under them are much smaller than those over all rows. At 20,000 pairs of one space conjugate gradients took 20
/// iterations to a thousandth with variances over all rows, 13 with these, and 6 with these in the axes of each side.
struct CurvaturePreconditioner {
    /// P, p x p, and Q, q x q: columns are axes.
    private let left: Matrix
    private let right: Matrix
    /// D, p x q.
    private let diagonal: Matrix

    /// Batches whose rows stand for all. Batches are random, and a preconditioner need not be exact: of 20 batches, two lead to as many
    /// iterations as all.
    private static let batchCount = 2

    init(_ objective: ContrastiveObjective, at point: ContrastivePoint) throws {
        let chosen = min(objective.batches.count, Self.batchCount)
        let threads = objective.threadCount
        let rows = objective.batchRows[..<chosen]
        let (left, right) = (
            try Self.axes(rows.map(\.left), columns: objective.left.columnCount),
            try Self.axes(rows.map(\.right), columns: objective.right.columnCount)
        )
        let parts = try concurrentMap(count: chosen, threadCount: chosen > 1 ? threads : 1) { batch in
            try objective.curvatureDiagonal(
                at: point, batch: batch, leftAxes: left, rightAxes: right, threads: chosen > 1 ? 1 : threads)
        }
        var sum = Matrix.zeros(left.columnCount, right.columnCount)
        for part in parts { sum.add(part) }
        let rowCount = rows.reduce(0) { $0 + $1.left.rowCount }
        let scale = Double(objective.rowCount) / Double(max(1, rowCount)) / (objective.temperature * objective.temperature)
        let largest = sum.elements.reduce(0, max)
        // Never zero, even where the ridge and a column are.
        let floor = objective.ridge > 0 ? objective.ridge : 1e-12 * (largest > 0 ? scale * largest : 1)
        diagonal = sum.mapElements { floor + scale * $0 }
        (self.left, self.right) = (left, right)
    }

    /// The principal axes of rows about zero, as columns.
    private static func axes(_ parts: [Matrix], columns: Int) throws(AttributionError) -> Matrix {
        let moments = parts.reduce(Matrix.zeros(columns, columns)) { $0.adding($1.crossProduct) }
        do throws(LinearAlgebraError) {
            return try moments.symmetricEigendecomposition().vectors.transposed
        } catch {
            throw .linearAlgebra(error)
        }
    }

    /// The approximate solution of H[X] = `residual`, p x q.
    func solve(_ residual: Matrix) -> Matrix {
        let rotated = left.transposedTimes(residual).times(right)
        return left.times(rotated.combining(diagonal, /)).timesTransposed(right)
    }
}

extension ContrastiveObjective {
    /// The part of D, without scale and ridge, that the rows of one batch have.
    fileprivate func curvatureDiagonal(
        at point: ContrastivePoint, batch: Int, leftAxes: Matrix, rightAxes: Matrix, threads: Int
    ) throws -> Matrix {
        let (blocks, softmaxes) = (blocks(of: batch), point.softmaxes[batch])
        let (left, right) = (batchRows[batch].left.times(leftAxes), batchRows[batch].right.times(rightAxes))
        let (leftSquares, rightSquares) = (left.multipliedElementwise(by: left), right.multipliedElementwise(by: right))
        let parts = try concurrentMap(count: blocks.count, threadCount: threads) { index in
            let exponentials = exponentials(point, batch: batch, block: index)
            let squares = leftSquares.rows(blocks[index])
            let factors = Array(softmaxes.rowFactors[blocks[index]])
            let means = exponentials.times(right).scalingRows(by: factors)
            let variances = exponentials.times(rightSquares).scalingRows(by: factors).combining(means) { max(0, $0 - $1 * $1) }
            let scaled = squares.scalingRows(by: factors.map { _ in softmaxes.blockFactors[index] })
            return (squares.transposedTimes(variances), scaled.transposedTimes(exponentials))
        }
        var result = Matrix.zeros(left.columnCount, right.columnCount)
        var columnSquares = Matrix.zeros(left.columnCount, batches[batch].count)
        for (byRow, byColumn) in parts {
            result.add(byRow)
            columnSquares.add(byColumn)
        }
        let columnMeans = leftAxes.transposedTimes(softmaxes.columnMeans)
        let variances = columnSquares.scalingColumns(softmaxes.columnFactors).combining(columnMeans) { max(0, $0 - $1 * $1) }
        result.add(variances.times(rightSquares))
        return result
    }
}
