import LinearAlgebra

/// The spectrum of some rows with what each row has in each eigenvector.
struct RowProjections: Sendable {
    /// Eigenvalues with sum 1.
    let eigenvalues: [Double]
    /// Rows x eigenvalues: (phi_i . v_k)^2 divided by the trace; columns sum to the eigenvalues.
    let squares: Matrix
    /// |phi_i|^2 divided by the trace.
    let traceShares: [Double]
}

extension PooledRows {
    /// The eigenvectors of the covariance of these rows, as its rows see them.
    ///
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    func projections(_ subset: [Int]) throws(LinearAlgebraError) -> RowProjections {
        let total = trace(subset)
        let scale = total > 0 ? 1 / total : 0
        let shares = subset.map { trace([$0]) * scale }
        if let block = gramBlock(subset) {
            let eigen = try block.symmetricEigendecomposition()
            let values = eigen.values.map { max(0, $0) * scale }
            return RowProjections(
                eigenvalues: values,
                squares: Matrix(rowCount: subset.count, columnCount: subset.count) { row, k in
                    values[k] * eigen.vectors[k, row] * eigen.vectors[k, row]
                }, traceShares: shares)
        }
        guard let rows = featureRows(subset) else {
            return RowProjections(eigenvalues: [], squares: .zeros(subset.count, 0), traceShares: shares)
        }
        let eigen = try rows.crossProduct.symmetricEigendecomposition()
        return RowProjections(
            eigenvalues: eigen.values.map { max(0, $0) * scale },
            squares: rows.timesTransposed(eigen.vectors).mapElements { $0 * $0 * scale }, traceShares: shares)
    }

    /// The correlation of rows of one unit, as their kernels show it: (mean of k within units - mean of k between them)/(mean of
    /// k(x, x) - mean of k between units), in [0, 1]. What all rows share (their mean) is in every term and drops out.
    ///
    /// - Parameter samples: for each sample its units, which cover its rows.
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
            // In a sample's own proportion of pairs within units.
            within += (unitSum - diagonal) - inUnits * between
            reference += inUnits * (diagonal / count - between)
            pairCount += inUnits
        }
        guard pairCount > 0, reference > 0 else { return 0 }
        return min(1, max(0, within / reference))
    }
}
