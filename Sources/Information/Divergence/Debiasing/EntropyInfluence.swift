import LinearAlgebra
import RealModule

extension JensenShannonDivergence {
    /// How much each row moves the von Neumann entropy of its own sample, in nats; over a sample the values sum to 0.
    ///
    /// (-phi_i^T (ln rho) phi_i - k(x_i, x_i) S)/trace, the derivative of S with respect to the weight of row i.
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    /// - Precondition: one modality, of the same width on both sides.
    package func entropyInfluences(_ first: Matrix, _ second: Matrix) throws -> RowInfluences {
        let (n, m) = (first.rowCount, second.rowCount)
        let pooled = try PooledRows(rows: [first.stacked(on: second)], kernel: kernel, smallestSubset: min(n, m), seed: seed)
        func influences(_ rows: Range<Int>) throws -> [Double] {
            let found = try pooled.projections(Array(rows))
            // Eigenvalues that are rounding have no usable logarithm and almost no weight.
            let floor = 1e-13 * (found.eigenvalues.max() ?? 0)
            let logarithms = found.eigenvalues.map { $0 > floor ? Double.log($0) : 0 }
            let entropy = -zip(found.eigenvalues, logarithms).reduce(0) { $0 + $1.0 * $1.1 }
            return zip(found.squares.times(logarithms), found.traceShares).map { -$0 - $1 * entropy }
        }
        return RowInfluences(first: try influences(0..<n), second: try influences(n..<(n + m)))
    }
}
