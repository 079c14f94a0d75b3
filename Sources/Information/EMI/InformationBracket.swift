import LinearAlgebra

/// A lower and an upper bound of I(X; Y), to show beside a point estimate. Both judge rows that their fits have not seen, and both use
/// the normal scores of the columns (an increasing map of a column does not change information).
///
/// `lower` is InfoNCE (`ContrastiveInformation`): at most I in expectation, whatever the data. `upper` is CLUB (`ClubKernel`,
/// 2006.12013): at least I where y given x is Gaussian with the fitted mean and covariance; otherwise it can lie below.
package struct InformationBracket: Sendable, Equatable {
    /// The lower bound in nats; nil when there are too few groups for the folds.
    package let lower: Double?
    /// The upper bound in nats; nil when CLUB has no estimate.
    package let upper: Double?

    /// The bounds for the query and the reference of a set.
    package init(_ set: SampleSet, seed: UInt64, threadCount: Int = 1) {
        let scores = SampleSet(
            name: set.name, modalities: set.modalities.map { Modality(name: $0.name, rows: $0.rows.normalScores) },
            response: set.reference.normalScores, reference: set.reference.normalScores, identifiers: set.identifiers,
            groups: set.groups)
        var club = ClubKernel(seed: seed)
        // A bound that only accompanies an estimate need not cost more than the estimate.
        club.exactLimit = 600
        func value(_ estimator: any Estimator) -> Double? {
            // A bound that fails is left out silently, because bad data makes the point estimate fail too, and that error says why.
            guard let estimate = try? estimator.estimate([scores], threadCount: threadCount).first else { return nil }
            return estimate.referenceMutualInformation.isFinite ? estimate.referenceMutualInformation : nil
        }
        lower = value(ContrastiveInformation(seed: seed))
        upper = value(club)
    }
}
