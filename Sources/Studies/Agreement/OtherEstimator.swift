import EmbeddingFiles
import Information
import LinearAlgebra
import Statistics

/// Another estimator over the sets of a study, to stand beside the main one: EMI and EMID with their standard errors, and nothing else.
///
/// Sets share what they share in a study of this estimator, so that the numbers are those that such a study has.
package struct OtherEstimator: Sendable {
    /// EMI of the ID set.
    package let id: UncertainValue
    /// What rows of the ID set add to it; nil for estimators whose rows do not.
    package let idContributions: [Double]?

    private let study: Study
    private let settings: StudySettings
    private let shared: SharedFit
    private let idEstimate: EMIEstimate

    /// EMI of a shift, and EMI(ID) less that.
    package struct Shift: Sendable {
        /// EMI of the OOD set.
        package let emi: UncertainValue
        /// EMI(ID) - EMI(OOD).
        package let emid: UncertainValue
    }

    /// Reads the sets and prepares what they share.
    ///
    /// - Parameter name: the estimator's.
    /// - Throws: `RunError`, also where the ID set does not allow this estimate.
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

    /// What a shift shows, or why it shows nothing.
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
