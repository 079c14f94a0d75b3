import LinearAlgebra
import RealModule
import Statistics

/// The bound on EMID in the nats of the channel, with the quantities that it consists of.
///
/// Let D of a row be c(model) - c(reference), with the rows of both sets judged against the same negatives, and g = E[D | x]. Then
/// EMID = E_P g - E_Q g + N, and N is the exact change that comes from each set's own negatives. `DeviationBound` bounds the first part,
/// provided that both sets draw the reference given the query in the same way. Two estimates stand in for true terms: sd_M(D) for
/// sd_M(g), which is smaller, and the R^2 of the set's label for E_M delta^2, which also holds what the regression does not find.
package struct ChannelBound: Sendable, Equatable {
    /// The larger of two numbers in [0, 1]: the R^2 of the set's label given the query, and tau(J)^2.
    package let separation: Double
    /// tau(J) for the debiased divergence of the queries; nil when nothing was debiased.
    package let variation: Double?
    /// sd_M(D), the standard deviation of D over both sets, each weighing one half, in nats.
    package let deviation: Double
    /// The largest D of the first set minus the smallest D of the second, in nats.
    package let range: Double
    /// N, the change that comes from each set's own negatives, in nats.
    package let normaliser: Double

    /// The influence of each group on 4 R^2 sd^2, the square of the first term.
    private let squareInfluence: GroupInfluence
    /// The influence of each group on N.
    private let normaliserInfluence: GroupInfluence
    private let confidence: Double

    /// 2 sqrt(R^2) sd_M(D), in nats.
    private var root: Double { 2 * separation.squareRoot() * deviation }

    /// The bound, 2 sqrt(R^2) sd_M(D) + N, with its interval, in nats.
    package var value: UncertainValue { uncertain(normaliser, normaliserInfluence) }
    /// The form by divergence, 2 tau(J) sd_M(D) + N, in nats; nil when nothing was debiased.
    package var byDivergence: Double? { variation.map { 2 * $0 * deviation + normaliser } }
    /// The form by range, R tau(J) + N with R = `range`, in nats; nil when nothing was debiased.
    package var byRange: Double? { variation.map { range * $0 + normaliser } }

    /// - Parameters:
    ///   - pair: the rows of the ID set and of the shifted set.
    ///   - own: what each row contributes to EMI when its own set gives the negatives.
    ///   - known: `pair.contributionsUnderBoth()`, if it is known already.
    ///   - divergence: the debiased J of the joint queries, in nats; nil when nothing was debiased.
    package init(
        _ pair: ChannelPair, own: (first: [Double], second: [Double]), both known: PairContributions? = nil,
        separation: SetSeparation, divergence: Double?,
        confidence: Double = 0.95
    ) {
        self.confidence = confidence
        let both = known ?? pair.contributionsUnderBoth()
        let changes = (zip(own.first, both.first).map { $0 - $1 }, zip(own.second, both.second).map { $0 - $1 })
        let change = changes.0.mean - changes.1.mean
        // Sets with the same references have the same negatives: a change this small is rounding.
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
        // If tau(J)^2 is the larger, its variation is unknown, and the variation of the rows' R^2 stands in for it.
        let labels = (separation.rows.first.map { groups[$0] }, separation.rows.second.map { others[$0] })
        let explained = influence(
            separation.joint.rows.first.map { $0 * 2 * variance }, separation.joint.rows.second.map { $0 * 2 * variance }, labels)
        let spread = influence(squares.0.map { $0 * 2 * used }, squares.1.map { $0 * 2 * used }, (groups, others))
        squareInfluence = explained.subtracting(spread.negated)
        normaliserInfluence = influence(changes.0, changes.1.map { -$0 }, (groups, others))
    }

    /// The bound minus EMID, with its interval, in nats.
    ///
    /// - Parameter influence: the influence of each group on EMID, under the labels of the channel.
    package func slack(gap: Double, influence: GroupInfluence) -> UncertainValue {
        uncertain(normaliser - gap, normaliserInfluence.subtracting(influence))
    }

    /// The first term plus `added`, with an interval. The delta method gives an interval for the square of the first term, the roots of its
    /// ends one for the term itself; the sum's distances to its ends follow by adding squares (Zou and Donner, Statistics in Medicine 27,
    /// 2008).
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

    /// The three forms with their terms: the first term split by modality, and N.
    ///
    /// - Parameters:
    ///   - names: the names of the modalities.
    ///   - shares: the fraction of each modality, with sum 1; nil gives all the same.
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

    /// The fraction of the R^2 that each modality carries, in their order; they sum to 1. For two modalities these are Shapley shares, for
    /// more they are in proportion to the R^2 of each alone. Nil when the queries explain nothing.
    package static func shares(_ separation: SetSeparation) -> [Double]? {
        // An R^2 this small is rounding.
        let single = separation.modalities.map { $0.value > 1e-9 ? $0.value : 0 }
        guard single.count == 2 else { return fractions(ofShares: single) }
        let joint = max(separation.joint.value > 1e-9 ? separation.joint.value : 0, single.max() ?? 0)
        return fractions(ofShares: shapleyShares(modalityCount: 2) { $0 == 3 ? joint : single[$0 - 1] })
    }
}
