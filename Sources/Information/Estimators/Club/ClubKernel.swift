import LinearAlgebra
import Statistics

/// CLUB with a kernel-ridge mean (`club-kernel`).
///
/// q(y|x) is Gaussian with a kernel-ridge mean and a constant covariance, fitted once to the *reference* pairs of all
/// sets of the run and always judged on rows whose group it has not seen. Then CLUB = tr(Sigma^-1 Cov(mu(X), Y)).
///
/// - Kernel of the query: the sum over all non-empty subsets of modalities of the product of their kernels (for two:
///   k_v + k_t + k_v k_t), k(x, x') = exp(-|x - x'|^2 / (s med)), med the median squared distance: answers depend on the
///   image and the question, alone and together.
/// - Answers: reference embeddings on their first 64 principal directions, turned to the eigenvectors of their held-out residual
///   covariance, one ridge penalty each, by exact leave-one-group-out error.
/// - Sigma: the held-out residual covariance, its eigenvalues floored at 0.3 of their mean: what references vary in for
///   reasons that no query explains (their phrasing) counts little, and in every direction, not only along the axes.
///
/// Source: CLUB, 2006.12013, with the network replaced by ridge regression. Bias: the held-out fit shrinks towards 0, so both
/// terms are biased towards 0 and EMI inherits the sign but not the size. Cost: one eigendecomposition of N pooled rows (exact
/// below 2,000; 600 Nystrom landmarks above). Range: n from about 30 a set; several sets under one q.
package struct ClubKernel: ClubEstimator, Equatable {
    package static let about = EstimatorDescription(
        name: "club-kernel", summary: "CLUB with a kernel-ridge q, one for the run, cross-fitted by group; for EMI",
        range: "embeddings, n from 30", cost: "O(n³), O(n m²) above 2,000 pooled rows", reference: "arXiv 2006.12013", scale: .club,
        parameters: [.fit], sharing: .fit, relabelsCheaply: true)

    /// The scale s of the median squared distance for each modality by name; 1 for modalities that are not listed.
    package var scales: [String: Double] = ["visual": 0.5]
    /// The largest number of answer components.
    package var componentLimit = 64
    /// The floor of the eigenvalues of the residual covariance, as a share of their mean.
    package var covarianceFloor = 0.3
    /// The largest number of pooled rows for which the kernel is exact.
    package var exactLimit = 2_000
    /// The number of Nystrom landmarks above `exactLimit`. On the digits study with 62 sets of 90, EMI has a correlation with
    /// accuracy of 0.906 with 500, 0.915 with 600, 0.918 with 700 and 0.923 with 1,000 (NumPy prototype, ten resamplings), at
    /// a cost that grows with their square.
    package var landmarkCount = 600
    /// The number of rows whose median distance is taken.
    package var medianSampleCount = 400
    /// How modalities combine; nil is the sum over subsets.
    package var fusion: QueryFusion?
    /// The seed for choosing landmarks and the rows of the median distance.
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
        ClubRecipe(limits: ClubFit.Limits(components: componentLimit, covarianceFloor: covarianceFloor), form: form)
    }

    @Sendable private func form(_ sets: [SampleSet]) -> QueryMap.Form {
        let rows = sets.map { QueryMap.kernelModalities($0, fusion: fusion) }
        let rowCount = sets.reduce(0) { $0 + $1.rowCount }
        let modalityCount = rows[0].count
        let names = modalityCount == sets[0].modalities.count ? sets[0].modalities.map(\.name) : ["query"]
        func selected(_ positions: [Int]) -> [Matrix] {
            (0..<modalityCount).map { modality in rows.map { $0[modality] }.selectingStackedRows(positions) }
        }
        var medianGenerator = SeededGenerator(seed: seed, stream: "median distance")
        let sampled = selected(medianGenerator.sample(medianSampleCount, below: rowCount))
        let bandwidths = zip(names, sampled).map { name, rows in
            // exp(-d^2 / (s med)) = exp(-d^2 / (2 bandwidth^2)).
            (scales[name, default: 1] * Kernel.typicalSquaredDistance(rows) / 2).squareRoot()
        }
        guard rowCount > exactLimit else {
            return .kernel(bandwidths: bandwidths, landmarks: selected(Array(0..<rowCount)), fusion: fusion)
        }
        var generator = SeededGenerator(seed: seed, stream: "landmarks")
        return .kernel(
            bandwidths: bandwidths, landmarks: selected(generator.sample(landmarkCount, below: rowCount)), fusion: fusion)
    }
}
