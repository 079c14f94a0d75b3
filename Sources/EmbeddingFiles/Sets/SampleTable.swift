/// A sample set with aligned rows, after roles were resolved and files joined.
///
/// The columns are not yet featurized or normalised. Each has `rowCount` rows, at least one, and all vectors are finite.
package struct SampleTable: Sendable, Equatable {
    /// The set's name, from the file name: `clean` for `digits/clean.npz`.
    package var name: String
    /// The modalities, at least one: visual, text, then the others by name. Those from flags follow the order of the flags.
    package var modalities: [Column]
    /// The model's response.
    package var response: Column
    /// The reference response: vectors of the same width as `response`, or texts if the response is texts.
    package var reference: Column
    /// The identifier of each row; nil if the files have none.
    package var identifiers: [String]?
    /// The cluster of each row (several questions on one image, say); nil if the files have none.
    package var groups: [String]?
    /// A score for each row; nil if the files have none.
    package var scores: [Double]?
    /// The log-probability of the model's own response; nil if the files lack it.
    package var logProbabilities: [Double]?
    /// The number of rows.
    package var rowCount: Int
    /// Every file that was read, in the order of reading.
    package var files: [String]
    /// What the user should know but need not act upon, one sentence each: surplus references, unused arrays, empty texts.
    package var notes: [InputNote]
    /// Whether rows are several samples of a model for one item, so that equal rows are not duplicates.
    package var hasSamples = false
    /// Whether the columns have all rows of their arrays, in the order of the files, if they were handed on in blocks.
    var arePassedRowsInPlace = true
    /// The reason why a column that describes rows was left out, by its role (`log_prob`, `score`); whoever needs the column throws it.
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
    /// The table with the rows at `indices`, in the order of `indices`.
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

/// The files that a user named for one sample set: a bundle, single files, or a bundle with single files in place of some columns.
///
/// Every file except the bundle may be `FILE:array`, which takes one array of a file that has several.
package struct SampleSource: Sendable {
    /// A file or folder with several arrays (`--id`).
    package var bundle: String?
    /// Modalities from files of their own (`--id-visual`, `--id-text`, `--id-modality NAME=FILE`).
    package var modalities: [(name: String, file: String)]
    /// The file of the model's responses (`--id-response`).
    package var response: String?
    /// The file of the references (`--id-reference`).
    package var reference: String?
    /// The array or key that clusters rows (`--group`); nil takes one with a known name.
    package var groupKey: String?
    /// The modalities to keep, by their name here or in the file; nil keeps all.
    package var selectedModalities: [String]?
    /// The column that names the rows (`--id-key`, `key:`); nil takes one that has a known name or joins the files.
    package var identifierKey: String?
    /// The rows to keep; nil keeps all.
    package var rows: RowSelection?

    /// A source; whatever is not given is looked up in `bundle`.
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
