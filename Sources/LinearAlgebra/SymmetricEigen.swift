import CLAPACK

/// Eigenvalues in ascending order with their orthonormal eigenvectors.
public struct SymmetricEigendecomposition: Sendable {
    /// n eigenvalues, ascending.
    public let values: [Double]
    /// n x n; row k is the unit eigenvector of `values[k]`.
    public let vectors: Matrix
}

extension Matrix {
    /// The eigenvalues of a symmetric matrix, ascending (LAPACK `dsyevd`, divide and conquer; values only).
    ///
    /// Only the upper triangle is read.
    /// - Throws: `LinearAlgebraError` for non-finite elements or a failure to converge.
    /// - Precondition: the matrix is square.
    public func symmetricEigenvalues() throws(LinearAlgebraError) -> [Double] {
        try symmetricEigen(vectors: false).values
    }

    /// The eigenvalues and eigenvectors of a symmetric matrix (LAPACK `dsyevd`).
    ///
    /// - Throws: `LinearAlgebraError` for non-finite elements or a failure to converge.
    /// - Precondition: the matrix is square.
    public func symmetricEigendecomposition() throws(LinearAlgebraError) -> SymmetricEigendecomposition {
        let (values, vectors) = try symmetricEigen(vectors: true)
        return SymmetricEigendecomposition(
            values: values, vectors: Matrix(rowCount: rowCount, columnCount: rowCount, elements: vectors))
    }

    private func symmetricEigen(
        vectors: Bool
    ) throws(LinearAlgebraError) -> (values: [Double], vectors: [Double]) {
        precondition(rowCount == columnCount, "eigenvalues of a \(rowCount) x \(columnCount) matrix")
        let (n, _) = try checkForLAPACK("dsyevd")
        guard n > 0 else { return ([], []) }
        var work = elements
        var values = [Double](repeating: 0, count: rowCount)
        // The upper triangle in row-major order is the lower one in column-major: no transpose is needed, and
        // LAPACK's eigenvectors, columns in its order, are rows in ours.
        let info = unsafe LAPACKE_dsyevd(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: vectors ? "V" : "N")), CChar(UInt8(ascii: "L")), n, &work, n, &values)
        precondition(info >= 0, "dsyevd: argument \(-info)")
        guard info == 0 else { throw .notConverged(routine: "dsyevd", info: Int(info)) }
        return (values, vectors ? work : [])
    }
}
