import Calibration
import EmbeddingFiles

/// How sets of confidences are read and measured.
package struct CalibrationSettings: Sendable {
    /// The number of bins, both of equal width and of equal mass.
    package var binCount = 10
    /// The confidence level of intervals, between 0 and 1.
    package var confidence = 0.95
    /// The number of random sign patterns in the kernel test; 0 leaves the test out.
    package var draws = 999
    /// The seed of every random step.
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
    /// The rows that are kept, by their places or ids; all of them when nil.
    package let rows: RowSelection?
    /// The columns that cluster and name rows, under other names than the usual ones.
    package let groupKey: String?
    package let identifierKey: String?

    package init(
        name: String, kind: String? = nil, path: String, rows: RowSelection? = nil, groupKey: String? = nil, identifierKey: String? = nil
    ) {
        (self.name, self.kind, self.path, self.rows) = (name, kind, path, rows)
        (self.groupKey, self.identifierKey) = (groupKey, identifierKey)
    }

    /// The confidences in the file.
    ///
    /// - Throws: as `readConfidences`.
    func read(_ request: ConfidenceRequest) throws(ConfidenceFileError) -> ConfidenceTable {
        var request = request
        request.groupKey = groupKey
        request.identifierKey = identifierKey
        return try readConfidences(path, request, rows: rows)
    }
}

extension Manifest {
    /// The sets of the manifest as files of confidences, the ID set first: the file under `confidences`, else the bundle.
    ///
    /// - Throws: `RunError` where a set has neither.
    package func calibrationSources() throws -> [CalibrationSource] {
        try sets.map { set in
            guard case .files(let source) = set.data, let file = set.confidences ?? source.bundle else {
                throw RunError(
                    code: "bad_manifest", message: "\(path): \(set.name): expected a file of confidences, found files by modality",
                    hint: "add 'confidences: FILE' to the set")
            }
            // Columns are named for the bundle; a file of confidences has its own.
            let isBundle = set.confidences == nil
            return CalibrationSource(
                name: set.name, kind: set.kind, path: file, rows: source.rows, groupKey: isBundle ? source.groupKey : nil,
                identifierKey: isBundle ? source.identifierKey : nil)
        }
    }
}
