import CLAPACK

/// The thin singular value decomposition A = U diag(s) V^T of an n x d matrix, with r = min(n, d).
public struct SingularValueDecomposition: Sendable {
    /// n x r; orthonormal columns.
    public let left: Matrix
    /// r singular values, descending.
    public let values: [Double]
    /// r x d; row k is the right singular vector of `values[k]`.
    public let rightTransposed: Matrix
}

extension Matrix {
    /// The singular values, descending (LAPACK `dgesdd`, values only).
    ///
    /// - Throws: `LinearAlgebraError` for non-finite elements or a failure to converge.
    public func singularValues() throws(LinearAlgebraError) -> [Double] {
        try singular(vectors: false).values
    }

    /// The thin singular value decomposition (LAPACK `dgesdd`).
    ///
    /// - Throws: `LinearAlgebraError` for non-finite elements or a failure to converge.
    public func singularValueDecomposition() throws(LinearAlgebraError) -> SingularValueDecomposition {
        try singular(vectors: true)
    }

    private func singular(vectors: Bool) throws(LinearAlgebraError) -> SingularValueDecomposition {
        let (n, d) = try checkForLAPACK("dgesdd")
        let rank = min(rowCount, columnCount)
        var values = [Double](repeating: 0, count: rank)
        // Read in column-major order our n x d matrix is its d x n transpose V diag(s) U^T: LAPACK's left factor,
        // columns in its order, is V^T in ours, and its right factor V'^T of r x n is our U of n x r.
        var left = [Double](repeating: 0, count: vectors ? rowCount * rank : 1)
        var right = [Double](repeating: 0, count: vectors ? rank * columnCount : 1)
        if rank > 0 {
            var work = elements
            let info = unsafe LAPACKE_dgesdd(
                LAPACK_COL_MAJOR, CChar(UInt8(ascii: vectors ? "S" : "N")), d, n, &work, d, &values,
                &right, d, &left, vectors ? Int32(rank) : 1)
            precondition(info >= 0, "dgesdd: argument \(-info)")
            guard info == 0 else { throw .notConverged(routine: "dgesdd", info: Int(info)) }
        }
        guard vectors else {
            return SingularValueDecomposition(left: .zeros(0, 0), values: values, rightTransposed: .zeros(0, 0))
        }
        return SingularValueDecomposition(
            left: Matrix(rowCount: rowCount, columnCount: rank, elements: left), values: values,
            rightTransposed: Matrix(rowCount: rank, columnCount: columnCount, elements: right))
    }
}
