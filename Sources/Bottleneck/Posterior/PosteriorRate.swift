import LinearAlgebra
import Statistics

/// The exact rate of a variational bottleneck from its exported posteriors, in nats per item.
///
/// E KL(q(z|x) || r(z)) = I(X; Z) + KL(q(z) || r(z)) is an upper bound of I(X; Z), not I(X; Z) itself. `marginalDivergence` says how much a
/// better prior would remove.
package struct PosteriorRate: Sendable {
    /// The KL of each item in nats: that of the row, or the mean over the item's tokens.
    package let rows: [Double]
    /// The mean of `rows`.
    package let rate: UncertainValue
    /// The mean KL from the best diagonal prior, which has the moments of the mixture: the smallest rate that a diagonal prior can have.
    package let rateWithBestPrior: Double
    /// `rate` divided by the number of columns, to compare models of different widths; it is also the scale of a beta of 0.1/d.
    package let ratePerColumn: Double
    /// Bounds of I(X; Z); nil if nobody asked for them.
    package let information: MixtureInformation?
    /// The loss that the published code logs, per column.
    package let published: Double

    /// `rate` minus `rateWithBestPrior`: the part of the rate that measures a poor prior rather than information.
    package var marginalDivergence: Double { rate.value - rateWithBestPrior }

    /// Computes the rate of posteriors with one row per item, or one row per token and a label that names its item.
    ///
    /// - Parameters:
    ///   - prior: the prior r; nil means N(0, 1).
    ///   - groups: one label for each item, or for each token.
    ///   - bounds: whether to bound I(X; Z), at a cost of O(n^2 d).
    /// - Throws: only what the work on the threads throws, no matter what the data is.
    /// - Precondition: one group label per row.
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
