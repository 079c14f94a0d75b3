import LinearAlgebra
import RealModule

/// Matrix-based Renyi mutual information S_alpha(A) + S_alpha(B) - S_alpha(A o B), with A and B the trace-one Gram matrices
/// of the two sides (`matrix-renyi`; Sanchez Giraldo, Rao and Principe, 1211.2459).
///
/// alpha = 1 is the von Neumann entropy; alpha = 2 needs no eigenvalues. Gaussian kernels with the median distance of
/// all sets of the run. Bias: large and positive for small n, equal for model and reference only in part. Cost: three
/// eigendecompositions of n.
public struct MatrixRenyiInformation: Sendable, Equatable {
    /// The largest number of rows: Gram matrices of 8,000 rows take 0.5 GB each.
    static let rowLimit = 8_000
    /// The order of the entropy, above 0.
    public var alpha: Double
    /// How modalities combine: `product` multiplies their kernels; nil and the others take one kernel on the fused query.
    public var fusion: QueryFusion?

    /// The estimator of order `alpha`.
    ///
    /// - Precondition: `alpha > 0`.
    public init(alpha: Double = 1, fusion: QueryFusion? = nil) {
        precondition(alpha > 0, "matrix-renyi of order \(alpha)")
        self.alpha = alpha
        self.fusion = fusion
    }

    /// I(X; Y) in nats from two n x n Gram matrices, the entropy of the first being known.
    ///
    /// - Throws: `LinearAlgebraError` when the eigenvalues do not converge.
    func estimate(_ a: Matrix, queryEntropy: Double, _ b: Matrix) throws(LinearAlgebraError) -> Double {
        queryEntropy + (try entropy(b)) - (try entropy(a.multipliedElementwise(by: b)))
    }

    /// S_alpha of a Gram matrix after division by its trace.
    ///
    /// S_alpha = alpha/(1 - alpha) ln w_1 + ln(sum (w_i/w_1)^alpha)/(1 - alpha) with w_1 the largest weight: the sum lies
    /// between 1 and n, where sum w_i^alpha would vanish for large orders. Next to 1 the division by 1 - alpha would magnify
    /// rounding beyond the distance to the limit.
    func entropy(_ gram: Matrix) throws(LinearAlgebraError) -> Double {
        if abs(alpha - 1) < 1e-8 { return vonNeumannEntropy(ofSpectrum: try gram.symmetricEigenvalues()) }
        let trace = gram.trace
        if alpha == 2 {
            return -.log(gram.elements.reduce(0) { $0 + $1 * $1 } / (trace * trace))
        }
        let eigenvalues = try gram.symmetricEigenvalues()
        guard let largest = eigenvalues.last, largest > 0 else { return 0 }
        let powers = eigenvalues.reduce(0) { $0 + .pow(max(0, $1) / largest, alpha) }
        return alpha / (1 - alpha) * .log(largest / trace) + .log(powers) / (1 - alpha)
    }
}
