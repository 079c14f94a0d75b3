import CLAPACK

extension Matrix {
    /// The solution X of A X = B for a general square matrix (LAPACK `dgesv`) and an n x m matrix B.
    ///
    /// - Throws: `LinearAlgebraError.notConverged` when A is singular to working precision, or for non-finite elements.
    /// - Precondition: A is square and has as many rows as B.
    package func solve(_ right: Matrix) throws(LinearAlgebraError) -> Matrix {
        precondition(rowCount == columnCount && right.rowCount == rowCount, "shapes of a linear system differ")
        let (n, _) = try checkForLAPACK("dgesv")
        let (_, m) = try right.checkForLAPACK("dgesv")
        guard n > 0, m > 0 else { return right }
        var factor = transposed.elements
        var solution = right.transposed.elements
        var pivots = [Int32](repeating: 0, count: rowCount)
        let info = unsafe LAPACKE_dgesv_work(LAPACK_COL_MAJOR, n, m, &factor, n, &pivots, &solution, n)
        precondition(info >= 0, "dgesv: argument \(-info)")
        guard info == 0 else { throw .notConverged(routine: "dgesv", info: Int(info)) }
        return Matrix(rowCount: right.columnCount, columnCount: rowCount, elements: solution).transposed
    }
}
