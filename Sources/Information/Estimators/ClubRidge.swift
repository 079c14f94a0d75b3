import LinearAlgebra

/// CLUB with a linear mean, in closed form (`club-ridge`).
///
/// As `ClubKernel`, with ridge regression on the fused query in place of the kernel: EMI = sum_d Cov(mu_d(X),
/// Ytheta_d - Y_d)/sigma_d^2, linear in the residual response. Source: CLUB, 2006.12013. Bias: towards 0, and blind to
/// answers that depend on image and question together. Cost: one eigendecomposition of min(N, d).
public struct ClubRidge: Sendable, Equatable {
    /// The largest number of answer components.
    public var componentLimit = 64
    /// The floor of a component's variance, as a share of their mean.
    public var varianceFloor = 0.1
    /// How modalities combine; nil is the mean where widths agree and concatenation otherwise.
    public var fusion: QueryFusion?

    /// The estimator with the measured settings.
    public init(fusion: QueryFusion? = nil) {
        self.fusion = fusion
    }

    /// q fitted to the reference pairs of `sets`.
    ///
    /// - Throws: `EstimationError.tooFewGroups`, or `LinearAlgebraError` when a factorisation fails.
    public func fit(_ sets: [SampleSet]) throws -> ClubFit {
        try ClubFit(sets, form: .linear(fusion: fusion), componentLimit: componentLimit, varianceFloor: varianceFloor)
    }
}
