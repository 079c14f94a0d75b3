import Information
import LinearAlgebra

/// The result of one run over an ID set and at most one OOD set.
public struct EstimateResult: Sendable {
    /// The ID set.
    public let id: SetResult
    /// The comparison with the OOD set, where there is one.
    public let shift: ShiftResult?
    /// The fitted q, for estimators that have one.
    public let fit: ClubFit?
}

/// EMI of a set and, with an OOD set, the gap, the discrepancies and every form of the bound.
///
/// - Parameters:
///   - id: the in-distribution set.
///   - ood: the shifted set.
///   - savedFit: a q to apply in the place of a new one.
///   - threadCount: threads for relabellings; results do not depend on it.
/// - Throws: `RunError`, or an error of the estimator.
public func runEstimate(
    id: LoadedSet, ood: LoadedSet?, settings: RunSettings, savedFit: ClubFit? = nil, threadCount: Int
) throws -> EstimateResult {
    let estimator = try settings.makeEstimator()
    let comparison = try ShiftComparison(settings: settings, threadCount: threadCount)
    guard let ood else {
        let (estimates, fit) = try estimate([id.set], estimator, settings, savedFit, threadCount)
        return EstimateResult(
            id: setResult(id.set, estimates[0], warnings: id.warnings, settings), shift: nil, fit: fit)
    }
    let (idSet, oodSet, note) = pairingByReference(id.set, ood.set)
    let (estimates, fit) = try estimate([idSet, oodSet], estimator, settings, savedFit, threadCount)
    let gap = try estimator.gap(
        idSet, oodSet, estimates: (estimates[0], estimates[1]),
        relabellings: SampleDesign(idSet, oodSet).relabellings(count: settings.permutations, seed: settings.seed),
        confidence: settings.confidence, threadCount: threadCount)
    let discrepancies = try comparison.discrepancies(
        idSet, oodSet, outputID: try comparison.outputDivergence(idSet))
    let attribution = comparison.attribution(discrepancies)
    let terms = comparison.boundTerms(discrepancies, id: idSet, ood: oodSet, attribution: attribution)
    return EstimateResult(
        id: setResult(idSet, estimates[0], warnings: id.warnings, settings),
        shift: ShiftResult(
            ood: setResult(oodSet, estimates[1], warnings: ood.warnings, settings), emid: gap.gap,
            emidPValue: gap.pValue, discrepancies: discrepancies, attribution: attribution, bounds: terms.bounds,
            warnings: [note].compactMap { $0 } + ood.warnings + shiftWarnings(discrepancies, attribution)
                + boundWarnings(terms.bound(settings.effectiveBound), gap: gap.gap.value)),
        fit: fit)
}

/// EMI of all sets under the q that the settings choose.
private func estimate(
    _ sets: [SampleSet], _ estimator: Estimator, _ settings: RunSettings, _ savedFit: ClubFit?, _ threadCount: Int
) throws -> ([EffectiveMutualInformation], ClubFit?) {
    if let savedFit { return (try savedFit.estimate(sets, threadCount: threadCount), savedFit) }
    let fitted = settings.fit == .id ? Array(sets.prefix(1)) : sets
    guard let fit = try estimator.fit(fitted, threadCount: threadCount) else {
        return (try estimator.estimate(sets, threadCount: threadCount), nil)
    }
    let estimates = fitted.count == sets.count
        ? try fit.estimateFittedSets(sets, threadCount: threadCount) : try fit.estimate(sets, threadCount: threadCount)
    return (estimates, fit)
}

private func setResult(
    _ set: SampleSet, _ estimate: EffectiveMutualInformation, warnings: [RunWarning], _ settings: RunSettings
) -> SetResult {
    SetResult(
        name: set.name, sampleCount: set.rowCount, groupCount: estimate.influence.byGroup.count,
        emi: estimate.uncertainValue(confidence: settings.confidence),
        modelMutualInformation: estimate.modelMutualInformation,
        referenceMutualInformation: estimate.referenceMutualInformation,
        responseSimilarity: set.responseSimilarity, warnings: warnings)
}

private func shiftWarnings(
    _ discrepancies: Discrepancies, _ attribution: [(name: String, fraction: Double)]?
) -> [RunWarning] {
    var warnings: [RunWarning] = []
    if let p = discrepancies.joint.pValue, p > 0.05 {
        warnings.append(
            RunWarning(
                code: "discrepancy_unresolved",
                message: "the inputs of the two sets cannot be told apart at this size (p = \(rounded(p)))"
                    + (attribution == nil ? "" : ": the shares of the modalities are noise")))
    }
    let missing = (discrepancies.modalities.map(\.divergence) + [discrepancies.joint]).map(\.missingTrace).max() ?? 0
    if missing > 0.01 {
        warnings.append(
            RunWarning(
                code: "approximate_kernel",
                message: "landmark features carry \(rounded(100 * (1 - missing))) % of the kernel: divergences are low"))
    }
    return warnings
}

private func boundWarnings(_ bound: Bound, gap: Double) -> [RunWarning] {
    guard bound.value.isFinite else {
        return [
            RunWarning(
                code: "bound_undefined",
                message: "the bound '\(bound.form.rawValue)' has no value here: the published weighting gave a negative divergence")
        ]
    }
    guard bound.value < gap else { return [] }
    return [
        RunWarning(
            code: "bound_below_gap",
            message: "EMID exceeds the bound: its terms are estimates, and a modality that is not in the data has no term")
    ]
}

/// Two decimals, for sentences.
private func rounded(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let decimals = hundredths % 100
    return "\(hundredths / 100).\(decimals < 10 ? "0" : "")\(decimals)"
}
