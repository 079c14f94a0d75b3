import Calibration
import EmbeddingFiles

/// How to read and measure sets of confidences.
package struct CalibrationSettings: Sendable {
    /// The number of bins, for bins of equal width and for bins of equal mass.
    package var binCount = 10
    /// The confidence level of intervals, between 0 and 1.
    package var confidence = 0.95
    /// The number of random sign patterns in the kernel test; 0 skips the test.
    package var draws = 999
    /// The seed of every random step.
    package var seed: UInt64 = 0
    /// How to read the files.
    package var request = ConfidenceRequest()
    /// Whether to use the published measure of arXiv 2412.14660: the probability of the answer's token among all tokens as confidence, ten
    /// bins, and temperatures on a grid of hundredths.
    package var followsPaper = false
    /// A given temperature at which every set is evaluated, instead of the first set's own.
    package var appliedTemperature: Double?

    package init() {}

    var summary: CalibrationSummary.Settings {
        .init(binCount: binCount, confidence: confidence, signs: .init(draws: draws, seed: seed))
    }
}

/// One set of confidences: a file with a name.
package struct CalibrationSource: Sendable, Equatable {
    /// The set's name in reports.
    package let name: String
    /// A free word that groups scenarios.
    package let kind: String?
    /// The path of the file.
    package let path: String
    /// The rows to keep, by their places or ids; nil keeps all.
    package let rows: RowSelection?
    /// The columns that cluster and name rows, if their names are not the usual ones.
    package let groupKey: String?
    package let identifierKey: String?

    package init(
        name: String, kind: String? = nil, path: String, rows: RowSelection? = nil, groupKey: String? = nil, identifierKey: String? = nil
    ) {
        (self.name, self.kind, self.path, self.rows) = (name, kind, path, rows)
        (self.groupKey, self.identifierKey) = (groupKey, identifierKey)
    }

    /// Reads the confidences in the file.
    ///
    /// - Throws: what `readConfidences` throws.
    func read(_ request: ConfidenceRequest) throws(ConfidenceFileError) -> ConfidenceTable {
        var request = request
        request.groupKey = groupKey
        request.identifierKey = identifierKey
        return try readConfidences(path, request, rows: rows)
    }
}

extension Manifest {
    /// The manifest's sets as files of confidences, the ID set first: the file under `confidences`, else the bundle.
    ///
    /// - Throws: `RunError` if a set has neither.
    package func calibrationSources() throws -> [CalibrationSource] {
        try sets.map { set in
            guard case .files(let source) = set.data, let file = set.confidences ?? source.bundle else {
                throw RunError(
                    code: "bad_manifest", message: "\(path): \(set.name): expected a file of confidences, found files by modality",
                    hint: "add 'confidences: FILE' to the set")
            }
            // The manifest names the columns of the bundle; a file of confidences has its own.
            let isBundle = set.confidences == nil
            return CalibrationSource(
                name: set.name, kind: set.kind, path: file, rows: source.rows, groupKey: isBundle ? source.groupKey : nil,
                identifierKey: isBundle ? source.identifierKey : nil)
        }
    }
}
