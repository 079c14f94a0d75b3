import CSpectra

/// What kernel ridge regression leaves unexplained at rows that it has not seen. Every row is multiplied by the root of its weight.
package struct LeftOutResiduals: Sendable, Equatable {
    /// For each fold the residuals of its rows under the fit without it.
    package let residuals: [[Double]]
    /// [f][h] is the sum of squared residuals at the rows of h, under the fit without f and h; 0 where f is h.
    package let inner: [[Double]]

    /// The residuals for some kernels, each with a ridge. A batch takes about as long for one kernel as for eight.
    ///
    /// The ridge is added to the diagonal of the weighted kernel K_ij r_i r_j. With G its inverse, the residuals of rows A under the fit
    /// without A are G_AA^-1 (G s)_A. A result does not depend on the other kernels.
    /// - Parameters:
    ///   - kernels: positive semidefinite matrices of all rows, n x n, of which the lower triangles in the order of the folds are read.
    ///   - roots: r, the root of each row's weight.
    ///   - labels: s, what is predicted for each row, times its root.
    ///   - folds: the rows of each fold; together they hold every row once.
    /// - Throws: `LinearAlgebraError.notPositiveDefinite`, also where an element is not finite.
    /// - Precondition: every kernel is n x n, and every ridge is positive.
    package static func of(
        _ kernels: [(matrix: Matrix, ridge: Double)], roots: [Double], labels: [Double], folds: [[Int]],
        instructions: VectorInstructions = .best
    ) throws(LinearAlgebraError) -> [LeftOutResiduals] {
        let batch = LeftOutBatch(roots: roots, labels: labels, folds: folds, instructions: instructions)
        var results: [LeftOutResiduals] = []
        for start in stride(from: 0, to: kernels.count, by: instructions.laneCount) {
            results += try batch.residuals(Array(kernels[start..<min(start + instructions.laneCount, kernels.count)]))
        }
        return results
    }
}

/// Room for one batch of kernels of the same rows.
private struct LeftOutBatch: ~Copyable {
    private let folds: [[Int]]
    private let instructions: VectorInstructions
    private let order: Int
    private let lanes: Int
    private let rows: [Int32]
    private let roots: [Double]
    private let labels: [Double]
    private let starts: [Int]
    private let packed: AlignedBuffer
    private let scratch: AlignedBuffer
    private let perRow: AlignedBuffer
    private let inner: AlignedBuffer
    private let perLane: AlignedBuffer

    init(roots: [Double], labels: [Double], folds: [[Int]], instructions: VectorInstructions) {
        let lanes = instructions.laneCount
        let sorted = folds.flatMap { $0 }
        precondition(sorted.count == roots.count && labels.count == roots.count, "folds, roots and labels of other rows")
        (self.folds, self.instructions, self.lanes, order) = (folds, instructions, lanes, sorted.count)
        rows = sorted.flatMap { [Int32](repeating: Int32(truncatingIfNeeded: $0), count: lanes) }
        self.roots = sorted.flatMap { [Double](repeating: roots[$0], count: lanes) }
        self.labels = sorted.map { labels[$0] }
        starts = folds.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        packed = AlignedBuffer(count: lanes * order * (order + 1) / 2)
        scratch = AlignedBuffer(count: lanes * order * (order + 7))
        perRow = AlignedBuffer(count: lanes * order)
        inner = AlignedBuffer(count: lanes * folds.count * folds.count)
        perLane = AlignedBuffer(count: 3 * lanes)
    }

    /// One kernel a lane; lanes that are left over repeat the last.
    borrowing func residuals(_ kernels: [(matrix: Matrix, ridge: Double)]) throws(LinearAlgebraError) -> [LeftOutResiduals] {
        let chosen = (0..<lanes).map { kernels[min($0, kernels.count - 1)] }
        precondition(chosen.allSatisfy { $0.matrix.rowCount == order && $0.matrix.columnCount == order }, "a kernel of other rows")
        let (scales, ridges, failures) = unsafe (perLane.base, perLane.base + lanes, perLane.base + 2 * lanes)
        unsafe withPointers(chosen.map(\.matrix)) { matrices in
            unsafe cspectra_gather(instructions.rawValue, order, matrices, order, rows, roots, packed.base, scales)
        }
        for lane in 0..<lanes { unsafe ridges[lane] = scales[lane] * chosen[lane].ridge }
        unsafe cspectra_leave_out(
            instructions.rawValue, order, packed.base, ridges, labels, folds.count, starts, perRow.base, inner.base, failures,
            scratch.base)
        var results: [LeftOutResiduals] = []
        for lane in kernels.indices {
            let failure = unsafe failures[lane]
            guard failure < 0 else { throw .notPositiveDefinite(routine: "cspectra_leave_out", pivot: Int(failure)) }
            results.append(
                LeftOutResiduals(
                    residuals: folds.indices.map { fold in (starts[fold]..<starts[fold + 1]).map { perRow[$0 * lanes + lane] } },
                    inner: folds.indices.map { f in folds.indices.map { inner[(f * folds.count + $0) * lanes + lane] } }))
        }
        return results
    }

    /// Calls `body` with the address of each matrix's elements, which stay where they are meanwhile.
    private borrowing func withPointers(_ matrices: [Matrix], _ body: ([UnsafePointer<Double>?]) -> Void) {
        func collect(_ index: Int, _ found: [UnsafePointer<Double>?]) {
            guard index < matrices.count else { return unsafe body(found) }
            unsafe matrices[index].elements.withUnsafeBufferPointer { unsafe collect(index + 1, found + [$0.baseAddress]) }
        }
        unsafe collect(0, [])
    }
}
