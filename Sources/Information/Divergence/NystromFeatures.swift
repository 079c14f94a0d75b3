import LinearAlgebra

/// Finite features whose inner products approximate a kernel: K_nm W with W W^T the inverse of K_mm, from m landmarks
/// (Williams and Seeger, NIPS 2000).
struct NystromFeatures: Sendable {
    /// W, m x r, from a Cholesky factorisation with pivots; it leaves out landmarks that others determine to within 1e-8 of the kernel.
    let projection: Matrix

    /// Prepares the features from the Gram matrix of the landmarks.
    ///
    /// - Throws: `LinearAlgebraError` for a kernel that is not finite.
    init(landmarkGram: Matrix) throws(LinearAlgebraError) {
        projection = try landmarkGram.choleskyWhitening(tolerance: 1e-8)
    }

    /// n x r features from the n x m kernel between rows and landmarks.
    func features(crossGram: Matrix) -> Matrix {
        crossGram.times(projection)
    }
}
