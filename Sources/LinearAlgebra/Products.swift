import CLAPACK

extension Matrix {
    /// The product `self * other`, (n x k)(k x m) -> n x m.
    ///
    /// - Precondition: `columnCount == other.rowCount`.
    package func times(_ other: Matrix) -> Matrix {
        Matrix.product(self, other, transposeLeft: false, transposeRight: false)
    }

    /// The product `self * other^T`, (n x k)(m x k)^T -> n x m.
    ///
    /// - Precondition: `columnCount == other.columnCount`.
    package func timesTransposed(_ other: Matrix) -> Matrix {
        Matrix.product(self, other, transposeLeft: false, transposeRight: true)
    }

    /// The product `self^T * other`, (k x n)^T(k x m) -> n x m.
    ///
    /// - Precondition: `rowCount == other.rowCount`.
    package func transposedTimes(_ other: Matrix) -> Matrix {
        Matrix.product(self, other, transposeLeft: true, transposeRight: false)
    }

    private static func product(_ a: Matrix, _ b: Matrix, transposeLeft: Bool, transposeRight: Bool) -> Matrix {
        let (n, k) = transposeLeft ? (a.columnCount, a.rowCount) : (a.rowCount, a.columnCount)
        let (inner, m) = transposeRight ? (b.columnCount, b.rowCount) : (b.rowCount, b.columnCount)
        precondition(k == inner, "inner dimensions differ: \(k) and \(inner)")
        guard n > 0, m > 0, k > 0 else { return .zeros(n, m) }
        // Not filled with zeros first, which took as long as a fifth of a narrow product: with a beta of 0 BLAS only writes.
        let elements = unsafe [Double](unsafeUninitializedCapacity: n * m) { out, count in
            unsafe cblas_dgemm(
                CblasRowMajor, transposeLeft ? CblasTrans : CblasNoTrans, transposeRight ? CblasTrans : CblasNoTrans,
                Int32(n), Int32(m), Int32(k), 1, a.elements, Int32(a.columnCount), b.elements, Int32(b.columnCount),
                0, out.baseAddress, Int32(m))
            count = n * m
        }
        return Matrix(rowCount: n, columnCount: m, elements: elements)
    }

    /// The Gram matrix of the rows, `self * self^T`, n x n.
    package var gram: Matrix { symmetricProduct(transposed: false) }

    /// The Gram matrix of the rows in a range.
    package func gram(ofRows rows: Range<Int>) -> Matrix {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows \(rows) of \(rowCount)")
        let (size, inner) = (rows.count, columnCount)
        var result = Matrix.zeros(size, size)
        guard size > 0, inner > 0 else { return result }
        result.withElements { out in
            unsafe elements.withUnsafeBufferPointer { source in
                unsafe cblas_dsyrk(
                    CblasRowMajor, CblasUpper, CblasNoTrans, Int32(size), Int32(inner), 1,
                    source.baseAddress.map { unsafe $0 + rows.lowerBound * inner }, Int32(inner), 0, &out, Int32(size))
            }
            for i in 0..<size {
                for j in 0..<i { out[i &* size &+ j] = out[j &* size &+ i] }
            }
        }
        return result
    }

    /// The product `self^T * self`, d x d: n times the uncentred covariance of the rows.
    package var crossProduct: Matrix { symmetricProduct(transposed: true) }

    private func symmetricProduct(transposed: Bool) -> Matrix {
        let (size, inner) = transposed ? (columnCount, rowCount) : (rowCount, columnCount)
        var result = Matrix.zeros(size, size)
        guard size > 0, inner > 0 else { return result }
        result.withElements { out in
            unsafe cblas_dsyrk(
                CblasRowMajor, CblasUpper, transposed ? CblasTrans : CblasNoTrans, Int32(size), Int32(inner),
                1, elements, Int32(columnCount), 0, &out, Int32(size))
            for i in 0..<size {
                for j in 0..<i { out[i &* size &+ j] = out[j &* size &+ i] }
            }
        }
        return result
    }

    /// The product with a vector, (n x k)(k) -> n.
    ///
    /// - Precondition: `vector.count == columnCount`.
    package func times(_ vector: [Double]) -> [Double] {
        precondition(vector.count == columnCount, "a vector of \(vector.count) for \(columnCount) columns")
        var result = [Double](repeating: 0, count: rowCount)
        guard rowCount > 0, columnCount > 0 else { return result }
        unsafe cblas_dgemv(
            CblasRowMajor, CblasNoTrans, Int32(rowCount), Int32(columnCount), 1, elements, Int32(columnCount),
            vector, 1, 0, &result, 1)
        return result
    }
}
