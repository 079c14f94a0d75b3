import EmbeddingFiles
import Information
import LinearAlgebra

/// An ID set, its shifts and the settings: what `emi estimate` makes of its flags and `emi batch` of a manifest.
public struct Study: Sendable {
    /// The in-distribution set.
    package let id: StudySet
    /// The shifts. All of them take part in the fit, whichever are reported.
    package let shifts: [StudySet]
    /// Sets of other models that take part in the fit and are not reported: models that one q judges can be compared.
    package var companions: [StudySet] = []
    /// What decides the numbers.
    package let settings: StudySettings
    /// Threads; results do not depend on them.
    package let threadCount: Int
    /// Bytes of matrices up to which all sets are kept; those of larger studies are read again when they are analysed.
    var keptByteLimit = 128 << 20
    /// The manifest that the study is from; nil for one of flags or of a program.
    package let manifest: Manifest?

    /// A study of some sets.
    ///
    /// - Parameters:
    ///   - id: the in-distribution set.
    ///   - shifts: the shifted sets; with none the report is of the ID set alone.
    ///   - settings: those of the program by default.
    ///   - threadCount: results do not depend on it.
    public init(
        id: StudySet, shifts: [StudySet] = [], settings: StudySettings = StudySettings(), threadCount: Int = 1
    ) {
        self.id = id
        self.shifts = shifts
        self.settings = settings
        self.threadCount = threadCount
        manifest = nil
    }

    /// The study of a manifest.
    package init(_ manifest: Manifest, settings: StudySettings, threadCount: Int = 1) {
        id = manifest.id
        shifts = manifest.scenarios
        self.settings = settings
        self.threadCount = threadCount
        self.manifest = manifest
    }

    /// All sets, the ID set first.
    package var sets: [StudySet] { [id] + shifts }

    /// Files beside the sets that decide numbers: weights and a saved fit.
    package var appliedFiles: [String] { [settings.weights, settings.effectiveFit.path].compactMap { $0 } }

    /// Every file that is read.
    package var files: [String] { [manifest?.path].compactMap { $0 } + (sets + companions).flatMap(\.files) + appliedFiles }

    /// The digests of all files, paths as the manifest has them.
    package var digests: (files: [FileDigest], folder: String) {
        (fileDigests(files, threadCount: threadCount), manifest?.folder ?? "")
    }

    /// Reads the sets and fits what they share.
    ///
    /// - Parameter progress: called with the number of sets that have been read and the number of all.
    /// - Throws: `RunError` and the errors of files and estimators, where the ID set or the fit is at fault.
    package func prepared(
        progress: @escaping @Sendable (_ read: Int, _ all: Int) -> Void = { _, _ in }
    ) throws -> PreparedStudy {
        try PreparedStudy(self, progress: progress)
    }
}
