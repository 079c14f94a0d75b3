/// Aligned rows of one sample set, after aliases are resolved and references joined.
///
/// Not yet featurized or normalised. Every column has `rowCount` rows, at least one; vectors are finite.
package struct SampleTable: Sendable, Equatable {
    /// From the file name: `clean` for `digits/clean.npz`.
    package var name: String
    /// The modalities, at least one: visual, text, then the others by name.
    package var modalities: [Column]
    /// The model's response.
    package var response: Column
    /// The reference response; vectors of the same width as `response`, or texts when the response is texts.
    package var reference: Column
    /// The identifier of each row, where the files have any.
    package var identifiers: [String]?
    /// The cluster of each row (several questions on one image), where the files have any.
    package var groups: [String]?
    /// A score for each row, where the files have any.
    package var scores: [Double]?
    /// The log probability of the model's own response, where the files have it.
    package var logProbabilities: [Double]?
    /// The number of rows.
    package var rowCount: Int
    /// Every file that was read, in the order of reading.
    package var files: [String]
    /// What a user should know but need not act upon, one sentence each: references left over, arrays left out, empty texts.
    package var notes: [InputNote]
    /// Whether rows are several samples of a model for one item, so that equal rows are no copies.
    package var hasSamples = false
    /// Why a column that describes rows was left out, by its role (`log_prob`, `score`): to be thrown by whoever needs it.
    package var unusable: [String: EmbeddingFileError]

    /// A table of aligned columns.
    package init(
        name: String, modalities: [Column], response: Column, reference: Column, identifiers: [String]? = nil,
        groups: [String]? = nil, scores: [Double]? = nil, logProbabilities: [Double]? = nil, files: [String] = [],
        notes: [InputNote] = [], unusable: [String: EmbeddingFileError] = [:]
    ) {
        self.name = name
        self.modalities = modalities
        self.response = response
        self.reference = reference
        self.identifiers = identifiers
        self.groups = groups
        self.scores = scores
        self.logProbabilities = logProbabilities
        self.rowCount = response.values.rowCount
        self.files = files
        self.notes = notes
        self.unusable = unusable
    }
}

extension SampleTable {
    /// The table of the rows with these indices, in that order.
    package func selectingRows(_ indices: [Int]) -> SampleTable {
        var table = self
        table.modalities = modalities.map { $0.selectingRows(indices) }
        table.response = response.selectingRows(indices)
        table.reference = reference.selectingRows(indices)
        table.identifiers = identifiers.map { all in indices.map { all[$0] } }
        table.groups = groups.map { all in indices.map { all[$0] } }
        table.scores = scores.map { all in indices.map { all[$0] } }
        table.logProbabilities = logProbabilities.map { all in indices.map { all[$0] } }
        table.rowCount = indices.count
        return table
    }
}

extension Column {
    fileprivate func selectingRows(_ indices: [Int]) -> Column {
        var kept: [Int: [String]] = [:]
        if !several.isEmpty { for (row, index) in indices.enumerated() { kept[row] = several[index] } }
        return Column(name: name, values: values.rows(indices), file: file, key: key, several: kept)
    }
}

/// What a user named for one sample set: a bundle, single files, or a bundle in which single files replace columns.
///
/// Every file but the bundle may be `FILE:array`, which takes that one array out of a file with several.
package struct SampleSource: Sendable {
    /// A file or folder that holds several arrays (`--id`).
    package var bundle: String?
    /// Modalities from files of their own (`--id-visual`, `--id-text`, `--id-modality NAME=FILE`).
    package var modalities: [(name: String, file: String)]
    /// The file of the model's responses (`--id-response`).
    package var response: String?
    /// The file of the references (`--id-reference`).
    package var reference: String?
    /// The array or key that clusters rows (`--group`); by default the one that has a known name.
    package var groupKey: String?
    /// The modalities to keep, by their name here or in the file; all of them when nil.
    package var selectedModalities: [String]?
    /// The column that names the rows (`--id-key`, `key:`); by default the one that has a known name or joins the files.
    package var identifierKey: String?
    /// The rows to keep; all of them when nil.
    package var rows: RowSelection?

    /// A source; what is not given is looked for in `bundle`.
    package init(
        bundle: String? = nil, modalities: [(name: String, file: String)] = [], response: String? = nil,
        reference: String? = nil, groupKey: String? = nil, selectedModalities: [String]? = nil,
        identifierKey: String? = nil, rows: RowSelection? = nil
    ) {
        self.bundle = bundle
        self.modalities = modalities
        self.response = response
        self.reference = reference
        self.groupKey = groupKey
        self.selectedModalities = selectedModalities
        self.identifierKey = identifierKey
        self.rows = rows
    }
}

extension SampleSource {
    /// Every file that the source names: the bundle, then those of responses, references and modalities.
    package var files: [String] { [bundle, response, reference].compactMap { $0 } + modalities.map(\.file) }
}

extension SampleSource: Equatable {
    /// Whether two sources name the same files for the same purposes (tuples have no synthesized equality).
    package static func == (a: SampleSource, b: SampleSource) -> Bool {
        a.bundle == b.bundle && a.response == b.response && a.reference == b.reference && a.groupKey == b.groupKey
            && a.selectedModalities == b.selectedModalities && a.identifierKey == b.identifierKey && a.rows == b.rows
            && a.modalities.elementsEqual(b.modalities) { $0.name == $1.name && $0.file == $1.file }
    }
}
