import LinearAlgebra

/// The spectrum of some rows, with the part of each eigenvalue that each row contributes.
struct RowProjections: Sendable {
    /// The eigenvalues; their sum is 1 when rows have no weights.
    let eigenvalues: [Double]
    /// A row for each row, a column for each eigenvalue: (phi_i . v_k)^2 divided by the trace. Each column sums to its eigenvalue.
    let squares: Matrix
    /// Each row's part of the trace, |phi_i|^2 divided by the trace.
    let traceShares: [Double]
}

extension PooledRows {
    /// The spectrum of the covariance of these rows, and each row's projections on its eigenvectors.
    ///
    /// - Parameter weights: for each row the factor of its phi phi^T; nil takes 1. Everything is divided by the trace without weights.
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    func projections(_ subset: [Int], weights: [Double]? = nil) throws(LinearAlgebraError) -> RowProjections {
        let total = trace(subset)
        let scale = total > 0 ? 1 / total : 0
        let shares = subset.indices.map { trace([subset[$0]]) * scale * (weights?[$0] ?? 1) }
        let roots = weights?.map { $0.squareRoot() }
        if var block = gramBlock(subset) {
            if let roots { block = Matrix(rowCount: roots.count, columnCount: roots.count) { roots[$0] * roots[$1] * block[$0, $1] } }
            let eigen = try block.symmetricEigendecomposition()
            let values = eigen.values.map { max(0, $0) * scale }
            return RowProjections(
                eigenvalues: values,
                squares: Matrix(rowCount: subset.count, columnCount: subset.count) { row, k in
                    values[k] * eigen.vectors[k, row] * eigen.vectors[k, row]
                }, traceShares: shares)
        }
        guard var rows = featureRows(subset) else {
            return RowProjections(eigenvalues: [], squares: .zeros(subset.count, 0), traceShares: shares)
        }
        if let roots { rows = rows.scalingRows(by: roots) }
        let eigen = try rows.crossProduct.symmetricEigendecomposition()
        return RowProjections(
            eigenvalues: eigen.values.map { max(0, $0) * scale },
            squares: rows.timesTransposed(eigen.vectors).mapElements { $0 * $0 * scale }, traceShares: shares)
    }

    /// How strongly rows of one unit are correlated, judged by the kernel: (mean of k within units - mean of k between units)/(mean of
    /// k(x, x) - mean of k between units), in [0, 1]. What all rows share (their mean) is in every term and drops out.
    ///
    /// - Parameter samples: the units of each sample; together they hold every row of the sample.
    func correlationWithinUnits(_ samples: [[[Int]]]) -> Double {
        var (within, reference, pairCount) = (0.0, 0.0, 0.0)
        for units in samples {
            let count = Double(units.reduce(0) { $0 + $1.count })
            let inUnits = units.reduce(0.0) { $0 + Double($1.count * ($1.count - 1)) }
            let betweenCount = count * (count - 1) - inUnits
            guard inUnits > 0, betweenCount > 0 else { continue }
            let diagonal = trace(units.flatMap { $0 })
            let unitSum = units.reduce(0) { $0 + kernelSum($1) }
            let between = (kernelSum(units.flatMap { $0 }) - unitSum) / betweenCount
            // Each sample counts in proportion to its number of pairs within units.
            within += (unitSum - diagonal) - inUnits * between
            reference += inUnits * (diagonal / count - between)
            pairCount += inUnits
        }
        guard pairCount > 0, reference > 0 else { return 0 }
        return min(1, max(0, within / reference))
    }
}
