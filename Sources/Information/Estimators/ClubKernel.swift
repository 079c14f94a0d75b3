import LinearAlgebra

/// CLUB with a kernel-ridge mean: the default estimator (`club-kernel`).
///
/// q(y|x) is Gaussian with a kernel-ridge mean and constant diagonal variance, fitted once to the *reference* pairs of all
/// sets of the run and always judged on rows whose group it has not seen. Then CLUB = sum_d Cov(mu_d(X), Y_d)/sigma_d^2.
///
/// - Kernel of the query: the sum over all non-empty subsets of modalities of the product of their kernels (for two:
///   k_v + k_t + k_v k_t), k(x, x') = exp(-|x - x'|^2 / (s med)), med the median squared distance: answers depend on the
///   image and the question, alone and together.
/// - Answers: reference embeddings on their first 64 principal directions, one ridge penalty each, by exact
///   leave-one-group-out error.
/// - Variances: those of the held-out residuals, floored at 0.1 of their mean.
///
/// Source: CLUB, 2006.12013, with the network replaced by ridge regression. Bias: the held-out fit shrinks towards 0, so both
/// terms are biased towards 0 and EMI inherits the sign but not the size. Cost: one eigendecomposition of N pooled rows (exact
/// below 2,000; 400 Nystrom landmarks above). Range: n from about 30 a set; several sets under one q.
public struct ClubKernel: Sendable, Equatable {
    /// Scale s of the median squared distance by modality name; 1 where it is not named.
    public var scales: [String: Double] = ["visual": 0.5]
    /// The largest number of answer components.
    public var componentLimit = 64
    /// The floor of a component's variance, as a share of their mean.
    public var varianceFloor = 0.1
    /// The largest number of pooled rows for which the kernel is exact.
    public var exactLimit = 2_000
    /// Landmarks of the Nystrom features above `exactLimit`.
    public var landmarkCount = 400
    /// Rows of which the median distance is taken.
    public var medianSampleCount = 400
    /// How modalities combine; nil is the sum over subsets.
    public var fusion: QueryFusion?
    /// Seeds the landmarks and the median's sample.
    public var seed: UInt64

    /// The estimator with the measured settings.
    public init(fusion: QueryFusion? = nil, seed: UInt64 = 0) {
        self.fusion = fusion
        self.seed = seed
    }

    /// q fitted to the reference pairs of `sets`.
    ///
    /// - Throws: `EstimationError.tooFewGroups`, or `LinearAlgebraError` when a factorisation fails.
    public func fit(_ sets: [SampleSet]) throws -> ClubFit {
        try ClubFit(sets, form: form(sets), componentLimit: componentLimit, varianceFloor: varianceFloor)
    }

    private func form(_ sets: [SampleSet]) -> QueryMap.Form {
        let rows = QueryMap.kernelModalities(sets, fusion: fusion)
        let names = rows.count == sets[0].modalities.count ? sets[0].modalities.map(\.name) : ["query"]
        let bandwidths = zip(names, rows).map { name, rows in
            // exp(-d^2 / (s med)) = exp(-d^2 / (2 bandwidth^2)).
            let typical = Kernel.typicalSquaredDistance(rows, sampleCount: medianSampleCount, seed: seed)
            return (scales[name, default: 1] * typical / 2).squareRoot()
        }
        guard rows[0].rowCount > exactLimit else {
            return .kernel(bandwidths: bandwidths, landmarks: rows, fusion: fusion)
        }
        var generator = SeededGenerator(seed: seed, stream: "landmarks")
        let landmarks = generator.sample(landmarkCount, below: rows[0].rowCount)
        return .kernel(bandwidths: bandwidths, landmarks: rows.map { $0.selectingRows(landmarks) }, fusion: fusion)
    }
}
