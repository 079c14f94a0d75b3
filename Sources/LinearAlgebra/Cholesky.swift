import CLAPACK
import RealModule

/// The Cholesky factor of a symmetric positive definite matrix A = L L^T.
package struct CholeskyDecomposition: Sendable {
    /// The factor, n x n; its lower triangle is L, and the upper one is not used.
    package let factor: Matrix

    /// ln det A.
    package var logDeterminant: Double {
        (0..<factor.rowCount).reduce(0) { $0 + 2 * .log(factor[$1, $1]) }
    }

    /// The solution X of A X = B, for an n x m matrix B.
    ///
    /// - Precondition: `right.rowCount` equals the order of A.
    package func solve(_ right: Matrix) -> Matrix {
        let n = factor.rowCount
        precondition(right.rowCount == n, "a right side of \(right.rowCount) rows for order \(n)")
        guard n > 0, right.columnCount > 0 else { return right }
        var solution = right
        solution.withElements { out in
            for transpose in [CblasNoTrans, CblasTrans] {
                unsafe cblas_dtrsm(
                    CblasRowMajor, CblasLeft, CblasLower, transpose, CblasNonUnit, Int32(n), Int32(right.columnCount),
                    1, factor.elements, Int32(n), &out, Int32(right.columnCount))
            }
        }
        return solution
    }

    /// The rows (of n columns) times L^-T. Rows with covariance A become rows with the identity as covariance.
    ///
    /// - Precondition: `rows.columnCount` equals the order of A.
    package func whitening(_ rows: Matrix) -> Matrix {
        let n = factor.rowCount
        precondition(rows.columnCount == n, "rows of \(rows.columnCount) columns for order \(n)")
        guard n > 0, rows.rowCount > 0 else { return rows }
        var whitened = rows
        whitened.withElements { out in
            unsafe cblas_dtrsm(
                CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, Int32(rows.rowCount), Int32(n), 1,
                factor.elements, Int32(n), &out, Int32(n))
        }
        return whitened
    }
}

extension Matrix {
    /// The Cholesky factor of a symmetric positive definite matrix (LAPACK `dpotrf`).
    ///
    /// Only the lower triangle is read.
    /// - Throws: `LinearAlgebraError.notPositiveDefinite`, or for non-finite elements.
    /// - Precondition: the matrix is square.
    package func choleskyDecomposition() throws(LinearAlgebraError) -> CholeskyDecomposition {
        precondition(rowCount == columnCount, "Cholesky of a \(rowCount) x \(columnCount) matrix")
        let (n, _) = try checkForLAPACK("dpotrf")
        guard n > 0 else { return CholeskyDecomposition(factor: self) }
        var work = elements
        // Our lower triangle is LAPACK's upper one; its U^T U is our L L^T.
        let info = unsafe LAPACKE_dpotrf(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), n, &work, n)
        precondition(info >= 0, "dpotrf: argument \(-info)")
        guard info == 0 else { throw .notPositiveDefinite(routine: "dpotrf", pivot: Int(info) - 1) }
        return CholeskyDecomposition(factor: Matrix(rowCount: rowCount, columnCount: rowCount, elements: work))
    }

    /// A factor W with W^T A W = I on the part of A that is not rounding, from a Cholesky factorisation with pivots (LAPACK `dpstrf`). W is
    /// n x r, where r is the number of pivots above `tolerance` times the largest diagonal element.
    ///
    /// Only the lower triangle is read. Repeated rows lower the rank and cause no error.
    /// - Throws: `LinearAlgebraError` for non-finite elements.
    /// - Precondition: the matrix is square.
    package func choleskyWhitening(tolerance: Double) throws(LinearAlgebraError) -> Matrix {
        precondition(rowCount == columnCount, "Cholesky of a \(rowCount) x \(columnCount) matrix")
        let (n, _) = try checkForLAPACK("dpstrf")
        guard n > 0 else { return self }
        var work = elements
        var pivots = [Int32](repeating: 0, count: rowCount)
        var rank: Int32 = 0
        let largest = (0..<rowCount).reduce(0) { Swift.max($0, self[$1, $1]) }
        // Our lower triangle is LAPACK's upper one: P^T A P = U^T U with our L = U^T.
        let info = unsafe LAPACKE_dpstrf(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), n, &work, n, &pivots, &rank, tolerance * largest)
        precondition(info >= 0, "dpstrf: argument \(-info)")
        guard rank > 0 else { return .zeros(rowCount, 0) }
        let inverted = unsafe LAPACKE_dtrtri(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), CChar(UInt8(ascii: "N")), rank, &work, n)
        guard inverted == 0 else { throw .notPositiveDefinite(routine: "dtrtri", pivot: Int(inverted) - 1) }
        // U^-1, column by column in LAPACK's order, with its rows put at the pivots.
        var result = Matrix.zeros(rowCount, Int(rank))
        for column in 0..<Int(rank) {
            for row in 0...column { result[Int(pivots[row]) - 1, column] = work[column * rowCount + row] }
        }
        return result
    }
}
