import EmbeddingFiles
import Information
import LinearAlgebra
import Statistics

/// A study whose sets have been read, with the one fit that judges all of them.
///
/// The initialiser does once what all sets share: it reads the ID set, fits q (or pools the sets) and computes the ID set's own results.
/// After that the shifts are independent of each other, and any number of them can be analysed at once. In a large study each
/// analysis reads its shift's files again, so that memory holds only the shifts being analysed.
package struct PreparedStudy: Sendable {
    /// The ID set.
    package let id: SetResult

    /// Identifies the fit: equal in two runs that were judged by the same fit (`SavedFit.fingerprint`); nil when nothing was fitted.
    package let fitFingerprint: String?

    private let study: Study
    private let settings: StudySettings
    private let shared: SharedFit
    private let analysis: ShiftAnalysis
    private let idEstimate: EMIEstimate
    /// The classes that a decoder sorts the run's answers into; nil under other estimators than the channel, and in small runs.
    private let classes: AnswerClasses?
    /// Warnings that hold for every set of the run.
    private let notes: [RunWarning]
    /// The divergence between response and reference of the ID set, which every shift needs; nil when there are no shifts.
    private let outputID: ShiftAnalysis.Outputs?

    /// Reads the sets and fits what they share.
    ///
    /// - Parameter progress: called with the number of sets read so far and the number of sets in all.
    /// - Throws: `RunError` and the errors of files and estimators when the ID set or the fit is at fault. The error of a shift's
    ///   files is kept, and `result(of:)` reports it.
    init(_ study: Study, progress: @escaping @Sendable (_ read: Int, _ all: Int) -> Void) throws {
        self.study = study
        settings = study.settings.ofMainEstimator
        try checkBound(settings)
        shared = try SharedFit(study, settings: settings, progress: progress)
        analysis = try ShiftAnalysis(settings: settings, cache: DivergenceCache())
        idEstimate = try shared.estimate(shared.id, at: nil, threadCount: study.threadCount)
        fitFingerprint = shared.fit?.fingerprint
        classes = try shared.channel?.answerClasses()
        let carriesNothing = shared.channel?.carriesNothing ?? false
        notes = carriesNothing ? [noChannel] : []
        id = try SetResult(
            shared.id, idEstimate, classes: classes,
            notes: shared.channel.map { channelWarnings($0, carriesNothing: carriesNothing) } ?? [], settings,
            threadCount: study.threadCount)
        outputID = study.shifts.isEmpty ? nil : try analysis.outputs(of: shared.id, threadCount: study.threadCount)
    }

    /// What each row of the ID set contributes to EMI, in nats; nil for estimators that are not sums over rows.
    package var idContributions: [Double]? { idEstimate.contributions }

    /// Writes the fit to a file, so that later runs can be judged by it; does nothing for estimators that fit nothing.
    ///
    /// - Throws: `EmbeddingFileError` when the file cannot be written.
    package func saveFit(to path: String) throws {
        guard let fit = shared.fit else { return }
        try fit.save(to: path, settings: settings)
    }

    /// The rows of a shift and of the ID set, with what each contributes to the EMI of its set, or the reason why there are none.
    ///
    /// - Parameter index: its position among the study's shifts.
    package func judgedRows(of index: Int, threadCount: Int = 1) -> Result<(id: JudgedRows, ood: JudgedRows), RunError> {
        Result {
            let ood = try shared.shift(index)
            let estimate = try shared.estimate(ood, at: index, threadCount: threadCount)
            return (JudgedRows(shared.id.set, idEstimate), JudgedRows(ood.set, estimate))
        }.mapError { RunError($0, set: study.shifts[index].name) }
    }

    /// The results of a shift, or the reason why it has none.
    ///
    /// - Parameter index: its position among the study's shifts.
    package func result(of index: Int, threadCount: Int = 1) -> Result<ShiftResult, RunError> {
        Result {
            let outputID = try outputID ?? analysis.outputs(of: shared.id, threadCount: threadCount)
            let ood = try shared.shift(index)
            let estimate = try shared.estimate(ood, at: index, threadCount: threadCount)
            let design = ExchangeDesign(shared.id.compared, ood.compared)
            if ood.large != nil, let first = idEstimate.channelRows, let second = estimate.channelRows {
                let both = ChannelPair(first, second).contributionsUnderBoth()
                let gap = EMIDEstimate(
                    (idEstimate, estimate), both: both, relabellings: settings.gapPermutations, intervals: settings.intervals,
                    seed: settings.seed)
                return try analysis.shift(
                    id: (shared.id, idEstimate, outputID), ood: (ood, estimate), design: design,
                    relabellings: design.keptRelabellings(count: settings.permutations, seed: settings.seed),
                    result: SetResult(ood, estimate, classes: classes, notes: notes, settings, threadCount: threadCount), gap: gap,
                    both: both, threadCount: threadCount)
            }
            // Drawn once for EMID and for all divergences.
            let relabellings = design.keptRelabellings(
                count: max(settings.gapPermutations, settings.permutations), seed: settings.seed)
            let gap = try shared.gap(
                index, estimates: (idEstimate, estimate), relabellings: relabellings.prefix(settings.gapPermutations),
                intervals: settings.intervals, threadCount: threadCount)
            return try analysis.shift(
                id: (shared.id, idEstimate, outputID), ood: (ood, estimate), design: design, relabellings: relabellings,
                result: SetResult(ood, estimate, classes: classes, notes: notes, settings, threadCount: threadCount), gap: gap,
                threadCount: threadCount)
        }.mapError { RunError($0, set: study.shifts[index].name) }
    }
}
