import Information
import LinearAlgebra

/// The largest number of modalities whose shares are computed: every subset of them needs its divergence.
private let attributionLimit = 6

/// Computes the discrepancies and bounds between an ID set and its shifts.
struct ShiftComparison: Sendable {
    let settings: RunSettings
    let divergence: JensenShannonDivergence
    let threadCount: Int
    /// Shared by the scenarios of a batch.
    let cache: DivergenceCache?

    init(settings: RunSettings, threadCount: Int, cache: DivergenceCache? = nil) throws {
        self.settings = settings
        self.threadCount = threadCount
        self.cache = cache
        divergence = try settings.makeDivergence()
    }

    /// The published weighting has no relabelling law worth reporting: its null is not centred.
    private var relabellingCount: Int { settings.paperCompatibility ? 0 : settings.permutations }

    /// The divergence of response and reference in one set.
    func outputDivergence(_ set: SampleSet) throws -> DivergenceEstimate {
        let design = SampleDesign(outputsOf: set)
        return try divergence.estimate(
            [set.response], [set.reference],
            relabellings: design.lazyRelabellings(count: relabellingCount, seed: settings.seed),
            dependentRows: design.dependentRows, threadCount: threadCount)
    }

    /// All divergences between two sets; the same relabellings serve every modality and the joint query.
    func discrepancies(
        _ id: SampleSet, _ ood: SampleSet, outputID: DivergenceEstimate
    ) throws -> Discrepancies {
        let design = SampleDesign(id, ood)
        let relabellings = design.lazyRelabellings(count: relabellingCount, seed: settings.seed)
        let balancedDraws = design.lazyBalancedDraws(count: relabellingCount, seed: settings.seed)
        let count = id.modalities.count
        let all = (1 << count) - 1
        let subsets = count <= attributionLimit ? Array(1...all) : (0..<count).map { 1 << $0 } + [all]
        var bySubset: [Int: DivergenceEstimate] = [:]
        for subset in subsets {
            let members = (0..<count).filter { subset & (1 << $0) != 0 }
            let (first, second) = (members.map { id.modalities[$0].rows }, members.map { ood.modalities[$0].rows })
            func estimate() throws -> DivergenceEstimate {
                try divergence.estimate(
                    first, second, relabellings: relabellings, balancedDraws: balancedDraws,
                    dependentRows: design.dependentRows, threadCount: threadCount)
            }
            bySubset[subset] = try cache?.estimate(subset: subset, rows: second, design: design, compute: estimate)
                ?? estimate()
        }
        let outputOOD = try outputDivergence(ood)
        guard let joint = bySubset[all] else { preconditionFailure("a set without modalities") }
        return Discrepancies(
            modalities: id.modalities.enumerated().compactMap { index, modality in
                bySubset[1 << index].map { (modality.name, $0) }
            },
            joint: joint, outputID: outputID, outputOOD: outputOOD, bySubset: bySubset)
    }

    /// All that is said of one shift.
    ///
    /// - Parameter outputID: the divergence of the ID set's outputs, the same for every shift.
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    func shift(
        id: SampleSet, idEstimate: EffectiveMutualInformation, outputID: DivergenceEstimate, ood: SetResult,
        oodSet: SampleSet, oodEstimate: EffectiveMutualInformation, gap: EffectiveMutualInformationGap, notes: [RunWarning]
    ) throws -> ShiftResult {
        let discrepancies = try discrepancies(id, oodSet, outputID: outputID)
        let attribution = attribution(discrepancies)
        let terms = boundTerms(discrepancies, id: id, ood: oodSet, attribution: attribution)
        return ShiftResult(
            ood: ood, emid: gap.gap, emidPValue: gap.pValue,
            separation: idEstimate.contributions.flatMap { first in
                oodEstimate.contributions.flatMap { RankSum(first, $0) }
            },
            discrepancies: discrepancies, attribution: attribution, bounds: terms.bounds,
            warnings: notes + ood.warnings + gapWarnings(gap, confidence: settings.confidence)
                + shiftWarnings(discrepancies, attribution)
                + boundWarnings(terms.bound(settings.effectiveBound), gap: gap.gap.value))
    }

    /// The divergence of some modalities, as bounds and shares take it: at least that of each part of them.
    ///
    /// J_X >= J_k is a theorem (the partial trace does not increase a divergence), but the debiased values are estimates with
    /// errors of their own. The published weighting is taken as it is.
    private func value(of subset: Int, _ discrepancies: Discrepancies) -> Double {
        let choice = settings.effectiveDivergence
        guard !settings.paperCompatibility else { return discrepancies.bySubset[subset]?.value(choice) ?? 0 }
        return discrepancies.bySubset.reduce(0) { largest, entry in
            entry.key & ~subset == 0 ? max(largest, entry.value.value(choice)) : largest
        }
    }

    /// The fraction of the joint discrepancy that each modality carries; nil where there is nothing to share.
    func attribution(_ discrepancies: Discrepancies) -> [(name: String, fraction: Double)]? {
        let count = discrepancies.modalities.count
        guard count <= attributionLimit, value(of: (1 << count) - 1, discrepancies) > 0 else { return nil }
        let shares = shapleyShares(modalityCount: count) { value(of: $0, discrepancies) }
        return fractions(ofShares: shares).map { Array(zip(discrepancies.modalities.map(\.name), $0)) }
    }

    /// The terms of the bound, estimated: J by kernels, entropies as the settings say, and the references given the query taken
    /// as shared, since single references do not identify their entropy.
    ///
    /// The interactions are those of the chain rule: J_X - J_k is the mean over the values of k of JS_pi(P_rest, Q_rest), with
    /// pi = P_k/(P_k + Q_k) at the value, and JS_pi >= 2 min(pi, 1 - pi) JS_1/2. So sum min(P_k, Q_k) J(rest | k) <= J_X - J_k, and
    /// T_X <= tau(J_k) + tau(J_X - J_k) by convexity. `conditionalRootDivergence` has 2 sqrt(J_X - J_k), which
    /// keeps that inequality but is no upper value of D_k: values that P or Q alone holds count there, and not here.
    func boundTerms(
        _ discrepancies: Discrepancies, id: SampleSet, ood: SampleSet,
        attribution: [(name: String, fraction: Double)]?
    ) -> BoundTerms {
        let choice = settings.effectiveDivergence
        let joint = value(of: (1 << discrepancies.modalities.count) - 1, discrepancies)
        // The two outputs of a set are its first (response) and second (reference) sample.
        let (idOutput, oodOutput) = (discrepancies.outputID, discrepancies.outputOOD)
        let scale = entropyScales(idOutput, oodOutput)
        let equalShare = 1 / Double(discrepancies.modalities.count)
        return BoundTerms(
            modalities: discrepancies.modalities.enumerated().map { index, modality in
                let marginal = value(of: 1 << index, discrepancies)
                let conditional = max(0, joint - marginal)
                return BoundTerms.ModalityTerms(
                    name: modality.name, divergence: marginal, share: attribution?[index].fraction ?? equalShare,
                    conditionalVariation: Discrete.totalVariationBound(conditional),
                    conditionalRootDivergence: 2 * conditional.squareRoot())
            },
            jointDivergence: joint, outputDivergenceID: idOutput.value(choice),
            outputDivergenceOOD: oodOutput.value(choice),
            outputEntropyChange: (idOutput.firstEntropy - idOutput.secondEntropy)
                - (oodOutput.firstEntropy - oodOutput.secondEntropy),
            conceptChange: 0, conceptContinuity: 0, crossedEntropyScale: scale.crossed,
            publishedEntropyScale: scale.published, entropyScale: scale.both,
            answerCount: answerCount([id, ood]))
    }

    private func entropyScales(
        _ id: DivergenceEstimate, _ ood: DivergenceEstimate
    ) -> (crossed: Double, published: Double, both: Double) {
        switch settings.entropyScale {
        case .value(let value): return (value, value, value)
        case .alphabet(let count):
            let value = 2 * Discrete.entropy(ofUniform: count)
            return (value, value, value)
        case .kernel:
            let (onID, onOOD) = (id.firstEntropy + id.secondEntropy, ood.firstEntropy + ood.secondEntropy)
            return (id.secondEntropy + ood.firstEntropy, onOOD, max(onID, onOOD))
        }
    }

    /// K: the size of the alphabet where it is given, else the number of distinct answers seen.
    private func answerCount(_ sets: [SampleSet]) -> Double {
        if case .alphabet(let count) = settings.entropyScale { return Double(count) }
        return Double(Set(sets.flatMap { $0.response.rowFingerprints + $0.reference.rowFingerprints }).count)
    }
}
