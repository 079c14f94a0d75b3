import EmbeddingFiles
import Information
import LinearAlgebra
import Statistics

/// A second estimator over the sets of a study, for comparison with the main one: it gives EMI and EMID with standard errors, nothing else.
///
/// It prepares the sets as a study with this estimator would, so that its numbers are the same as that study's.
package struct OtherEstimator: Sendable {
    /// EMI of the ID set.
    package let id: UncertainValue
    /// What each row of the ID set contributes to EMI; nil for estimators that are not sums over rows.
    package let idContributions: [Double]?

    private let study: Study
    private let settings: StudySettings
    private let shared: SharedFit
    private let idEstimate: EMIEstimate

    /// EMI of a shifted set, and the gap to the ID set.
    package struct Shift: Sendable {
        /// EMI of the OOD set.
        package let emi: UncertainValue
        /// EMID = EMI(ID) - EMI(OOD).
        package let emid: UncertainValue
    }

    /// Reads the sets and prepares what they share.
    ///
    /// - Parameter name: the name of the estimator.
    /// - Throws: `RunError`, also when this estimator cannot work with the ID set.
    package init(_ name: String, _ study: Study) throws {
        self.study = study
        settings = study.settings.with(estimator: name)
        do {
            shared = try SharedFit(study, settings: settings) { _, _ in }
            idEstimate = try shared.estimate(shared.id, at: nil, threadCount: study.threadCount)
        } catch {
            throw RunError(error, set: study.id.name)
        }
        id = idEstimate.uncertainValue(settings.intervals)
        idContributions = idEstimate.contributions
    }

    /// The results of a shift, or the reason why it has none.
    ///
    /// - Parameter index: its position among the study's shifts.
    package func result(of index: Int, threadCount: Int = 1) -> Result<Shift, RunError> {
        Result {
            let ood = try shared.shift(index)
            let estimate = try shared.estimate(ood, at: index, threadCount: threadCount)
            let gap = try shared.gap(
                index, estimates: (idEstimate, estimate), relabellings: [Relabelling](), intervals: settings.intervals,
                threadCount: threadCount)
            return Shift(emi: estimate.uncertainValue(settings.intervals), emid: gap.gap)
        }.mapError { RunError($0, set: study.shifts[index].name) }
    }
}
