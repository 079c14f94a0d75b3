import Information
import LinearAlgebra

/// The result of one run over an ID set and at most one OOD set.
package struct EstimateResult: Sendable {
    /// The ID set.
    package let id: SetResult
    /// The comparison with the OOD set, where there is one.
    package let shift: ShiftResult?
    /// The fitted q, for estimators that have one.
    package let fit: CrossFit?
}

/// EMI of a set and, with an OOD set, the gap, the discrepancies and every form of the bound.
///
/// - Parameters:
///   - id: the in-distribution set.
///   - ood: the shifted set.
///   - savedFit: a q to apply in the place of a new one.
///   - threadCount: threads for relabellings; results do not depend on it.
/// - Throws: `RunError`, or an error of the estimator.
package func runEstimate(
    id: LoadedSet, ood: LoadedSet?, settings: StudySettings, savedFit: CrossFit? = nil, threadCount: Int
) throws -> EstimateResult {
    let estimator = try settings.makeEstimator()
    guard let ood else {
        let (estimates, fit) = try estimate([id.set], estimator, settings, savedFit, threadCount)
        return EstimateResult(
            id: try SetResult(id, id.set, estimates[0], settings, threadCount: threadCount), shift: nil, fit: fit)
    }
    let items = ItemPairing(ood.set, id: id.set)
    let (idSet, oodSet) = (ItemPairing(id: id.set).set, items.set)
    let (estimates, fit) = try estimate([idSet, oodSet], estimator, settings, savedFit, threadCount)
    let comparison = try ShiftAnalysis(settings: settings, threadCount: threadCount)
    let gap = try estimator.gap(
        idSet, oodSet, estimates: (estimates[0], estimates[1]),
        relabellings: ExchangeDesign(idSet, oodSet).lazyRelabellings(count: settings.gapPermutations, seed: settings.seed),
        intervals: settings.intervals, threadCount: threadCount)
    return EstimateResult(
        id: try SetResult(id, idSet, estimates[0], settings, threadCount: threadCount),
        shift: try comparison.shift(
            id: idSet, idEstimate: estimates[0], outputID: try comparison.outputs(idSet),
            ood: try SetResult(ood, oodSet, estimates[1], settings, threadCount: threadCount), oodSet: oodSet, oodEstimate: estimates[1], gap: gap,
            modelEntropies: (id.largestModelEntropy, ood.largestModelEntropy),
            notes: comparisonWarnings(
                id: id, ood: ood, idSet: idSet, items: items, settings: settings)),
        fit: fit)
}

/// EMI of all sets under the q that the settings choose.
func estimate(
    _ sets: [SampleSet], _ estimator: Estimator, _ settings: StudySettings, _ savedFit: CrossFit?, _ threadCount: Int
) throws -> ([EMIEstimate], CrossFit?) {
    if let savedFit {
        let estimates = try savedFit.estimate(sets, threadCount: threadCount)
        try estimator.checkFinite(estimates, of: sets)
        return (estimates, savedFit)
    }
    for set in sets { try estimator.check(set) }
    let fitted = settings.fit == .id ? Array(sets.prefix(1)) : sets
    guard let fit = try estimator.fit(fitted, threadCount: threadCount) else {
        return (try estimator.estimate(sets, threadCount: threadCount), nil)
    }
    let estimates = try fit.estimate(sets, threadCount: threadCount)
    try estimator.checkFinite(estimates, of: sets)
    return (estimates, fit)
}
