import Information
import LinearAlgebra
import Statistics

/// Computes the discrepancies and bounds between an ID set and its shifts.
struct ShiftAnalysis: Sendable {
    let settings: StudySettings
    let divergence: JensenShannonDivergence
    let threadCount: Int
    /// Shared by the scenarios of a batch.
    let cache: DivergenceCache?

    init(settings: StudySettings, threadCount: Int, cache: DivergenceCache? = nil) throws {
        self.settings = settings
        self.threadCount = threadCount
        self.cache = cache
        divergence = try settings.makeDivergence()
    }

    /// What response and reference of one set have between them.
    struct Outputs: Sendable {
        let divergence: DivergenceEstimate
        /// How rows move the two entropies; nil without relabellings, when nothing has an interval.
        let entropyInfluences: RowInfluences?
    }

    /// The published weighting has no relabelling law worth reporting: its null is not centred.
    private var relabellingCount: Int { settings.paperCompatibility ? 0 : settings.permutations }

    /// The divergence of response and reference in one set.
    func outputs(_ set: SampleSet) throws -> Outputs {
        let design = ExchangeDesign(outputsOf: set)
        return Outputs(
            divergence: try divergence.estimate(
                [set.response], [set.reference],
                relabellings: design.lazyRelabellings(count: relabellingCount, seed: settings.seed),
                dependentRows: design.dependentRows, threadCount: threadCount),
            entropyInfluences: relabellingCount > 0 ? try divergence.entropyInfluences(set.response, set.reference) : nil)
    }

    /// All divergences between two sets; the same relabellings serve every modality and the joint query.
    private func discrepancies(
        _ id: SampleSet, _ ood: SampleSet, outputs: (id: Outputs, ood: Outputs)
    ) throws -> Discrepancies {
        let design = ExchangeDesign(id, ood)
        let relabellings = design.lazyRelabellings(count: relabellingCount, seed: settings.seed)
        let balancedDraws = design.lazyBalancedDraws(count: relabellingCount, seed: settings.seed)
        let count = id.modalities.count
        let all = (1 << count) - 1
        let subsets = BoundInput.subsets(modalityCount: count, seed: settings.seed)
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
        guard let joint = bySubset[all] else { preconditionFailure("a set without modalities") }
        return Discrepancies(
            modalities: id.modalities.enumerated().compactMap { index, modality in
                bySubset[1 << index].map { (modality.name, $0) }
            },
            joint: joint, outputID: outputs.id.divergence, outputOOD: outputs.ood.divergence, bySubset: bySubset)
    }

    /// All that is said of one shift.
    ///
    /// - Parameters:
    ///   - outputID: of the ID set, the same for every shift.
    ///   - modelEntropies: the largest entropies of the model's answers, where the settings take them from log probabilities or draws.
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    func shift(
        id: SampleSet, idEstimate: EMIEstimate, outputID: Outputs, ood: SetResult, oodSet: SampleSet,
        oodEstimate: EMIEstimate, gap: EMIDEstimate,
        modelEntropies: (id: Double?, ood: Double?) = (nil, nil), notes: [RunWarning]
    ) throws -> ShiftResult {
        let outputOOD = try outputs(oodSet)
        let discrepancies = try discrepancies(id, oodSet, outputs: (outputID, outputOOD))
        let counted = CountedAnswers(id: id, ood: oodSet, settings: settings)
        let input = BoundInput(
            discrepancies, settings: settings, answerCount: answerCount([id, oodSet]), modelEntropies: modelEntropies,
            finiteSampleTerm: counted?.finiteSampleTerm ?? 0)
        let (terms, attribution) = (input.terms, input.attribution)
        let influences = ShiftInfluences(
            gap: idEstimate.influence.subtracting(oodEstimate.influence), groups: (idEstimate.groups, oodEstimate.groups),
            outputEntropies: (outputID.entropyInfluences, outputOOD.entropyInfluences))
        return ShiftResult(
            ood: ood, emid: gap.gap, emidPValue: gap.pValue,
            separation: idEstimate.contributions.flatMap { first in
                oodEstimate.contributions.flatMap {
                    RankSum(first, $0, areRowsIndependent: idEstimate.rowsAreIndependent && oodEstimate.rowsAreIndependent)
                }
            },
            discrepancies: discrepancies, attribution: attribution, bounds: terms.bounds,
            entropyScale: terms.entropyScale(of: settings.effectiveBound),
            termsGuarantee: settings.termsGuarantee(areAnswersCounted: counted != nil),
            intervals: ShiftIntervals(discrepancies, input: input, gap: gap.gap, influences: influences),
            warnings: notes + ood.warnings + gapWarnings(gap, confidence: settings.confidence)
                + shiftWarnings(discrepancies, attribution, modalityCount: id.modalities.count)
                + boundWarnings(terms.bound(settings.effectiveBound), gap: gap.gap))
    }

    /// K: the size of the alphabet where it is given, else the number of distinct answers seen.
    private func answerCount(_ sets: [SampleSet]) -> Double {
        if let count = settings.entropyScale.alphabetSize { return Double(count) }
        return Double(Set(sets.flatMap { $0.response.rowFingerprints + $0.reference.rowFingerprints }).count)
    }
}
