import RealModule

/// The forms of the upper bound on EMID. Names are those of the command line and the reports.
package enum BoundForm: String, Sendable, Codable, CaseIterable {
    /// 2 sqrt(R^2) sd(D) + N, in the nats of a channel (`ChannelBound`): R^2 is how well queries tell the sets apart.
    case channel
    /// 2 tau(J) sd(D) + N: as `channel`, from the Jensen-Shannon divergence of the queries.
    case channelDivergence = "channel-divergence"
    /// (max D - min D) tau(J) + N: as `channel-divergence`, from the range of D in the place of its spread.
    case channelRange = "channel-range"
    /// O + C + R tau(J_X): proven without assumptions; attained with equality by the seesaw world.
    case joint
    /// O + C + (R/m) sum_k [tau(J_k) + kappa_k]: proven without assumptions, from marginals and conditionals.
    case split
    /// The general form with its constants put right: proven, two-sided.
    case correctedGeneral = "corrected-general"
    /// The simplified form with its constants put right: proven where the conditionals between modalities are shared.
    case correctedSimplified = "corrected-simplified"
    /// H sum sqrt(J_k) + 4 (a^(1/4) + b^(1/4)): the authors' form. Not a bound: the seesaw world meets every assumption and
    /// exceeds it.
    case paper
    /// sum sqrt(J_k) + a^(1/4) + b^(1/4): the authors' default. A correlate, not a bound.
    case scaleAdjusted = "scale-adjusted"

    /// What EMI and its bound are measured in; two numbers can be compared where it is the same.
    package var scale: InformationScale {
        switch self {
        case .channel, .channelDivergence, .channelRange: .channel
        case .joint, .split, .correctedGeneral, .correctedSimplified, .paper, .scaleAdjusted: .shannon
        }
    }

    /// The forms that are made of entropies (`BoundTerms`).
    package static let entropyForms = allCases.filter { $0.scale == .shannon }
}

/// What can be said of a bound's value.
package enum Guarantee: String, Sendable, Codable {
    /// A theorem on exact terms: discrete input.
    case proven
    /// The inequality holds in expectation over the sampling of a term.
    case inExpectation = "in-expectation"
    /// A theorem whose terms are estimated and stand for the true ones.
    case plugIn = "plug-in"
    /// No inequality is known, or one is known to fail.
    case none
}

/// A bound's value with the terms that add up to it, in nats.
package struct Bound: Sendable, Equatable {
    /// The form.
    package let form: BoundForm
    /// The sum of the terms.
    package let value: Double
    /// Named terms, in the order of the formula.
    package let terms: [Term]

    /// One term of a bound.
    package struct Term: Sendable, Equatable {
        /// A modality's name, `output`, `output_id`, `output_ood`, `concept`, `interaction` or `finite_sample`.
        package let name: String
        /// In nats.
        package let value: Double
    }

    /// What can be said of a form, given what can be said of its terms: at most what its theorem says.
    package static func guarantee(of form: BoundForm, terms: Guarantee) -> Guarantee {
        switch form {
        case .paper, .scaleAdjusted: .none
        case .joint, .split, .correctedGeneral: terms
        // A theorem on exact terms; a spread and an R^2 from samples are estimates whatever they are made of.
        case .channel, .channelDivergence, .channelRange: .plugIn
        // Its assumption, shared conditionals, forces P_X = Q_X on connected supports: it is never checked here.
        case .correctedSimplified: .none
        }
    }
}
