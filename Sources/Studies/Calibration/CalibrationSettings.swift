import Calibration
import EmbeddingFiles

/// How sets of confidences are read and measured.
package struct CalibrationSettings: Sendable {
    /// Bins of equal width and of equal mass.
    package var binCount = 10
    /// Of intervals.
    package var confidence = 0.95
    /// Patterns of signs of the kernel test; 0 leaves it out.
    package var draws = 999
    /// Of every random step.
    package var seed: UInt64 = 0
    /// How files are read.
    package var request = ConfidenceRequest()
    /// The published measure of arXiv 2412.14660: the probability of the answer's token among all tokens as confidence,
    /// ten bins, and temperatures on a grid of hundredths.
    package var followsPaper = false
    /// A temperature from elsewhere that every set is held against, in place of the first set's own.
    package var appliedTemperature: Double?

    package init() {}

    var summary: CalibrationSummary.Settings {
        .init(binCount: binCount, confidence: confidence, signs: .init(draws: draws, seed: seed))
    }
}

/// One set of confidences: a file with a name.
package struct CalibrationSource: Sendable, Equatable {
    /// Its name in reports.
    package let name: String
    /// A free word that groups scenarios.
    package let kind: String?
    /// The path.
    package let path: String

    package init(name: String, kind: String? = nil, path: String) {
        (self.name, self.kind, self.path) = (name, kind, path)
    }
}

extension Manifest {
    /// The sets of the manifest as files of confidences, the ID set first.
    ///
    /// - Throws: `RunError` where a set is made of several files.
    package func calibrationSources() throws -> [CalibrationSource] {
        try ([id] + scenarios).map { entry in
            guard case .files(let source) = entry.data, let path = source.bundle else {
                throw RunError(
                    code: "bad_manifest",
                    message: "\(path): \(entry.name): expected one file of confidences as 'data', found files by modality",
                    hint: "give 'data: FILE' with the confidences of the set")
            }
            return CalibrationSource(name: entry.name, kind: entry.kind, path: path)
        }
    }
}
