import EmbeddingFiles
import Information
import LinearAlgebra
import TextFeatures

/// A sample set with what its files say beside the rows.
package struct LoadedSet: Sendable {
    /// Validated, normalised where asked for.
    package let set: SampleSet
    /// Every file that was read.
    package let files: [String]
    /// A score for each row, where the files have any.
    package let scores: [Double]?
    /// The largest entropy of the model's answers by their log probabilities or by draws; nil where the settings do not ask for it.
    let largestModelEntropy: Double?
    /// Lengths of the rows of every array of vectors, as its file has them: modalities, response, reference.
    let norms: [RowNorms]
    /// For each row, numbers that are equal for equal rows (`SampleSet.contentFingerprints`).
    let contents: [[UInt64]]
    /// What the reader noticed, and what the checks found.
    package let warnings: [RunWarning]
}

/// Reads the sets of a run as the ID set asks for: texts become vectors by its featurizers, modalities and widths have to
/// be its own, rows are checked and normalised.
package struct SetLoader: Sendable {
    private let id: SampleTable
    private let featurizers: Featurizers
    private let fallbackReference: String?
    private let settings: StudySettings

    /// A loader for an ID set, which is read.
    ///
    /// - Throws: `EmbeddingFileError` from the files, `RunError` for settings without meaning.
    package init(id source: SampleSource, settings: StudySettings) throws {
        try checkLogProbabilities(settings)
        id = try readSampleTable(source)
        featurizers = Featurizers(id: id, weighted: settings.inverseDocumentFrequency)
        fallbackReference = source.reference
        self.settings = settings
    }

    /// The ID set itself.
    ///
    /// - Throws: `RunError`.
    package func loadID(name: String? = nil, threadCount: Int = 1) throws -> LoadedSet {
        try load(id, name: name, threadCount: threadCount)
    }

    /// Another set; one whose files hold no references takes those that the ID set was given, joined by id.
    ///
    /// - Parameters:
    ///   - name: replaces the name of the file.
    ///   - threadCount: for the featurizer.
    /// - Throws: `RunError`, or `EmbeddingFileError` from the files.
    package func load(_ source: SampleSource, name: String? = nil, threadCount: Int = 1) throws -> LoadedSet {
        try load(try readTable(source), name: name, threadCount: threadCount)
    }

    private func readTable(_ source: SampleSource) throws(EmbeddingFileError) -> SampleTable {
        do {
            return try readSampleTable(source)
        } catch {
            guard case .missingRole(_, "reference", _, _) = error, source.reference == nil, let fallbackReference else {
                throw error
            }
            var completed = source
            completed.reference = fallbackReference
            return try readSampleTable(completed)
        }
    }

    private func load(_ table: SampleTable, name: String?, threadCount: Int) throws -> LoadedSet {
        try checkAgreement(id: id, table)
        try checkFusion(table, settings: settings)
        func rows(_ column: Column, _ featurizer: TextFeaturizer) throws -> Matrix {
            switch column.values {
            case .texts(let texts): return featurizer.embeddings(of: texts, threadCount: threadCount)
            case .vectors(let matrix):
                guard settings.normalize else { return matrix }
                try checkNorms(matrix, column)
                return matrix.rowsNormalized
            }
        }
        var modalities: [Modality] = []
        for column in table.modalities {
            modalities.append(
                Modality(name: column.name, rows: try rows(column, featurizers.ofModality(column.name))))
        }
        let set = SampleSet(
            name: name ?? table.name, modalities: modalities,
            response: try rows(table.response, featurizers.ofAnswers),
            reference: try rows(table.reference, featurizers.ofAnswers), identifiers: table.identifiers,
            groups: table.groups)
        try checkReferencesDiffer(set, table.reference)
        let contents = set.contentFingerprints
        return LoadedSet(
            set: set, files: table.files, scores: table.scores,
            largestModelEntropy: try largestModelEntropy(table, modalities: modalities, settings: settings)
                ?? largestDrawnEntropy(set, file: table.response.file, settings: settings),
            norms: (table.modalities + [table.response, table.reference]).compactMap(\.rowNorms), contents: contents,
            warnings: table.notes.map(warning) + inputWarnings(set, contents: contents)
                + [estimatorWarning(set, settings), groupedRowsWarning(set.groups, settings)].compactMap { $0 })
    }
}

/// The sets of one run, the ID set first.
///
/// - Throws: `RunError`, or `EmbeddingFileError` from the files.
package func loadSampleSets(
    _ sources: [SampleSource], settings: StudySettings, threadCount: Int
) throws -> [LoadedSet] {
    guard let id = sources.first else { return [] }
    let loader = try SetLoader(id: id, settings: settings)
    return [try loader.loadID(threadCount: threadCount)]
        + (try sources.dropFirst().map { try loader.load($0, threadCount: threadCount) })
}

/// One featurizer a column, so that ID and OOD share their weights; responses and references share one.
private struct Featurizers: Sendable {
    let ofAnswers: TextFeaturizer
    private let modalities: [String: TextFeaturizer]

    init(id: SampleTable, weighted: Bool) {
        func texts(_ column: Column) -> [String] {
            if case .texts(let texts) = column.values { texts } else { [] }
        }
        func featurizer(_ columns: [Column]) -> TextFeaturizer {
            let all = columns.flatMap(texts)
            return TextFeaturizer(inverseDocumentFrequencyOf: weighted && !all.isEmpty ? all : nil)
        }
        ofAnswers = featurizer([id.response, id.reference])
        modalities = Dictionary(
            id.modalities.map { ($0.name, featurizer([$0])) }, uniquingKeysWith: { first, _ in first })
    }

    func ofModality(_ name: String) -> TextFeaturizer { modalities[name] ?? ofAnswers }
}

extension Column {
    /// Nil for texts.
    fileprivate var rowNorms: RowNorms? {
        guard case .vectors(let rows) = values else { return nil }
        return RowNorms(name: name, rows.rowNorms)
    }
}
