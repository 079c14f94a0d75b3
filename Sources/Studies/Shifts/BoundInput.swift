import Information

/// The numbers from which the bound of one shift is computed, in nats. The bootstrap changes a copy to see how the bound would move.
struct BoundInput: Sendable {
    /// Shares are exact up to this many modalities, since they need a divergence for every subset; beyond it they are estimated.
    static let exactShareLimit = 6

    /// Beyond that limit this many pairs of joining orders stand for all orders: each order needs at most m - 2 divergences, while all
    /// subsets would need 2^m.
    private static let orderPairCount = 8

    /// The orders in which modalities join when shares are estimated; nil when they are exact.
    private static func orders(modalityCount: Int, seed: UInt64) -> [[Int]]? {
        modalityCount > exactShareLimit
            ? joiningOrders(modalityCount: modalityCount, pairCount: orderPairCount, seed: seed) : nil
    }

    /// The subsets of modalities, as bit masks, whose divergences bounds and shares need. Each single modality and the set of all are
    /// always among them.
    static func subsets(modalityCount: Int, seed: UInt64) -> [Int] {
        guard let orders = orders(modalityCount: modalityCount, seed: seed) else { return Array(1..<(1 << modalityCount)) }
        let prefixes = orders.flatMap { order in
            order.indices.map { order[...$0].reduce(0) { $0 | 1 << $1 } }
        }
        return Set(prefixes + (0..<modalityCount).map { 1 << $0 }).sorted()
    }

    /// The entropies of a set's responses and references.
    struct Entropies: Sendable {
        var response: Double
        var reference: Double
    }

    let modalityNames: [String]
    let settings: StudySettings
    /// K, the number of possible answers.
    let answerCount: Double
    /// The divergence of each subset of modalities (a bit mask), as estimated: not yet cut to the possible range.
    var divergences: [Int: Double]
    var outputID: Double
    var outputOOD: Double
    var entropiesID: Entropies
    var entropiesOOD: Entropies
    /// The largest entropies of the model's answers, from log probabilities or draws; the bootstrap does not change them.
    private let modelEntropies: (id: Double?, ood: Double?)
    private let finiteSampleTerm: Double
    private let orders: [[Int]]?

    init(
        _ found: Discrepancies, settings: StudySettings, answerCount: Double, modelEntropies: (id: Double?, ood: Double?) = (nil, nil),
        finiteSampleTerm: Double = 0
    ) {
        self.modelEntropies = modelEntropies
        self.finiteSampleTerm = finiteSampleTerm
        orders = Self.orders(modalityCount: found.modalities.count, seed: settings.seed)
        func estimate(_ divergence: DivergenceEstimate) -> Double {
            settings.effectiveDivergence == .plugin ? divergence.plugIn : divergence.excess ?? divergence.plugIn
        }
        modalityNames = found.modalities.map(\.name)
        self.settings = settings
        self.answerCount = answerCount
        divergences = found.bySubset.mapValues(estimate)
        (outputID, outputOOD) = (estimate(found.outputID), estimate(found.outputOOD))
        // In the divergence of a set's outputs the first sample is the responses, the second the references.
        entropiesID = Entropies(response: found.outputID.firstEntropy, reference: found.outputID.secondEntropy)
        entropiesOOD = Entropies(response: found.outputOOD.firstEntropy, reference: found.outputOOD.secondEntropy)
    }

    private var allModalities: Int { (1 << modalityNames.count) - 1 }

    /// A divergence cut to [0, ln 2] for bounds and shares; the published weighting is passed through as it is.
    private func possible(_ divergence: Double) -> Double {
        settings.isPaperCompatible ? divergence : min(max(0, divergence), Discrete.entropy(ofUniform: 2))
    }

    /// The divergence of a subset of modalities, raised to at least that of each of its parts.
    ///
    /// J_X >= J_k is a theorem (the partial trace does not increase a divergence), but debiased values are estimates, each with its own
    /// error, and may break it.
    private func divergence(of subset: Int) -> Double {
        guard !settings.isPaperCompatible else { return divergences[subset] ?? 0 }
        return divergences.reduce(0) { largest, entry in
            entry.key & ~subset == 0 ? max(largest, possible(entry.value)) : largest
        }
    }

    /// The fraction of the joint discrepancy that each modality carries; nil when the joint discrepancy is 0.
    var attribution: [(name: String, fraction: Double)]? {
        let count = modalityNames.count
        guard divergence(of: allModalities) > 0 else { return nil }
        let shares =
            orders.map { shapleyShares(orders: $0) { divergence(of: $0) } }
            ?? shapleyShares(modalityCount: count) { divergence(of: $0) }
        return fractions(ofShares: shares).map { Array(zip(modalityNames, $0)) }
    }

    /// The terms of the bound. The kernels give the divergences J, the settings say where entropies come from. The law of the reference
    /// given the query is taken to be the same in both sets, since one reference a query does not identify its entropy.
    ///
    /// The interactions are those of the chain rule: J_X - J_k is the mean over the values of k of JS_pi(P_rest, Q_rest), with
    /// pi = P_k/(P_k + Q_k) at the value, and JS_pi >= 2 min(pi, 1 - pi) JS_1/2. So sum min(P_k, Q_k) J(rest | k) <= J_X - J_k, and
    /// T_X <= tau(J_k) + tau(J_X - J_k) by convexity. `conditionalRootDivergence` has 2 sqrt(J_X - J_k), which
    /// keeps that inequality but is not an upper bound of D_k: D_k also counts values of k that only P or only Q takes, this does not.
    var terms: BoundTerms {
        let joint = divergence(of: allModalities)
        let attribution = attribution
        let scale = entropyScales
        let equalShare = 1 / Double(modalityNames.count)
        return BoundTerms(
            modalities: modalityNames.enumerated().map { index, name in
                let marginal = divergence(of: 1 << index)
                let conditional = max(0, joint - marginal)
                return BoundTerms.ModalityTerms(
                    name: name, divergence: marginal, share: attribution?[index].fraction ?? equalShare,
                    conditionalVariation: Discrete.totalVariationBound(conditional),
                    conditionalRootDivergence: 2 * conditional.squareRoot())
            },
            jointDivergence: joint, outputDivergenceID: possible(outputID), outputDivergenceOOD: possible(outputOOD),
            outputEntropyChange: (entropiesID.response - entropiesID.reference)
                - (entropiesOOD.response - entropiesOOD.reference),
            conceptChange: 0, conceptContinuity: 0, crossedEntropyScale: scale.crossed,
            publishedEntropyScale: scale.published, entropyScale: scale.both, answerCount: answerCount,
            finiteSampleTerm: finiteSampleTerm)
    }

    private var entropyScales: (crossed: Double, published: Double, both: Double) {
        switch settings.entropyScale {
        case .value(let value): return (value, value, value)
        case .alphabet(let count):
            let value = 2 * Discrete.entropy(ofUniform: count)
            return (value, value, value)
        case .kernel:
            let onID = entropiesID.response + entropiesID.reference
            let onOOD = entropiesOOD.response + entropiesOOD.reference
            return (entropiesID.reference + entropiesOOD.response, onOOD, max(onID, onOOD))
        case .logProbability, .draws:
            let alphabet = settings.entropyScale.alphabetSize.map { Discrete.entropy(ofUniform: $0) }
            let references = (id: alphabet ?? entropiesID.reference, ood: alphabet ?? entropiesOOD.reference)
            let models = (id: modelEntropies.id ?? 0, ood: modelEntropies.ood ?? 0)
            return (
                references.id + models.ood, references.ood + models.ood,
                max(references.id + models.id, references.ood + models.ood)
            )
        }
    }
}
