import LinearAlgebra

/// Finite features whose inner products approximate a kernel: K_nm K_mm^(-1/2), from m landmarks
/// (Williams and Seeger, NIPS 2000).
struct NystromFeatures: Sendable {
    /// m x r: eigenvectors of the landmarks' Gram matrix over the roots of their eigenvalues.
    let projection: Matrix

    /// Features from the Gram matrix of the landmarks; eigenvalues under 1e-8 of the largest are dropped.
    ///
    /// - Throws: `LinearAlgebraError` when the eigenvalues do not converge.
    init(landmarkGram: Matrix) throws(LinearAlgebraError) {
        let eigen = try landmarkGram.symmetricEigendecomposition()
        let largest = eigen.values.last ?? 0
        let kept = eigen.values.indices.filter { eigen.values[$0] > 1e-8 * largest }
        projection = eigen.vectors.selectingRows(kept)
            .scalingRows(by: kept.map { 1 / eigen.values[$0].squareRoot() }).transposed
    }

    /// n x r features from the n x m kernel between rows and landmarks.
    func features(crossGram: Matrix) -> Matrix {
        crossGram.times(projection)
    }
}
