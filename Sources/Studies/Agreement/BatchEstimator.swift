import EmbeddingFiles
import Information
import LinearAlgebra
import Statistics

/// One estimator over the sets of a batch, for comparison with others: EMI and EMID with their standard errors, and nothing else.
///
/// Sets are pooled as in `BatchRun`, so that the numbers are those that a batch with this estimator has.
package struct BatchEstimator: Sendable {
    /// EMI of the ID set.
    package let id: UncertainValue

    private let settings: StudySettings
    private let pool: SharedFit
    private let idEstimate: EMIEstimate

    /// EMI of a scenario, and EMI(ID) less that.
    package struct Shift: Sendable {
        /// EMI of the OOD set.
        package let emi: UncertainValue
        /// EMI(ID) - EMI(OOD).
        package let emid: UncertainValue
    }

    /// Reads the sets and fits or pools what they share.
    ///
    /// - Parameter settings: with the estimator's name.
    /// - Throws: as `BatchRun`, and where the ID set does not allow this estimate.
    package init(_ manifest: Manifest, settings: StudySettings, threadCount: Int) throws {
        self.settings = settings
        do {
            pool = try SharedFit(manifest, settings: settings, threadCount: threadCount) { _, _ in }
            idEstimate = try pool.estimate(pool.id.set, threadCount: threadCount)
        } catch {
            throw RunError(error, set: manifest.id.name)
        }
        id = idEstimate.uncertainValue(settings.intervals)
    }

    /// What a scenario shows, or why it shows nothing.
    package func result(of entry: Manifest.Entry) -> Result<Shift, RunError> {
        Result {
            let ood = try pool.scenario(entry).set
            let estimate = try pool.estimate(ood, threadCount: 1)
            let gap = try pool.gap(
                ood, estimates: (idEstimate, estimate), relabellings: [Relabelling](), intervals: settings.intervals)
            return Shift(emi: estimate.uncertainValue(settings.intervals), emid: gap.gap)
        }.mapError { RunError($0, set: entry.name) }
    }
}
