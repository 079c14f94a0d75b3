import LinearAlgebra

/// The Hessian as a D x D matrix, D = p q <= 1,024, and the gradients of the parts of the loss that leave with each pair, for quantities
/// that need a solve for every pair, such as relative influence.
package struct ExplicitCurvature: Sendable {
    /// The largest D = p q for which the matrix is formed.
    package static let largestOrder = 1_024

    /// H, D x D, with the elements of W in row-major order.
    package let hessian: Matrix
    private let head: BilinearHead
    private let factor: CholeskyDecomposition

    /// H of a head at its minimum:
    /// sum_i (u_i u_i^T) (x) Cov_{P^r_i}(v) + sum_j Cov_{P^c_j}(u) (x) (v_j v_j^T), over temperature^2, + ridge I.
    ///
    /// - Returns: nil if D exceeds `largestOrder`.
    package init?(of head: BilinearHead) throws {
        let (p, q) = (head.weights.rowCount, head.weights.columnCount)
        guard p * q <= Self.largestOrder else { return nil }
        let objective = head.objective
        // Sums over rows of vec(u u^T) vec(Cov)^T are products of N x p^2 and N x q^2 matrices; they hold the elements of H in another
        // order.
        var moments = Matrix.zeros(p * p, q * q)
        for batch in objective.batches.indices {
            let (left, right) = objective.batchRows[batch]
            let (byRow, byColumn) = try objective.probabilities(at: head.point, batch: batch)
            let (leftSquares, rightSquares) = (left.outerProducts(left), right.outerProducts(right))
            let rowMeans = byRow.times(right)
            let rowCovariances = byRow.times(rightSquares).combining(rowMeans.outerProducts(rowMeans), -)
            let columnMeans = byColumn.transposedTimes(left)
            let columnCovariances = byColumn.transposedTimes(leftSquares)
                .combining(columnMeans.outerProducts(columnMeans), -)
            moments.add(leftSquares.transposedTimes(rowCovariances))
            moments.add(columnCovariances.transposedTimes(rightSquares))
        }
        let scale = 1 / (objective.temperature * objective.temperature)
        hessian = Matrix(rowCount: p * q, columnCount: p * q) { row, column in
            let (a, b, c, d) = (row / q, row % q, column / q, column % q)
            return scale * moments[a * p + c, b * q + d] + (row == column ? objective.ridge : 0)
        }
        self.head = head
        factor = try hessian.choleskyDecomposition()
    }

    /// The quantities that need a solve for each row.
    package struct PairQuantities: Sendable {
        /// |H^-1 grad C_n|, the size of the change of W when pair n is removed.
        package var sizes: [Double]
        /// <grad C_n, H^-1 grad C_n>, the influence of pair n on the part of the loss that leaves with it.
        package var selfInfluences: [Double]
        /// The two-parameter form of ECIF, sqrt(c^T M^-1 c) with c = (<g, posi>, <g, nega>) and M the Gram matrix of posi and nega. It says
        /// how much of the target's gradient the two changes span, without a sign.
        package var spans: [Double]
    }

    /// The sizes and self-influences of all rows of the objective, and the spans of a target.
    package func pairQuantities(_ target: InfluenceTarget) throws -> PairQuantities {
        let zeros = [Double](repeating: 0, count: head.objective.left.rowCount)
        var result = PairQuantities(sizes: zeros, selfInfluences: zeros, spans: zeros)
        let order = target.gradient.elements.count
        let gradient = Matrix(rowCount: order, columnCount: 1, elements: target.gradient.elements)
        for (batch, rows) in head.objective.batches.enumerated() {
            let leaving = try head.objective.leavingGradients(at: head.point, batch: batch)
            let all = leaving.own.adding(leaving.others)
            let moved = factor.solve(all.transposed).transposed
            let own = factor.solve(leaving.own.transposed).transposed
            let others = factor.solve(leaving.othersLinearised.transposed).transposed
            let (norms, products) = (moved.rowNorms, moved.rowProducts(all))
            let (ownTarget, othersTarget) = (own.times(gradient), others.times(gradient))
            let (ownOwn, ownOthers, othersOthers) = (own.rowProducts(own), own.rowProducts(others), others.rowProducts(others))
            for (position, row) in rows.enumerated() {
                result.sizes[row] = norms[position]
                result.selfInfluences[row] = products[position]
                let (c, d) = (ownTarget[position, 0], othersTarget[position, 0])
                let determinant = ownOwn[position] * othersOthers[position] - ownOthers[position] * ownOthers[position]
                let form = c * c * othersOthers[position] - 2 * c * d * ownOthers[position] + d * d * ownOwn[position]
                result.spans[row] = determinant > 0 ? max(0, form / determinant).squareRoot() : 0
            }
        }
        return result
    }
}

extension ContrastiveObjective {
    /// P^r and P^c of a batch, B x B each.
    func probabilities(at point: ContrastivePoint, batch: Int) throws -> (byRow: Matrix, byColumn: Matrix) {
        let softmaxes = point.softmaxes[batch]
        var (byRow, byColumn) = ([Double](), [Double]())
        for (index, block) in blocks(of: batch).enumerated() {
            let exponentials = exponentials(point, batch: batch, block: index)
            byRow += exponentials.scalingRows(by: Array(softmaxes.rowFactors[block])).elements
            byColumn += exponentials.scalingColumns(softmaxes.columnFactors.map { $0 * softmaxes.blockFactors[index] }).elements
        }
        let size = batches[batch].count
        return (
            Matrix(rowCount: size, columnCount: size, elements: byRow),
            Matrix(rowCount: size, columnCount: size, elements: byColumn)
        )
    }

    /// The gradients of the parts of the loss that leave with each pair of a batch, B x D: the pair's own terms and its part in the
    /// softmaxes of others.
    func leavingGradients(at point: ContrastivePoint, batch: Int) throws
        -> (own: Matrix, others: Matrix, othersLinearised: Matrix)
    {
        let (u, v) = batchRows[batch]
        let (byRow, byColumn) = try probabilities(at: point, batch: batch)
        let (rowMeans, columnMeans) = (byRow.times(v), byColumn.transposedTimes(u))
        let scale = 1 / temperature
        let own = u.outerProducts(rowMeans.combining(v, -)).adding(columnMeans.combining(u, -).outerProducts(v))
        func others(_ weigh: (Double) -> Double) -> Matrix {
            var (rowWeights, columnWeights) = (byRow.mapElements(weigh), byColumn.mapElements(weigh))
            for index in 0..<u.rowCount {
                rowWeights[index, index] = 0
                columnWeights[index, index] = 0
            }
            return rowWeights.transposedTimes(u).outerProducts(v).adding(u.outerProducts(columnWeights.times(v)))
                .combining(rowWeights.transposedTimes(u.outerProducts(rowMeans)), -)
                .combining(columnWeights.times(columnMeans.outerProducts(v)), -)
                .mapElements { $0 * scale }
        }
        return (
            own.mapElements { $0 * scale }, others { $0 / max(1 - $0, Self.smallestComplement) }, others { $0 }
        )
    }
}

extension Matrix {
    /// Row n is vec(a_n b_n^T), made of row n of both matrices: N x (p q).
    func outerProducts(_ other: Matrix) -> Matrix {
        precondition(rowCount == other.rowCount, "outer products of unlike rows")
        var elements: [Double] = []
        elements.reserveCapacity(rowCount * columnCount * other.columnCount)
        for index in 0..<rowCount {
            let right = other.row(index)
            for value in row(index) {
                for factor in right { elements.append(value * factor) }
            }
        }
        return Matrix(rowCount: rowCount, columnCount: columnCount * other.columnCount, elements: elements)
    }
}
