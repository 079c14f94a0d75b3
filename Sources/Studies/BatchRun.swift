import EmbeddingFiles
import Information
import LinearAlgebra

/// The scenarios of a manifest against its ID set, under one q.
///
/// The run is prepared once: the ID set is read, q is fitted (or the sets are pooled), the ID set's own results are
/// computed. Then scenarios are independent of each other: any number of them can run at once, and each reads its files again,
/// so that memory holds those in flight and not all of them.
package struct BatchRun: Sendable {
    /// The ID set.
    package let id: SetResult
    /// The fitted q, for estimators that have one.
    package let fit: CrossFit?

    private let settings: StudySettings
    private let comparison: ShiftAnalysis
    private let pool: SharedFit
    private let idEstimate: EMIEstimate
    private let outputID: ShiftAnalysis.Outputs

    /// Reads the sets and fits what they share.
    ///
    /// Sets enter the pool in the order of their names: the numbers do not depend on the order of the manifest, nor on the
    /// threads.
    /// - Parameter progress: called with the number of sets that have been read and the number of all.
    /// - Throws: `RunError` and the errors of files and estimators, where the ID set or the fit is at fault; a scenario whose
    ///   files are at fault is kept for `result(of:)` to report.
    package init(
        _ manifest: Manifest, settings: StudySettings, threadCount: Int,
        progress: @escaping @Sendable (_ read: Int, _ all: Int) -> Void = { _, _ in }
    ) throws {
        self.settings = settings
        pool = try SharedFit(manifest, settings: settings, threadCount: threadCount, progress: progress)
        fit = pool.fit
        comparison = try ShiftAnalysis(settings: settings, threadCount: 1, cache: DivergenceCache())
        idEstimate = try pool.estimate(pool.id.set, threadCount: threadCount)
        id = try SetResult(pool.id.loaded, pool.id.set, idEstimate, settings, threadCount: threadCount)
        outputID = try ShiftAnalysis(settings: settings, threadCount: threadCount).outputs(pool.id.set)
    }

    /// What a scenario shows, or why it shows nothing.
    package func result(of entry: Manifest.Entry) -> Result<ShiftResult, RunError> {
        Result {
            let ood = try pool.scenario(entry)
            let estimate = try pool.estimate(ood.set, threadCount: 1)
            let relabellings = ExchangeDesign(pool.id.set, ood.set)
                .lazyRelabellings(count: settings.gapPermutations, seed: settings.seed)
            let gap = try pool.gap(
                ood.set, estimates: (idEstimate, estimate), relabellings: relabellings, intervals: settings.intervals)
            return try comparison.shift(
                id: pool.id.set, idEstimate: idEstimate, outputID: outputID,
                ood: try SetResult(ood.loaded, ood.set, estimate, settings, threadCount: 1), oodSet: ood.set, oodEstimate: estimate, gap: gap,
                modelEntropies: (pool.id.loaded.largestModelEntropy, ood.loaded.largestModelEntropy),
                notes: comparisonWarnings(
                    id: pool.id.loaded, ood: ood.loaded, idSet: pool.id.set, items: ood.items, settings: settings))
        }.mapError { RunError($0, set: entry.name) }
    }
}
