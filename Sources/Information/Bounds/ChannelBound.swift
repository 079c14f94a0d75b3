import LinearAlgebra
import RealModule
import Statistics

/// The bound on EMID in the nats of the channel, with what it consists of.
///
/// With D of a row = c(model) - c(reference), both sets' rows judged against the same negatives, EMID = E_P g - E_Q g + N, g = E[D | x]
/// and N the exact change that the sets' own negatives bring. `DeviationBound` bounds the first part where the references given the
/// query are drawn alike in both sets. sd_M(D) stands for sd_M(g), which is smaller, and R^2 of the set's label for E_M delta^2, from
/// which it differs by what the regression does not find.
package struct ChannelBound: Sendable, Equatable {
    /// The larger of the R^2 of the set's label given the query and tau(J)^2, in [0, 1].
    package let separation: Double
    /// tau(J) of the debiased divergence of the queries.
    package let variation: Double
    /// sd_M(D), in nats.
    package let deviation: Double
    /// max D of the first set less min D of the second, in nats.
    package let range: Double
    /// N, in nats.
    package let normaliser: Double

    /// 2 sqrt(R^2) sd_M(D) + N, with its interval: the bound, in nats.
    package let value: UncertainValue
    /// 2 tau(J) sd_M(D) + N, in nats.
    package var byDivergence: Double { 2 * variation * deviation + normaliser }
    /// R tau(J) + N, in nats.
    package var byRange: Double { range * variation + normaliser }

    /// - Parameters:
    ///   - pair: the rows of the ID set and the shifted one.
    ///   - own: what each row adds to EMI with its own set's negatives.
    ///   - divergence: the debiased J of the joint queries, in nats.
    package init(
        _ pair: ChannelPair, own: (first: [Double], second: [Double]), separation: SetSeparation, divergence: Double,
        confidence: Double = 0.95
    ) {
        let both = pair.contributionsUnderBoth()
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let changes = (zip(own.first, both.first).map { $0 - $1 }, zip(own.second, both.second).map { $0 - $1 })
        normaliser = mean(changes.0) - mean(changes.1)
        let centre = (mean(both.first) + mean(both.second)) / 2
        let squares = (both.first.map { ($0 - centre) * ($0 - centre) }, both.second.map { ($0 - centre) * ($0 - centre) })
        let variance = (mean(squares.0) + mean(squares.1)) / 2
        deviation = variance.squareRoot()
        range = (both.first.max() ?? 0) - (both.second.min() ?? 0)
        variation = Discrete.totalVariationBound(divergence)
        let found = max(0, min(1, separation.joint.value))
        let used = max(found, variation * variation)
        self.separation = used

        // The interval of 4 R^2 sd^2 by the delta method, of its root by its ends, and of the sum with N by adding squares (Zou and Donner,
        // Statistics in Medicine 27, 2008).
        let (groups, others) = (pair.first.groups, pair.second.groups)
        func influence(_ first: [Double], _ second: [Double], _ labels: ([String], [String])) -> GroupInfluence {
            GroupInfluence(contributions: first, groups: labels.0)
                .subtracting(GroupInfluence(contributions: second.map { -$0 }, groups: labels.1))
        }
        // Where tau(J) is the larger, nothing is known of how it varies but what the rows' R^2 shows.
        let labels = (separation.rows.first.map { groups[$0] }, separation.rows.second.map { others[$0] })
        let explained = influence(
            separation.joint.rows.first.map { $0 * 2 * variance }, separation.joint.rows.second.map { $0 * 2 * variance }, labels)
        let spread = influence(squares.0.map { $0 * 2 * used }, squares.1.map { $0 * 2 * used }, (groups, others))
        let product = 4 * used * variance
        let shift = influence(changes.0, changes.1.map { -$0 }, (groups, others))
        let total = explained.subtracting(spread.negated)
        let root = product.squareRoot()
        guard let error = total.standardError, let shiftError = shift.standardError, error.isFinite, shiftError.isFinite else {
            value = UncertainValue(
                value: root + normaliser, standardError: .nan, degreesOfFreedom: 1, confidence: confidence, within: 0...0)
            return
        }
        let quantile = StudentDistribution(degreesOfFreedom: total.degreesOfFreedom).twoSidedQuantile(confidence)
        let ends = (max(0, product - quantile * error).squareRoot(), (product + quantile * error).squareRoot())
        let centreOfSum = root + normaliser
        func reach(_ end: Double) -> Double {
            ((root - end) * (root - end) + quantile * quantile * shiftError * shiftError).squareRoot()
        }
        value = UncertainValue(
            value: centreOfSum, standardError: (reach(ends.0) + reach(ends.1)) / 2 / quantile,
            interval: (centreOfSum - reach(ends.0))...(centreOfSum + reach(ends.1)))
    }

    /// The shares of the modalities in the R^2, in the order of the sets, fractions with sum 1: Shapley's for two, and in proportion to
    /// what each explains by itself for more. Nil where nothing is explained.
    package static func shares(_ separation: SetSeparation) -> [Double]? {
        let single = separation.modalities.map { max(0, $0.value) }
        guard single.count == 2 else { return fractions(ofShares: single) }
        let joint = max(separation.joint.value, single.max() ?? 0)
        return fractions(ofShares: shapleyShares(modalityCount: 2) { $0 == 3 ? joint : single[$0 - 1] })
    }
}
