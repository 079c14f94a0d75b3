import RealModule

/// The forms of the upper bound on EMID. Names are those of the command line and the reports.
package enum BoundForm: String, Sendable, Codable, CaseIterable {
    /// 2 sqrt(R^2) sd(D) + N, in the nats of the channel (`ChannelBound`). R^2 says how well queries tell the sets apart.
    case channel
    /// 2 tau(J) sd(D) + N: like `channel`, with the Jensen-Shannon divergence of the queries in place of R^2.
    case channelDivergence = "channel-divergence"
    /// (max D - min D) tau(J) + N: like `channel-divergence`, with the range of D in place of its spread.
    case channelRange = "channel-range"
    /// O + C + R tau(J_X): proven without assumptions; the seesaw world attains it with equality.
    case joint
    /// O + C + (R/m) sum_k [tau(J_k) + kappa_k]: proven without assumptions, from each modality's marginal and conditional divergences.
    case split
    /// The authors' general form with corrected constants: proven, two-sided.
    case correctedGeneral = "corrected-general"
    /// The authors' simplified form with corrected constants: proven if both sets share the conditional laws between modalities.
    case correctedSimplified = "corrected-simplified"
    /// H sum sqrt(J_k) + 4 (a^(1/4) + b^(1/4)): the authors' form. It is not a bound: the seesaw world meets every assumption and
    /// still exceeds it.
    case paper
    /// sum sqrt(J_k) + a^(1/4) + b^(1/4): the authors' default. It correlates with EMID but does not bound it.
    case scaleAdjusted = "scale-adjusted"

    /// The scale of the form's nats; EMID and a bound can be compared only on the same scale.
    package var scale: InformationScale {
        switch self {
        case .channel, .channelDivergence, .channelRange: .channel
        case .joint, .split, .correctedGeneral, .correctedSimplified, .paper, .scaleAdjusted: .shannon
        }
    }

    /// The forms that are built from entropies (`BoundTerms`).
    package static let entropyForms = allCases.filter { $0.scale == .shannon }
}

/// What is guaranteed about a bound's value.
package enum Guarantee: String, Sendable, Codable {
    /// A theorem holds and its terms are exact, as for discrete input.
    case proven
    /// The inequality holds in expectation over the sampling of the terms.
    case inExpectation = "in-expectation"
    /// A theorem holds, but estimates stand in for its true terms.
    case plugIn = "plug-in"
    /// No inequality is known, or one is known to fail.
    case none
}

/// The value of a bound with the terms that add up to it, in nats.
package struct Bound: Sendable, Equatable {
    /// Which formula this is.
    package let form: BoundForm
    /// The sum of the terms.
    package let value: Double
    /// The terms by name, in the order of the formula.
    package let terms: [Term]

    /// One term of a bound.
    package struct Term: Sendable, Equatable {
        /// The name of a modality, or `output`, `output_id`, `output_ood`, `concept`, `interaction`, `normaliser` or `finite_sample`.
        package let name: String
        /// The term's part of the sum, in nats.
        package let value: Double
    }

    /// What is guaranteed about a form, given what is guaranteed about its terms: never more than its theorem says.
    package static func guarantee(of form: BoundForm, terms: Guarantee) -> Guarantee {
        switch form {
        case .paper, .scaleAdjusted: .none
        case .joint, .split, .correctedGeneral: terms
        // The theorem is about exact terms; a spread and an R^2 from samples are always estimates.
        case .channel, .channelDivergence, .channelRange: .plugIn
        // Its assumption (shared conditionals) would force P_X = Q_X on connected supports, and nothing here checks it.
        case .correctedSimplified: .none
        }
    }
}
