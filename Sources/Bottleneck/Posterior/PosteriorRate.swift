import LinearAlgebra
import Statistics

/// The rate of a variational bottleneck from its exported posteriors, exactly, in nats an item.
///
/// E KL(q(z|x) || r(z)) = I(X; Z) + KL(q(z) || r(z)): an upper bound of I(X; Z), not I(X; Z). What a better prior
/// would take from it is in `marginalDivergence`.
package struct PosteriorRate: Sendable {
    /// KL of each item in nats: of the row, or the mean over its tokens.
    package let rows: [Double]
    /// Their mean.
    package let rate: UncertainValue
    /// The mean KL from the best diagonal prior, the moments of the mixture: the smallest rate that a diagonal prior
    /// can have.
    package let rateWithBestPrior: Double
    /// `rate` by column: what models of different widths are compared by, and the scale of a beta of 0.1/d.
    package let ratePerColumn: Double
    /// I(X; Z) between bounds; nil where it was not asked for.
    package let information: MixtureInformation?
    /// What the published code logs, by column.
    package let published: Double

    /// `rate` less `rateWithBestPrior`: what of the rate is no information but a prior that does not fit.
    package var marginalDivergence: Double { rate.value - rateWithBestPrior }

    /// The rate of posteriors, one a row, or one a token with the item of each.
    ///
    /// - Parameters:
    ///   - prior: N(0, 1) where it is nil.
    ///   - groups: one label an item, or a token.
    ///   - bounds: whether to bound I(X; Z), in O(n^2 d).
    /// - Throws: nothing that the data causes.
    /// - Precondition: one group label a row.
    package init(
        _ posteriors: DiagonalGaussians, prior: DiagonalPrior? = nil, groups: [String], confidence: Double = 0.95,
        bounds: Bool = true,
        threadCount: Int = 1
    ) throws {
        precondition(groups.count == posteriors.rowCount, "one group a row")
        rows = posteriors.divergences(from: prior ?? .standard(posteriors.columnCount))
        let mean = rows.reduce(0, +) / Double(rows.count)
        rate = UncertainValue(
            value: mean, influence: GroupInfluence(contributions: rows, groups: groups),
            intervals: IntervalMethod(confidence: confidence))
        let best = posteriors.divergences(from: DiagonalPrior(bestFor: posteriors))
        rateWithBestPrior = best.reduce(0, +) / Double(best.count)
        ratePerColumn = mean / Double(posteriors.columnCount)
        information = bounds ? try MixtureInformation(posteriors, threadCount: threadCount) : nil
        published = posteriors.publishedLoss(prior: prior)
    }
}
