import LinearAlgebra

/// How much, to first order, a target changes when each training pair is removed: I_n = <H^-1 grad f, grad C_n>. C_n is the part of the
/// loss that leaves with pair n: its own two terms, and its part in the softmaxes of all others.
///
/// If I_n > 0, removing the pair raises the target. If the target is a loss, such a pair helps, and one with I_n < 0 harms.
package struct RemovalInfluence: Sendable {
    /// Which parts of the loss leave with a pair.
    package enum Form: Sendable {
        /// Everything that leaves, exactly: weights P/(1 - P) for the softmaxes of others.
        case exact
        /// The published linearisation (ECIF, 2411.11667): weights P.
        case linearised
        /// Only the pair's own two terms; correlates worse with retraining.
        case ownTerms
    }

    /// <Z, grad Pos_n> of every row, for the pair's own row and column loss.
    package let ownTerms: [Double]
    /// <Z, grad Neg_n> of every row, in the exact form.
    package let others: [Double]
    /// <Z, grad Neg_n> of every row, in the linearised form.
    package let othersLinearised: [Double]
    /// The number of iterations of the single solve H[Z] = grad f.
    package let iterations: Int

    /// The influences of all rows of the objective, in units of the target; 0 for rows that took no part in the fit.
    package func values(_ form: Form = .exact) -> [Double] {
        switch form {
        case .exact: zip(ownTerms, others).map { $0 + $1 }
        case .linearised: zip(ownTerms, othersLinearised).map { $0 + $1 }
        case .ownTerms: ownTerms
        }
    }

    /// Computes all N influences with one solve and one pass, by the adjoint method.
    ///
    /// - Parameter tolerance: the relative residual at which the solve ends. At 1e-3 the largest error was 7e-4 of the largest influence,
    ///   and the order stayed the same.
    package init(of head: BilinearHead, on target: InfluenceTarget, tolerance: Double = 1e-6) throws {
        let solve = try head.objective.solveCurvature(at: head.point, target.gradient, tolerance: tolerance)
        self.init(try head.objective.removalSlopes(at: head.point, along: solve.solution), iterations: solve.iterations)
    }

    init(_ slopes: RemovalSlopes, iterations: Int) {
        ownTerms = slopes.ownTerms
        others = slopes.others
        othersLinearised = slopes.othersLinearised
        self.iterations = iterations
    }
}

/// The slopes, along one direction of the weights, of the parts of the loss that leave with each pair.
struct RemovalSlopes: Sendable {
    var ownTerms: [Double]
    var others: [Double]
    var othersLinearised: [Double]
}

extension ContrastiveObjective {
    /// The lower limit of 1 - P. It gives a pair whose partner took the whole softmax of another row a finite weight.
    static let smallestComplement = 1e-12

    /// <Z, grad Pos_n> and <Z, grad Neg_n> of every row n. With T = U Z V^T / temperature, er_i = sum_j P^r_ij T_ij and
    /// ec_j = sum_i P^c_ij T_ij:
    ///
    ///     dPos_n = er_n + ec_n - 2 T_nn
    ///     dNeg_n = sum_{i != n} w^r_in (T_in - er_i) + sum_{i != n} w^c_ni (T_ni - ec_i),  w = P/(1 - P), or P linearised
    func removalSlopes(at point: ContrastivePoint, along direction: Matrix) throws -> RemovalSlopes {
        let parts = try mapBatches { batch, threads in
            try removalSlopes(at: point, along: direction, batch: batch, threads: threads)
        }
        let zeros = [Double](repeating: 0, count: left.rowCount)
        var all = RemovalSlopes(ownTerms: zeros, others: zeros, othersLinearised: zeros)
        for (rows, part) in zip(batches, parts) {
            for (position, row) in rows.enumerated() {
                all.ownTerms[row] = part.ownTerms[position]
                all.others[row] = part.others[position]
                all.othersLinearised[row] = part.othersLinearised[position]
            }
        }
        return all
    }

    private func removalSlopes(at point: ContrastivePoint, along direction: Matrix, batch: Int, threads: Int) throws
        -> RemovalSlopes
    {
        let (size, blocks, softmaxes) = (batches[batch].count, blocks(of: batch), point.softmaxes[batch])
        let (left, right) = batchRows[batch]
        // The first pass computes the means under each softmax; those of columns need all rows. T and E of one batch are few
        // enough to be kept for the second.
        let first = try concurrentMap(count: blocks.count, threadCount: threads) { index in
            var slopes = left.rows(blocks[index]).times(direction).timesTransposed(right)
            if temperature != 1 { slopes.combine(slopes) { slope, _ in slope / temperature } }
            let exponentials = exponentials(point, batch: batch, block: index)
            return (
                slopes: slopes, exponentials: exponentials,
                means: softmaxMeans(slopes, exponentials, softmaxes, block: index, rows: blocks[index])
            )
        }
        let means = first.map(\.means)
        let (rowMeans, diagonal) = (means.flatMap(\.rows), means.flatMap(\.diagonal))
        let columnMeans = means.reduce(into: [Double](repeating: 0, count: size)) { sums, part in
            for (column, mean) in part.columns.enumerated() { sums[column] += mean }
        }
        let parts = try concurrentMap(count: blocks.count, threadCount: threads) { index in
            otherSlopes(
                first[index].slopes, first[index].exponentials, softmaxes, block: index, rows: blocks[index], rowMeans: rowMeans,
                columnMeans: columnMeans)
        }
        var others = parts.flatMap(\.exactByRow)
        var linearised = parts.flatMap(\.linearisedByRow)
        for part in parts {
            for column in 0..<size {
                others[column] += part.exactByColumn[column]
                linearised[column] += part.linearisedByColumn[column]
            }
        }
        let own = (0..<size).map { rowMeans[$0] + columnMeans[$0] - 2 * diagonal[$0] }
        return RemovalSlopes(ownTerms: own, others: others, othersLinearised: linearised)
    }

    /// er of a block's rows, the block's part of ec, and its part of the diagonal of T.
    private func softmaxMeans(
        _ slopes: Matrix, _ exponentials: Matrix, _ softmaxes: BatchSoftmaxes, block: Int, rows: Range<Int>
    ) -> (rows: [Double], columns: [Double], diagonal: [Double]) {
        var rowMeans = exponentials.rowProducts(slopes)
        for (position, row) in rows.enumerated() { rowMeans[position] *= softmaxes.rowFactors[row] }
        var columns = [Double](repeating: 0, count: slopes.columnCount)
        let width = slopes.columnCount
        unsafe slopes.elements.withUnsafeBufferPointer { slopes in
            unsafe exponentials.elements.withUnsafeBufferPointer { weights in
                unsafe columns.withUnsafeMutableBufferPointer { sums in
                    for row in 0..<rows.count {
                        for column in 0..<width {
                            let index = row &* width &+ column
                            unsafe sums[column] += weights[index] * slopes[index]
                        }
                    }
                }
            }
        }
        let factor = softmaxes.blockFactors[block]
        let columnMeans = columns.enumerated().map { $1 * softmaxes.columnFactors[$0] * factor }
        return (rowMeans, columnMeans, rows.enumerated().map { slopes[$0.offset, $0.element] })
    }

    private struct OtherSlopes: Sendable {
        var exactByRow: [Double]
        var exactByColumn: [Double]
        var linearisedByRow: [Double]
        var linearisedByColumn: [Double]
    }

    /// The block's part of dNeg: w^c sums over its rows, and w^r sums into all columns.
    private func otherSlopes(
        _ slopes: Matrix, _ exponentials: Matrix, _ softmaxes: BatchSoftmaxes, block: Int, rows: Range<Int>,
        rowMeans: [Double], columnMeans: [Double]
    ) -> OtherSlopes {
        let width = slopes.columnCount
        let (byRow, byColumn) = ([Double](repeating: 0, count: rows.count), [Double](repeating: 0, count: width))
        var result = OtherSlopes(
            exactByRow: byRow, exactByColumn: byColumn, linearisedByRow: byRow, linearisedByColumn: byColumn)
        let columnFactors = softmaxes.columnFactors.map { $0 * softmaxes.blockFactors[block] }
        unsafe slopes.elements.withUnsafeBufferPointer { slopes in
            unsafe exponentials.elements.withUnsafeBufferPointer { weights in
                unsafe columnFactors.withUnsafeBufferPointer { columnFactors in
                    unsafe columnMeans.withUnsafeBufferPointer { columnMeans in
                        unsafe result.exactByColumn.withUnsafeMutableBufferPointer { exact in
                            unsafe result.linearisedByColumn.withUnsafeMutableBufferPointer { linearised in
                                for (position, row) in rows.enumerated() {
                                    let (rowFactor, rowMean) = (softmaxes.rowFactors[row], rowMeans[row])
                                    var (exactSum, linearisedSum) = (0.0, 0.0)
                                    for column in 0..<width where column != row {
                                        let index = position &* width &+ column
                                        let weight = unsafe weights[index]
                                        let byRow = weight * rowFactor
                                        let byColumn = unsafe weight * columnFactors[column]
                                        let rowSlope = unsafe byRow * (slopes[index] - rowMean)
                                        let columnSlope = unsafe byColumn * (slopes[index] - columnMeans[column])
                                        unsafe linearised[column] += rowSlope
                                        unsafe exact[column] += rowSlope / max(1 - byRow, Self.smallestComplement)
                                        linearisedSum += columnSlope
                                        exactSum += columnSlope / max(1 - byColumn, Self.smallestComplement)
                                    }
                                    result.exactByRow[position] = exactSum
                                    result.linearisedByRow[position] = linearisedSum
                                }
                            }
                        }
                    }
                }
            }
        }
        return result
    }
}
