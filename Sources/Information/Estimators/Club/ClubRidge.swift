import LinearAlgebra

/// CLUB with a linear mean, in closed form (`club-ridge`).
///
/// Like `ClubKernel`, with ridge regression on the fused query in place of the kernel: EMI = tr(Sigma^-1 Cov(mu(X),
/// Ytheta - Y)), linear in the residual response. Source: CLUB, 2006.12013. Bias: towards 0, and blind to
/// answers that depend on image and question together. Cost: one eigendecomposition of min(N, d).
package struct ClubRidge: ClubEstimator, Equatable {
    package static let about = EstimatorDescription(
        name: "club-ridge", summary: "CLUB with a linear q", range: "linear dependence, n from 30",
        cost: "O(n d min(n, d))", reference: "arXiv 2006.12013", scale: .club, parameters: [.fit], sharing: .fit, relabelsCheaply: true)

    /// The largest number of answer components.
    package var componentLimit = 64
    /// The floor of the eigenvalues of the residual covariance, as a share of their mean.
    package var covarianceFloor = 0.3
    /// How modalities combine; nil is the mean if their widths agree, and concatenation otherwise.
    package var fusion: QueryFusion?
    package var seed: UInt64

    /// The estimator with the measured settings.
    package init(fusion: QueryFusion? = nil, seed: UInt64 = 0) {
        self.fusion = fusion
        self.seed = seed
    }

    package init(_ parameters: EstimatorParameters) {
        self.init(fusion: parameters.fusion, seed: parameters.seed)
    }

    /// How this estimator fits a q to groups of rows.
    var recipe: ClubRecipe {
        ClubRecipe(limits: ClubFit.Limits(components: componentLimit, covarianceFloor: covarianceFloor)) { [fusion] _ in
            .linear(fusion: fusion)
        }
    }
}
