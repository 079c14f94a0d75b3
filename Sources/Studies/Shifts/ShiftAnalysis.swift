import Information
import LinearAlgebra
import Statistics

/// Computes the discrepancies and bounds between an ID set and its shifts.
struct ShiftAnalysis: Sendable {
    let settings: StudySettings
    let divergence: JensenShannonDivergence
    /// Divergences already computed; all shifts of a study share it.
    let cache: DivergenceCache

    init(settings: StudySettings, cache: DivergenceCache) throws {
        self.settings = settings
        self.cache = cache
        divergence = try settings.makeDivergence()
    }

    /// How far the responses of one set are from its references.
    struct Outputs: Sendable {
        let divergence: DivergenceEstimate
        /// The influence of each row on the two entropies; nil without relabellings, when nothing gets an interval.
        let entropyInfluences: RowInfluences?
    }

    /// A set with its estimate.
    typealias Judged = (set: LoadedSet, estimate: EMIEstimate)

    /// 0 under the published weighting, whose divergence under relabelling is not centred, so that nothing worth reporting follows from it.
    private var relabellingCount: Int { settings.isPaperCompatible ? 0 : settings.permutations }

    /// The divergence between response and reference in one set.
    func outputs(_ set: SampleSet, threadCount: Int) throws -> Outputs {
        let design = ExchangeDesign(outputsOf: set)
        return Outputs(
            divergence: try divergence.estimate(
                [set.response], [set.reference],
                relabellings: design.keptRelabellings(count: relabellingCount, seed: settings.seed),
                dependentRows: design.dependentRows, threadCount: threadCount),
            entropyInfluences: relabellingCount > 0 ? try divergence.entropyInfluences(set.response, set.reference) : nil)
    }

    /// All divergences between two sets. One sequence of relabellings serves every modality and the joint query.
    private func discrepancies(
        _ id: SampleSet, _ ood: SampleSet, design: ExchangeDesign, relabellings drawn: SeededDraws<Relabelling>,
        outputs: (id: Outputs, ood: Outputs), threadCount: Int
    ) throws -> Discrepancies {
        let relabellings = drawn.prefix(relabellingCount)
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
            bySubset[subset] = try cache.estimate(
                subset: subset, modalities: members.map { ood.modalities[$0] }, design: design, compute: estimate)
        }
        guard let joint = bySubset[all] else { preconditionFailure("a set without modalities") }
        return Discrepancies(
            modalities: id.modalities.enumerated().compactMap { index, modality in
                bySubset[1 << index].map { (modality.name, $0) }
            },
            joint: joint, outputID: outputs.id.divergence, outputOOD: outputs.ood.divergence, bySubset: bySubset)
    }

    /// Computes everything that a report says about one shift.
    ///
    /// - Parameters:
    ///   - id: the ID set with its estimate and its outputs, the same for every shift.
    ///   - design: what may be exchanged between the two sets.
    ///   - relabellings: of the rows of this design, at least as many as the settings ask for.
    ///   - result: the results of the OOD set by itself.
    ///   - both: what `ChannelPair.contributionsUnderBoth` gives, if it is known already.
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    func shift(
        id: (set: LoadedSet, estimate: EMIEstimate, outputs: Outputs), ood: Judged, design: ExchangeDesign,
        relabellings: SeededDraws<Relabelling>, result: SetResult, gap: EMIDEstimate,
        both: PairContributions? = nil, threadCount: Int
    ) throws -> ShiftResult {
        let (idSet, oodSet) = (id.set.compared, ood.set.compared)
        let (idEstimate, oodEstimate, outputID) = (id.estimate, ood.estimate, id.outputs)
        let outputOOD = try outputs(of: ood.set, threadCount: threadCount)
        let discrepancies = try replacingModalities(
            of: discrepancies(
                idSet, oodSet, design: design, relabellings: relabellings, outputs: (outputID, outputOOD), threadCount: threadCount),
            id.set, ood.set, threadCount: threadCount)
        let counted = CountedAnswers(id: idSet, ood: oodSet, settings: settings)
        let input = BoundInput(
            discrepancies, settings: settings, answerCount: answerCount([idSet, oodSet]),
            modelEntropies: (id.set.largestModelEntropy, ood.set.largestModelEntropy),
            finiteSampleTerm: counted?.finiteSampleTerm ?? 0)
        let terms = input.terms
        let influences = ShiftInfluences(
            gap: gap.influence, groups: (id.set.comparedGroups(idEstimate), ood.set.comparedGroups(oodEstimate)),
            outputEntropies: (outputID.entropyInfluences, outputOOD.entropyInfluences))
        let channel = try ChannelFindings(
            (id.set, idEstimate), ood, divergence: discrepancies.joint.excess == nil ? nil : terms.jointDivergence,
            gap: gap, both: both, intervals: settings.intervals)
        let names = idSet.modalities.map(\.name)
        let attribution = channel?.shares.map { Array(zip(names, $0)) } ?? input.attribution
        let bounds = (channel?.bounds ?? []) + terms.bounds
        return ShiftResult(
            ood: result, emid: gap.gap, emidPValue: gap.pValue, comparedGroupCount: gap.comparedGroupCount,
            separation: idEstimate.contributions.flatMap { first in
                oodEstimate.contributions.flatMap {
                    RankSum(first, $0, areRowsIndependent: idEstimate.rowsAreIndependent && oodEstimate.rowsAreIndependent)
                }
            },
            discrepancies: discrepancies, attribution: attribution, bounds: bounds,
            entropyScale: terms.entropyScale(of: settings.effectiveBound),
            termsGuarantee: settings.termsGuarantee(areAnswersCounted: counted != nil),
            intervals: ShiftIntervals(discrepancies, input: input, gap: gap.gap, influences: influences), channel: channel,
            warnings: pairWarnings(id: id.set, ood: ood.set, settings: settings)
                + [sampledRows(id.set, ood.set, isByMoments: settings.permutations == 0)].compactMap { $0 } + result.warnings
                + sizeWarnings(gap, id: idEstimate, ood: oodEstimate) + gapWarnings(gap, confidence: settings.confidence)
                + shiftWarnings(discrepancies, attribution, separation: channel?.jointSeparation, modalityCount: idSet.modalities.count)
                + boundWarnings(bounds, settings, gap: gap.gap.value))
    }

    /// K, the number of possible answers: the size of the alphabet if it is given, else the number of distinct answers seen.
    private func answerCount(_ sets: [SampleSet]) -> Double {
        if let count = settings.entropyScale.alphabetSize { return Double(count) }
        return Double(Set(sets.flatMap { $0.responseFingerprints + $0.referenceFingerprints }).count)
    }
}
