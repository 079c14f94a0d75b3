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
    /// tau(J) of the debiased divergence of the queries; nil where nothing was debiased.
    package let variation: Double?
    /// sd_M(D), in nats.
    package let deviation: Double
    /// max D of the first set less min D of the second, in nats.
    package let range: Double
    /// N, in nats.
    package let normaliser: Double

    /// How groups move 4 R^2 sd^2, the square of the first term.
    private let squareInfluence: GroupInfluence
    /// How groups move N.
    private let normaliserInfluence: GroupInfluence
    private let confidence: Double

    /// 2 sqrt(R^2) sd_M(D), in nats.
    private var root: Double { 2 * separation.squareRoot() * deviation }

    /// 2 sqrt(R^2) sd_M(D) + N, with its interval: the bound, in nats.
    package var value: UncertainValue { uncertain(normaliser, normaliserInfluence) }
    /// 2 tau(J) sd_M(D) + N, in nats.
    package var byDivergence: Double? { variation.map { 2 * $0 * deviation + normaliser } }
    /// R tau(J) + N, in nats.
    package var byRange: Double? { variation.map { range * $0 + normaliser } }

    /// - Parameters:
    ///   - pair: the rows of the ID set and the shifted one.
    ///   - own: what each row adds to EMI with its own set's negatives.
    ///   - divergence: the debiased J of the joint queries, in nats; nil where nothing was debiased.
    package init(
        _ pair: ChannelPair, own: (first: [Double], second: [Double]), separation: SetSeparation, divergence: Double?,
        confidence: Double = 0.95
    ) {
        self.confidence = confidence
        let both = pair.contributionsUnderBoth()
        let changes = (zip(own.first, both.first).map { $0 - $1 }, zip(own.second, both.second).map { $0 - $1 })
        let change = changes.0.mean - changes.1.mean
        // Sets with the same references are judged alike: what is left is rounding.
        normaliser = abs(change) < 1e-12 ? 0 : change
        let centre = (both.first.mean + both.second.mean) / 2
        let squares = (both.first.map { ($0 - centre) * ($0 - centre) }, both.second.map { ($0 - centre) * ($0 - centre) })
        let variance = (squares.0.mean + squares.1.mean) / 2
        deviation = variance.squareRoot()
        range = (both.first.max() ?? 0) - (both.second.min() ?? 0)
        variation = divergence.map(Discrete.totalVariationBound)
        let found = max(0, min(1, separation.joint.value))
        let used = max(found, variation.map { $0 * $0 } ?? 0)
        self.separation = used

        let (groups, others) = (pair.first.groups, pair.second.groups)
        func influence(_ first: [Double], _ second: [Double], _ labels: (first: [String], second: [String])) -> GroupInfluence {
            GroupInfluence(contributions: first, groups: labels.first)
                .subtracting(GroupInfluence(contributions: second.map { -$0 }, groups: labels.second))
        }
        // Where tau(J) is the larger, nothing is known of how it varies but what the rows' R^2 shows.
        let labels = (separation.rows.first.map { groups[$0] }, separation.rows.second.map { others[$0] })
        let explained = influence(
            separation.joint.rows.first.map { $0 * 2 * variance }, separation.joint.rows.second.map { $0 * 2 * variance }, labels)
        let spread = influence(squares.0.map { $0 * 2 * used }, squares.1.map { $0 * 2 * used }, (groups, others))
        squareInfluence = explained.subtracting(spread.negated)
        normaliserInfluence = influence(changes.0, changes.1.map { -$0 }, (groups, others))
    }

    /// The bound less EMID, with its interval, in nats.
    ///
    /// - Parameter influence: how groups move EMID, by the labels of the channel.
    package func slack(gap: Double, influence: GroupInfluence) -> UncertainValue {
        uncertain(normaliser - gap, normaliserInfluence.subtracting(influence))
    }

    /// The first term plus `added`: the interval of its square by the delta method, of the root by its ends, and of the sum by adding squares
    /// of the distances (Zou and Donner, Statistics in Medicine 27, 2008).
    private func uncertain(_ added: Double, _ influence: GroupInfluence) -> UncertainValue {
        let (root, value) = (root, root + added)
        guard let error = squareInfluence.standardError, let addedError = influence.standardError, error.isFinite, addedError.isFinite
        else { return UncertainValue(value: value, standardError: nil, interval: nil, detectableSize: nil) }
        let quantile = StudentDistribution(degreesOfFreedom: squareInfluence.degreesOfFreedom).twoSidedQuantile(confidence)
        let square = root * root
        func reach(_ end: Double) -> Double {
            ((root - end) * (root - end) + quantile * quantile * addedError * addedError).squareRoot()
        }
        let low = reach(max(0, square - quantile * error).squareRoot())
        let high = reach((square + quantile * error).squareRoot())
        return UncertainValue(value: value, standardError: (low + high) / 2 / quantile, interval: (value - low)...(value + high))
    }

    /// The three forms with their terms: the first term by modality, and N.
    ///
    /// - Parameters:
    ///   - names: of the modalities.
    ///   - shares: of the modalities, fractions with sum 1; nil is the same for all.
    package func forms(names: [String], shares: [Double]?) -> [Bound] {
        let fractions = shares ?? names.map { _ in 1 / Double(names.count) }
        func form(_ form: BoundForm, _ value: Double?) -> Bound? {
            value.map { value in
                Bound(
                    form: form, value: value,
                    terms: zip(names, fractions).map { Bound.Term(name: $0, value: $1 * (value - normaliser)) }
                        + [Bound.Term(name: "normaliser", value: normaliser)])
            }
        }
        return [
            form(.channel, root + normaliser), form(.channelDivergence, byDivergence), form(.channelRange, byRange),
        ].compactMap { $0 }
    }

    /// The shares of the modalities in the R^2, in the order of the sets, fractions with sum 1: Shapley's for two, and in proportion to
    /// what each explains by itself for more. Nil where nothing is explained.
    package static func shares(_ separation: SetSeparation) -> [Double]? {
        // Rounding shows nothing.
        let single = separation.modalities.map { $0.value > 1e-9 ? $0.value : 0 }
        guard single.count == 2 else { return fractions(ofShares: single) }
        let joint = max(separation.joint.value, single.max() ?? 0)
        return fractions(ofShares: shapleyShares(modalityCount: 2) { $0 == 3 ? joint : single[$0 - 1] })
    }
}
