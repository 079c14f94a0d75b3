import CLAPACK

/// The eigenvalues of a symmetric matrix, ascending, with their orthonormal eigenvectors.
package struct SymmetricEigendecomposition: Sendable {
    /// The n eigenvalues, ascending.
    package let values: [Double]
    /// The eigenvectors, n x n; row k is the unit eigenvector of `values[k]`.
    package let vectors: Matrix
}

extension Matrix {
    /// The eigenvalues of a symmetric matrix, ascending (LAPACK `dsterf` after `symmetricTridiagonal`).
    ///
    /// Only the lower triangle is read.
    /// - Throws: `LinearAlgebraError` for non-finite elements or a failure to converge.
    /// - Precondition: the matrix is square.
    package func symmetricEigenvalues() throws(LinearAlgebraError) -> [Double] {
        let reduced = try symmetricTridiagonal()
        guard rowCount > 0 else { return [] }
        var values = reduced.diagonal
        var offDiagonal = reduced.squares.dropFirst().map { $0.squareRoot() }
        let info = unsafe LAPACKE_dsterf_work(Int32(rowCount), &values, &offDiagonal)
        precondition(info >= 0, "dsterf: argument \(-info)")
        guard info == 0 else { throw .notConverged(routine: "dsterf", info: Int(info)) }
        return values.map { $0 / reduced.scale }
    }

    /// The eigenvalues and eigenvectors of a symmetric matrix (LAPACK `dsyevd`).
    ///
    /// - Throws: `LinearAlgebraError` for non-finite elements or a failure to converge.
    /// - Precondition: the matrix is square.
    package func symmetricEigendecomposition() throws(LinearAlgebraError) -> SymmetricEigendecomposition {
        precondition(rowCount == columnCount, "eigenvectors of a \(rowCount) x \(columnCount) matrix")
        let (n, _) = try checkForLAPACK("dsyevd")
        guard n > 0 else { return SymmetricEigendecomposition(values: [], vectors: self) }
        var work = elements
        var values = [Double](repeating: 0, count: rowCount)
        // The upper triangle in row-major order is the lower one in column-major order, so no transpose is needed, and the columns that
        // LAPACK returns as eigenvectors are our rows.
        let info = unsafe LAPACKE_dsyevd(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "L")), n, &work, n, &values)
        precondition(info >= 0, "dsyevd: argument \(-info)")
        guard info == 0 else { throw .notConverged(routine: "dsyevd", info: Int(info)) }
        return SymmetricEigendecomposition(
            values: values, vectors: Matrix(rowCount: rowCount, columnCount: rowCount, elements: work))
    }

    /// The `count` largest eigenvalues of a symmetric matrix with their eigenvectors, ascending (LAPACK `dsyevr`); cheaper than a full
    /// decomposition if only a few are wanted.
    ///
    /// Only the upper triangle is read.
    /// - Throws: `LinearAlgebraError` for non-finite elements or a failure to converge.
    /// - Precondition: the matrix is square.
    package func largestSymmetricEigenpairs(_ count: Int) throws(LinearAlgebraError) -> SymmetricEigendecomposition {
        precondition(rowCount == columnCount, "eigenvectors of a \(rowCount) x \(columnCount) matrix")
        let (n, _) = try checkForLAPACK("dsyevr")
        let wanted = min(count, rowCount)
        guard wanted > 0 else { return SymmetricEigendecomposition(values: [], vectors: .zeros(0, rowCount)) }
        var work = elements
        var values = [Double](repeating: 0, count: rowCount)
        var vectors = [Double](repeating: 0, count: rowCount * wanted)
        var support = [Int32](repeating: 0, count: 2 * wanted)
        var found: Int32 = 0
        let info = unsafe LAPACKE_dsyevr(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "I")), CChar(UInt8(ascii: "L")), n, &work, n,
            0, 0, n - Int32(wanted) + 1, n, 0, &found, &values, &vectors, n, &support)
        precondition(info >= 0, "dsyevr: argument \(-info)")
        guard info == 0, Int(found) == wanted else { throw .notConverged(routine: "dsyevr", info: Int(info)) }
        return SymmetricEigendecomposition(
            values: Array(values.prefix(wanted)),
            vectors: Matrix(rowCount: wanted, columnCount: rowCount, elements: vectors))
    }
}
