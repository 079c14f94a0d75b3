import CLAPACK

/// The number of rows of a product that one task computes. The blocks do not depend on the number of threads, so no digit does.
private let blockSize = 256

extension Matrix {
    /// The product `self * other`, (n x k)(k x m) -> n x m, by blocks of rows on up to `threadCount` threads. The digits do not depend on
    /// the number of threads.
    ///
    /// - Precondition: `columnCount == other.rowCount`.
    package func times(_ other: Matrix, threadCount: Int) -> Matrix {
        precondition(columnCount == other.rowCount, "inner dimensions differ: \(columnCount) and \(other.rowCount)")
        let (n, k, m) = (rowCount, columnCount, other.columnCount)
        guard n > 0, k > 0, m > 0 else { return .zeros(n, m) }
        var result = Matrix.zeros(n, m)
        let (left, right) = (elements, other.elements)
        unsafe result.fillConcurrently(count: (n + blockSize - 1) / blockSize, threadCount: threadCount) { block, out in
            let first = block * blockSize
            let rows = min(blockSize, n - first)
            unsafe left.withUnsafeBufferPointer { left in
                unsafe cblas_dgemm(
                    CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(m), Int32(k), 1,
                    left.baseAddress.map { unsafe $0 + first * k }, Int32(k), right, Int32(m), 0, out + first * m, Int32(m))
            }
        }
        return result
    }

    /// The product `self^T * self`, d x d, by blocks of its columns on up to `threadCount` threads. The digits do not depend on the number
    /// of threads.
    package func crossProduct(threadCount: Int) -> Matrix {
        let (n, d) = (rowCount, columnCount)
        guard n > 0, d > 0 else { return .zeros(d, d) }
        let starts = Array(stride(from: 0, to: d, by: blockSize))
        let blocks = starts.flatMap { row in starts.filter { $0 >= row }.map { (row, $0) } }
        var result = Matrix.zeros(d, d)
        let source = elements
        unsafe result.fillConcurrently(count: blocks.count, threadCount: threadCount) { index, out in
            let (row, column) = blocks[index]
            unsafe source.withUnsafeBufferPointer { source in
                guard let base = source.baseAddress else { return }
                unsafe cblas_dgemm(
                    CblasRowMajor, CblasTrans, CblasNoTrans, Int32(min(blockSize, d - row)),
                    Int32(min(blockSize, d - column)), Int32(n), 1, base + row, Int32(d), base + column, Int32(d), 0,
                    out + row * d + column, Int32(d))
            }
        }
        result.withElements { out in
            for i in 0..<d {
                for j in 0..<i { out[i &* d &+ j] = out[j &* d &+ i] }
            }
        }
        return result
    }

    /// Lets tasks write to disjoint parts of the elements at the same time.
    private mutating func fillConcurrently(
        count: Int, threadCount: Int, _ body: @Sendable (Int, UnsafeMutablePointer<Double>) -> Void
    ) {
        withElements { elements in
            unsafe elements.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                nonisolated(unsafe) let out = unsafe base
                concurrentForEach(count: count, threadCount: threadCount) { index in unsafe body(index, out) }
            }
        }
    }
}
