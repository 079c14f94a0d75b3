import LinearAlgebra

/// Bounds of I(X; Y) beside a point estimate, both on rows that their fits have not seen and on the normal scores of the columns
/// (increasing maps of columns leave information as it is).
///
/// `lower` is InfoNCE (`ContrastiveInformation`): at most I in expectation, whatever the data. `upper` is CLUB (`ClubKernel`,
/// 2006.12013): at least I where y given x is Gaussian with the fitted mean and covariance; otherwise it can lie below.
package struct InformationBracket: Sendable, Equatable {
    /// Nats; nil where there are too few groups for the folds.
    package let lower: Double?
    /// Nats; nil where CLUB has no estimate.
    package let upper: Double?

    /// The bounds for the query and the reference of a set.
    package init(_ set: SampleSet, seed: UInt64, threadCount: Int = 1) {
        let scores = SampleSet(
            name: set.name, modalities: set.modalities.map { Modality(name: $0.name, rows: $0.rows.normalScores) },
            response: set.reference.normalScores, reference: set.reference.normalScores, identifiers: set.identifiers,
            groups: set.groups)
        var club = ClubKernel(seed: seed)
        // A bound to stand beside an estimate need not cost more than it.
        club.exactLimit = 600
        func value(_ estimator: any Estimator) -> Double? {
            // What cannot be estimated is absent: the point estimate has said why, if the data is at fault.
            guard let estimate = try? estimator.estimate([scores], threadCount: threadCount).first else { return nil }
            return estimate.referenceMutualInformation.isFinite ? estimate.referenceMutualInformation : nil
        }
        lower = value(ContrastiveInformation(seed: seed))
        upper = value(club)
    }
}
