import LinearAlgebra

extension Matrix {
    /// The unit eigenvectors of `self^T self` with the largest eigenvalues, one a row, by the smaller of Gram and
    /// covariance; directions under 1e-10 of the largest eigenvalue are rounding and are left out.
    ///
    /// - Throws: `LinearAlgebraError` when the eigenvalues do not converge.
    func principalDirections(limit: Int, threadCount: Int = 1) throws(LinearAlgebraError) -> Matrix {
        let usesGram = rowCount < columnCount
        let eigen = try (usesGram ? gram : crossProduct(threadCount: threadCount)).symmetricEigendecomposition()
        let largest = max(0, eigen.values.last ?? 0)
        let kept = eigen.values.indices.reversed().prefix(limit).filter {
            eigen.values[$0] > 1e-10 * largest && eigen.values[$0] > 0
        }
        let vectors = eigen.vectors.selectingRows(Array(kept))
        guard usesGram else { return vectors }
        return vectors.times(self).scalingRows(by: kept.map { 1 / eigen.values[$0].squareRoot() })
    }
}
