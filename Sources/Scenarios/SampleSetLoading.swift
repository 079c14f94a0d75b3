import EmbeddingFiles
import Information
import LinearAlgebra
import TextFeatures

/// A sample set with what its files say beside the rows.
public struct LoadedSet: Sendable {
    /// Validated, normalised where asked for.
    public let set: SampleSet
    /// Every file that was read.
    public let files: [String]
    /// What the reader noticed, and what the checks found.
    public let warnings: [RunWarning]
}

/// Reads the sets of a run: texts become vectors, rows are checked and normalised.
///
/// - Parameters:
///   - sources: what the user named, the ID set first.
///   - threadCount: for the featurizer.
/// - Returns: the sets in the order of the sources.
/// - Throws: `RunError`, or `EmbeddingFileError` from the files.
public func loadSampleSets(
    _ sources: [SampleSource], settings: RunSettings, threadCount: Int
) throws -> [LoadedSet] {
    let tables = try sources.map { try readTable($0, fallbackReference: sources[0].reference) }
    guard let id = tables.first else { return [] }
    let featurizers = Featurizers(id: id, weighted: settings.inverseDocumentFrequency)
    var loaded: [LoadedSet] = []
    for table in tables {
        try checkAgreement(id: id, table)
        try checkFusion(table, settings: settings)
        loaded.append(try load(table, featurizers: featurizers, settings: settings, threadCount: threadCount))
    }
    return loaded
}

/// A set whose files hold no references takes those that the ID set was given, joined by id.
private func readTable(
    _ source: SampleSource, fallbackReference: String?
) throws(EmbeddingFileError) -> SampleTable {
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

private func load(
    _ table: SampleTable, featurizers: Featurizers, settings: RunSettings, threadCount: Int
) throws -> LoadedSet {
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
        name: table.name, modalities: modalities, response: try rows(table.response, featurizers.ofAnswers),
        reference: try rows(table.reference, featurizers.ofAnswers), identifiers: table.identifiers,
        groups: table.groups)
    try checkReferencesDiffer(set, table.reference)
    return LoadedSet(
        set: set, files: table.files,
        warnings: table.notes.map { RunWarning(code: "input_note", message: $0) } + inputWarnings(set))
}

/// One featurizer a column, so that ID and OOD share their weights; responses and references share one.
private struct Featurizers {
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

/// Gives two sets the same items where neither has identifiers and their references agree row by row, as exports of one
/// question list under two conditions do.
///
/// - Returns: the sets, and a note where items were paired.
func pairingByReference(_ id: SampleSet, _ ood: SampleSet) -> (id: SampleSet, ood: SampleSet, note: RunWarning?) {
    guard id.identifiers == nil, ood.identifiers == nil, id.rowCount == ood.rowCount,
        id.reference == ood.reference, id.groups == ood.groups
    else { return (id, ood, nil) }
    let names = (0..<id.rowCount).map { "row \($0)" }
    func named(_ set: SampleSet) -> SampleSet {
        SampleSet(
            name: set.name, modalities: set.modalities, response: set.response, reference: set.reference,
            identifiers: names, groups: set.groups)
    }
    return (
        named(id), named(ood),
        RunWarning(
            code: "paired_by_reference",
            message: "neither set has ids and their references agree row by row: rows are taken as the same items")
    )
}
