import EmbeddingFiles
import Information
import LinearAlgebra

/// An ID set, its shifts and the settings. `emi estimate` builds one from its flags, `emi batch` from a manifest.
public struct Study: Sendable {
    /// The in-distribution set.
    package let id: StudySet
    /// The shifted sets. All of them take part in the fit, even those that a run does not report.
    package let shifts: [StudySet]
    /// Sets of other models. They take part in the fit but are not reported: models can be compared only when one q judges them all.
    package var companions: [StudySet] = []
    /// The settings that decide the numbers.
    package let settings: StudySettings
    /// How many threads may work at once; the results do not depend on it.
    package let threadCount: Int
    /// The study keeps its sets in memory until their matrices fill this many bytes; it reads the others again to analyse them.
    var keptByteLimit = 128 << 20
    /// Sets of arrays from this size on, in double precision, are read block by block (`isLarge`).
    var largeArrayByteLimit = 64 << 20
    /// The manifest that the study was made from; nil when flags or a program made it.
    package let manifest: Manifest?

    /// A study of an ID set and its shifts.
    ///
    /// - Parameters:
    ///   - id: the in-distribution set.
    ///   - shifts: the shifted sets; without any, the report describes the ID set alone.
    ///   - settings: the program's defaults unless given.
    ///   - threadCount: how many threads may work at once; the results do not depend on it.
    public init(
        id: StudySet, shifts: [StudySet] = [], settings: StudySettings = StudySettings(), threadCount: Int = 1
    ) {
        self.id = id
        self.shifts = shifts
        self.settings = settings
        self.threadCount = threadCount
        manifest = nil
    }

    /// The study that a manifest describes.
    package init(_ manifest: Manifest, settings: StudySettings, threadCount: Int = 1) {
        id = manifest.id
        shifts = manifest.scenarios
        self.settings = settings
        self.threadCount = threadCount
        self.manifest = manifest
    }

    /// All sets, the ID set first.
    package var sets: [StudySet] { [id] + shifts }

    /// Files other than the sets' own that decide numbers: the weights and a saved fit.
    package var appliedFiles: [String] { [settings.weights, settings.effectiveFit.path].compactMap { $0 } }

    /// Every file that the study reads.
    package var files: [String] { [manifest?.path].compactMap { $0 } + (sets + companions).flatMap(\.files) + appliedFiles }

    /// The digests of all files, and the folder from which the manifest counts its paths.
    package var digests: (files: [FileDigest], folder: String) {
        (fileDigests(files, threadCount: threadCount), manifest?.folder ?? "")
    }

    /// Reads the sets and fits what they share.
    ///
    /// - Parameter progress: called with the number of sets read so far and the number of sets in all.
    /// - Throws: `RunError` and the errors of files and estimators when the ID set or the fit is at fault.
    package func prepared(
        progress: @escaping @Sendable (_ read: Int, _ all: Int) -> Void = { _, _ in }
    ) throws -> PreparedStudy {
        try PreparedStudy(self, progress: progress)
    }
}
