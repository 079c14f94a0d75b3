import Information

/// The numbers that the bound of one shift is made of, in nats; a copy with other values shows what the bound would have been.
struct BoundInput: Sendable {
    /// The largest number of modalities whose shares are exact: every subset of them needs its divergence.
    static let exactShareLimit = 6

    /// Pairs of orders that stand for all of them above: m - 2 divergences an order at most, where all subsets would be 2^m.
    private static let orderPairCount = 8

    /// Orders in which modalities join, where shares are an estimate; nil where they are exact.
    private static func orders(modalityCount: Int, seed: UInt64) -> [[Int]]? {
        modalityCount > exactShareLimit
            ? joiningOrders(modalityCount: modalityCount, pairCount: orderPairCount, seed: seed) : nil
    }

    /// The subsets of modalities, bit masks, whose divergences bounds and shares need: each modality and all of them among these.
    static func subsets(modalityCount: Int, seed: UInt64) -> [Int] {
        guard let orders = orders(modalityCount: modalityCount, seed: seed) else { return Array(1..<(1 << modalityCount)) }
        let prefixes = orders.flatMap { order in
            order.indices.map { order[...$0].reduce(0) { $0 | 1 << $1 } }
        }
        return Set(prefixes + (0..<modalityCount).map { 1 << $0 }).sorted()
    }

    /// Entropies of the outputs of a set.
    struct Entropies: Sendable {
        var response: Double
        var reference: Double
    }

    let modalityNames: [String]
    let settings: StudySettings
    /// K.
    let answerCount: Double
    /// By subset of modalities, a bit mask; as estimated.
    var divergences: [Int: Double]
    var outputID: Double
    var outputOOD: Double
    var entropiesID: Entropies
    var entropiesOOD: Entropies
    /// The largest entropies of the model's answers by log probabilities or draws; the bootstrap leaves them as they are.
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
        // The two outputs of a set are its first (response) and second (reference) sample.
        entropiesID = Entropies(response: found.outputID.firstEntropy, reference: found.outputID.secondEntropy)
        entropiesOOD = Entropies(response: found.outputOOD.firstEntropy, reference: found.outputOOD.secondEntropy)
    }

    private var allModalities: Int { (1 << modalityNames.count) - 1 }

    /// A divergence as bounds and shares take it: within [0, ln 2], but for the published weighting, which is shown as it is.
    private func possible(_ divergence: Double) -> Double {
        settings.isPaperCompatible ? divergence : min(max(0, divergence), Discrete.entropy(ofUniform: 2))
    }

    /// The divergence of some modalities: at least that of each part of them.
    ///
    /// J_X >= J_k is a theorem (the partial trace does not increase a divergence), but the debiased values are estimates with
    /// errors of their own.
    private func divergence(of subset: Int) -> Double {
        guard !settings.isPaperCompatible else { return divergences[subset] ?? 0 }
        return divergences.reduce(0) { largest, entry in
            entry.key & ~subset == 0 ? max(largest, possible(entry.value)) : largest
        }
    }

    /// The fraction of the joint discrepancy that each modality carries; nil where there is nothing to share.
    var attribution: [(name: String, fraction: Double)]? {
        let count = modalityNames.count
        guard divergence(of: allModalities) > 0 else { return nil }
        let shares =
            orders.map { shapleyShares(orders: $0) { divergence(of: $0) } }
            ?? shapleyShares(modalityCount: count) { divergence(of: $0) }
        return fractions(ofShares: shares).map { Array(zip(modalityNames, $0)) }
    }

    /// The terms of the bound: J by kernels, entropies as the settings say, and the references given the query taken
    /// as shared, since single references do not identify their entropy.
    ///
    /// The interactions are those of the chain rule: J_X - J_k is the mean over the values of k of JS_pi(P_rest, Q_rest), with
    /// pi = P_k/(P_k + Q_k) at the value, and JS_pi >= 2 min(pi, 1 - pi) JS_1/2. So sum min(P_k, Q_k) J(rest | k) <= J_X - J_k, and
    /// T_X <= tau(J_k) + tau(J_X - J_k) by convexity. `conditionalRootDivergence` has 2 sqrt(J_X - J_k), which
    /// keeps that inequality but is no upper value of D_k: values that P or Q alone holds count there, and not here.
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
