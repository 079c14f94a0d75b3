import EmbeddingFiles
import Information
import LinearAlgebra
import Statistics

/// A study whose sets have been read, under the one fit that judges all of them.
///
/// What the sets share is prepared once: the ID set is read, q is fitted (or the sets are pooled), the ID set's own results are
/// computed. Then shifts are independent of each other: any number of them can be analysed at once, and in large studies each reads
/// its files again, so that memory holds those in flight and not all of them.
package struct PreparedStudy: Sendable {
    /// The ID set.
    package let id: SetResult

    /// A number for what was fitted (`SavedFit.fingerprint`); nil for estimators that fit nothing.
    package let fitFingerprint: String?

    private let study: Study
    private let settings: StudySettings
    private let shared: SharedFit
    private let analysis: ShiftAnalysis
    private let idEstimate: EMIEstimate
    /// The classes of the run's answers; nil without a channel and in small runs.
    private let classes: AnswerClasses?
    /// What is said of every set of the run.
    private let notes: [RunWarning]
    /// Nil without shifts.
    private let outputID: ShiftAnalysis.Outputs?

    /// Reads the sets and fits what they share.
    ///
    /// - Parameter progress: called with the number of sets that have been read and the number of all.
    /// - Throws: `RunError` and the errors of files and estimators, where the ID set or the fit is at fault; a shift whose
    ///   files are at fault is kept for `result(of:)` to report.
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
        outputID = study.shifts.isEmpty ? nil : try analysis.outputs(shared.id.set, threadCount: study.threadCount)
    }

    /// What rows of the ID set add to EMI; nil for estimators whose rows do not.
    package var idContributions: [Double]? { idEstimate.contributions }

    /// Keeps what was fitted, to judge later runs by it; nothing happens for estimators that fit nothing.
    ///
    /// - Throws: `EmbeddingFileError` when the file cannot be written.
    package func saveFit(to path: String) throws {
        guard let fit = shared.fit else { return }
        try fit.save(to: path, settings: settings)
    }

    /// The rows of a shift beside those of the ID set, with what each adds to the EMI of its set, or why there are none.
    ///
    /// - Parameter index: its position among the study's shifts.
    package func judgedRows(of index: Int, threadCount: Int = 1) -> Result<(id: JudgedRows, ood: JudgedRows), RunError> {
        Result {
            let ood = try shared.shift(index)
            let estimate = try shared.estimate(ood, at: index, threadCount: threadCount)
            return (JudgedRows(shared.id.set, idEstimate), JudgedRows(ood.set, estimate))
        }.mapError { RunError($0, set: study.shifts[index].name) }
    }

    /// What a shift shows, or why it shows nothing.
    ///
    /// - Parameter index: its position among the study's shifts.
    package func result(of index: Int, threadCount: Int = 1) -> Result<ShiftResult, RunError> {
        Result {
            let outputID = try outputID ?? analysis.outputs(shared.id.set, threadCount: threadCount)
            let ood = try shared.shift(index)
            let estimate = try shared.estimate(ood, at: index, threadCount: threadCount)
            let gap = try shared.gap(
                index, estimates: (idEstimate, estimate),
                relabellings: ExchangeDesign(shared.id.set, ood.set)
                    .lazyRelabellings(count: settings.gapPermutations, seed: settings.seed),
                intervals: settings.intervals, threadCount: threadCount)
            return try analysis.shift(
                id: (shared.id, idEstimate, outputID), ood: (ood, estimate),
                result: SetResult(ood, estimate, classes: classes, notes: notes, settings, threadCount: threadCount), gap: gap,
                threadCount: threadCount)
        }.mapError { RunError($0, set: study.shifts[index].name) }
    }
}
