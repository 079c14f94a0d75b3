import LinearAlgebra

/// CLUB with a linear mean, in closed form (`club-ridge`).
///
/// As `ClubKernel`, with ridge regression on the fused query in place of the kernel: EMI = tr(Sigma^-1 Cov(mu(X),
/// Ytheta - Y)), linear in the residual response. Source: CLUB, 2006.12013. Bias: towards 0, and blind to
/// answers that depend on image and question together. Cost: one eigendecomposition of min(N, d).
package struct ClubRidge: Sendable, Equatable {
    /// The largest number of answer components.
    package var componentLimit = 64
    /// The floor of the eigenvalues of the residual covariance, as a share of their mean.
    package var covarianceFloor = 0.3
    /// How modalities combine; nil is the mean where widths agree and concatenation otherwise.
    package var fusion: QueryFusion?

    /// The estimator with the measured settings.
    package init(fusion: QueryFusion? = nil) {
        self.fusion = fusion
    }

    /// How it makes a q of groups of rows.
    var recipe: ClubRecipe {
        ClubRecipe(limits: ClubFit.Limits(components: componentLimit, covarianceFloor: covarianceFloor)) { [fusion] _ in
            .linear(fusion: fusion)
        }
    }
}
