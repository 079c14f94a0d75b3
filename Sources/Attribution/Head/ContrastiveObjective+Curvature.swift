import LinearAlgebra

extension ContrastiveObjective {
    /// The Hessian of L at a point times a direction X, p x q, which never forms the Hessian:
    ///
    ///     T = U X V^T / temperature,  A = P^r o (T - rowsum(P^r o T)),  C = P^c o (T - colsum(P^c o T)),
    ///     H[X] = U^T (A + C) V / temperature + ridge X
    ///
    /// The column sums need all rows, but they can be subtracted at the end as U^T P^c diag(colsum) V, so one pass suffices.
    func curvature(at point: ContrastivePoint, times direction: Matrix) throws -> Matrix {
        let parts = try mapBatches { batch, threads in
            try curvature(at: point, times: direction, batch: batch, threads: threads)
        }
        var result = direction.mapElements { ridge * $0 }
        for part in parts { result.add(part) }
        return result
    }

    private func curvature(at point: ContrastivePoint, times direction: Matrix, batch: Int, threads: Int) throws -> Matrix {
        let (blocks, softmaxes) = (blocks(of: batch), point.softmaxes[batch])
        let (left, right) = batchRows[batch]
        let parts = try concurrentMap(count: blocks.count, threadCount: threads) { index in
            let rows = left.rows(blocks[index])
            var slopes = rows.times(direction).timesTransposed(right)
            let columnSums = weigh(
                &slopes, by: exponentials(point, batch: batch, block: index), softmaxes,
                rowFactors: softmaxes.rowFactors[blocks[index]], blockFactor: softmaxes.blockFactors[index])
            return (rows.transposedTimes(slopes), columnSums)
        }
        let size = batches[batch].count
        var mixture = Matrix.zeros(left.columnCount, size)
        var columnSums = [Double](repeating: 0, count: size)
        for (product, sums) in parts {
            mixture.add(product)
            for (column, sum) in sums.enumerated() { columnSums[column] += sum }
        }
        mixture.add(softmaxes.columnMeans.scalingColumns(columnSums), times: -1)
        return mixture.times(right).mapElements { $0 / temperature }
    }

    /// Turns T of a block into (P^r o (T - rowsum) + P^c o T) / temperature and returns the block's part of colsum(P^c o T).
    private func weigh(
        _ slopes: inout Matrix, by exponentials: Matrix, _ softmaxes: BatchSoftmaxes, rowFactors: ArraySlice<Double>,
        blockFactor: Double
    ) -> [Double] {
        let (rows, columns) = (slopes.rowCount, slopes.columnCount)
        let scale = 1 / temperature
        let columnFactors = softmaxes.columnFactors.map { $0 * blockFactor }
        var columnSums = [Double](repeating: 0, count: columns)
        slopes.withElements { elements in
            unsafe elements.withUnsafeMutableBufferPointer { slopes in
                unsafe exponentials.elements.withUnsafeBufferPointer { weights in
                    unsafe columnFactors.withUnsafeBufferPointer { columnFactors in
                        unsafe columnSums.withUnsafeMutableBufferPointer { sums in
                            guard let slopes = slopes.baseAddress, let weights = weights.baseAddress else { return }
                            for row in 0..<rows {
                                let (slope, weight) = unsafe (slopes + row &* columns, weights + row &* columns)
                                let rowFactor = rowFactors[rowFactors.startIndex + row]
                                let mean = unsafe rowFactor * scale * dotProduct(slope, weight, columns)
                                for column in 0..<columns {
                                    let value = unsafe slope[column] * scale
                                    let byColumn = unsafe columnFactors[column] * value
                                    let weighted = unsafe weight[column] * byColumn
                                    unsafe sums[column] += weighted
                                    unsafe slope[column] = weighted + weight[column] * rowFactor * (value - mean)
                                }
                            }
                        }
                    }
                }
            }
        }
        return columnSums
    }

    /// Solves H[X] = `right` by conjugate gradients, preconditioned by the diagonal of H in the axes of each side.
    ///
    /// - Parameter tolerance: the solve ends when the norm of the residual over that of `right` is this small.
    func solveCurvature(
        at point: ContrastivePoint, _ right: Matrix, tolerance: Double, mostIterations: Int = 500
    ) throws -> (solution: Matrix, iterations: Int) {
        let preconditioner = try CurvaturePreconditioner(self, at: point)
        var solution = Matrix.zeros(right.rowCount, right.columnCount)
        var residual = right
        var scaled = preconditioner.solve(residual)
        var direction = scaled
        var product = residual.inner(scaled)
        let goal = tolerance * right.frobeniusNorm
        var iterations = 0
        while residual.frobeniusNorm > goal, product > 0, iterations < mostIterations {
            let curved = try curvature(at: point, times: direction)
            let step = product / direction.inner(curved)
            guard step.isFinite else { break }
            solution.add(direction, times: step)
            residual.add(curved, times: -step)
            scaled = preconditioner.solve(residual)
            let next = residual.inner(scaled)
            direction = scaled.combining(direction) { $0 + next / product * $1 }
            product = next
            iterations += 1
        }
        return (solution, iterations)
    }
}
