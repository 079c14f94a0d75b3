import EmbeddingFiles
import Information
import LinearAlgebra

/// A set whose files have been read once, block by block: what they say about rows, and an outline of every array.
struct LargeReading {
    /// The columns, without their rows.
    let table: SampleTable

    private let settings: StudySettings
    private let columns: (modalities: [LargeColumn], response: LargeColumn, reference: LargeColumn)
    private let outlines: (modalities: [ArrayOutline], response: ArrayOutline, reference: ArrayOutline)

    /// Reads all arrays of a set once, checking every row.
    ///
    /// - Parameter id: the table of the ID set, whose order modalities take; nil for the ID set itself.
    /// - Throws: `EmbeddingFileError` and `RunError`, as `SetLoader` does.
    init(_ source: SampleSource, like id: SampleTable?, _ settings: StudySettings) throws {
        self.settings = settings
        var found: [[String]: ArrayOutline] = [:]
        let large = try readLargeTable(source) { file, key, block in
            var outline = found.removeValue(forKey: [file, key]) ?? ArrayOutline(width: block.rows.columnCount)
            let column = Column(name: key, values: .vectors(.zeros(0, 0)), file: file, key: key)
            if settings.normalize {
                try checkNorms(block.rows, column, firstRow: block.firstRow)
            } else {
                try checkMagnitudes(
                    block.rows, column, firstRow: block.firstRow, hint: "leave out --no-normalize, or divide the array by a constant")
            }
            outline.add(norms: block.rows.rowNorms, settings.normalize ? block.rows.rowsNormalized : block.rows)
            found[[file, key]] = outline
        }
        guard let large else {
            throw RunError(
                code: "not_in_blocks",
                message:
                    "\(source.files.first ?? "set"): expected arrays of vectors stored row by row, in one order, to be read in blocks, "
                    + "found others", hint: "save the arrays in C order, with rows in the same order in all files")
        }
        table = id.map(large.table.inOrder) ?? large.table
        func outline(_ column: Column) throws -> ArrayOutline {
            guard let outline = found[[column.file, column.key]], outline.fingerprints.count == large.table.rowCount else {
                throw RunError(
                    code: "file_changed", message: "\(column.file): expected \(large.table.rowCount) rows of '\(column.key)', found others")
            }
            return outline
        }
        columns = (table.modalities.map(large.large), large.large(table.response), large.large(table.reference))
        outlines = (try table.modalities.map(outline), try outline(table.response), try outline(table.reference))
    }

    /// The number of rows of a set for what takes more than a pass over all of them. Relabelled spectra take the time of its cube; without
    /// relabellings, more rows leave less to chance.
    private var sampleLimit: Int { settings.permutations > 0 ? 500 : 5_000 }

    /// The set under its names, with what has to be kept of its rows.
    ///
    /// - Parameter pairing: finds names of items that mean the same in every set.
    func loaded(
        as source: StudySet, like id: SampleTable, _ run: (settings: StudySettings, estimator: any Estimator),
        pairing: (SampleSet, ItemContent) -> ItemPairing
    ) throws -> LoadedSet {
        try checkAgreement(id: id, table)
        try checkFusion(table, settings: settings)
        var table = table
        var set = SampleSet(
            name: source.name,
            modalities: zip(table.modalities, outlines.modalities).map {
                Modality(name: $0.name, rows: $1.rows, fingerprints: $1.fingerprints)
            }, response: (outlines.response.rows, outlines.response.fingerprints),
            reference: (outlines.reference.rows, outlines.reference.fingerprints), identifiers: table.identifiers, groups: table.groups)
        try checkReferencesDiffer(set, table.reference)
        var content = ItemContent(set)
        var places: [Int]?
        let copies = table.hasSamples ? [] : Set(content.copies(in: set))
        if !copies.isEmpty {
            let rows = (0..<set.rowCount).filter { !copies.contains($0) }
            table.notes.append(copiesNote(copies.count, of: set.rowCount))
            table.scores = table.scores.map { all in rows.map { all[$0] } }
            set = set.selectingRows(rows)
            content = ItemContent(set)
            places = rows
        }
        let contents = set.contentFingerprints
        let items = pairing(set, content)
        let estimatorWarnings = [
            estimatorWarning(set, run.estimator), groupedRowsWarning(set.groups, type(of: run.estimator).about),
        ].compactMap { $0 }
        let names = table.modalities + [table.response, table.reference]
        let norms = zip(names, outlines.modalities + [outlines.response, outlines.reference]).map { RowNorms(name: $0.name, $1.norms) }
        var loaded = LoadedSet(
            rows: set, items: items, scores: table.scores, reviewScore: nil, largestModelEntropy: nil, norms: norms, contents: contents,
            warnings: table.notes.map(warning)
                + inputWarnings(set, contents: contents, copyCount: table.identifiers == nil ? items.copyCount : 0) + estimatorWarnings,
            placesInFiles: places.map { ($0, table.rowCount) })
        loaded.large = try rows(items.set, places)
        return loaded
    }

    /// Reads what is kept: the cosines of all rows, and the rows of the sample.
    private func rows(_ set: SampleSet, _ places: [Int]?) throws -> LargeRows {
        let hashes = set.partHashes
        let chosen = Array(
            (0..<set.rowCount).sorted { (hashes[$0], $0) < (hashes[$1], $1) }.prefix(sampleLimit).sorted())
        let reader = LargeReader(normalizes: settings.normalize, places: places, rowCount: set.rowCount)
        let modalities = try zip(table.modalities, columns.modalities).map {
            Modality(name: $0.name, rows: try reader.rows(chosen, of: $1))
        }
        // Nobody asks for the answers of the sample where the divergence between them is that of all rows.
        let hasAnswers = places != nil || !settings.takesSums(of: columns.response, columns.reference)
        func answers(_ column: LargeColumn, _ fingerprints: [UInt64]) throws -> (rows: Matrix, fingerprints: [UInt64]) {
            (hasAnswers ? try reader.rows(chosen, of: column) : .zeros(chosen.count, 1), chosen.map { fingerprints[$0] })
        }
        let cosines = LargeReader(normalizes: true, places: places, rowCount: set.rowCount)
        return LargeRows(
            modalities: columns.modalities, response: columns.response, reference: columns.reference, normalizes: settings.normalize,
            places: places,
            similarities: try cosines.rowProducts(columns.response, columns.reference),
            sample: SampleSet(
                name: set.name, modalities: modalities, response: try answers(columns.response, set.responseFingerprints),
                reference: try answers(columns.reference, set.referenceFingerprints),
                identifiers: set.identifiers.map { all in chosen.map { all[$0] } }, groups: set.groups.map { all in chosen.map { all[$0] } }
            ),
            samplePlaces: chosen)
    }
}

extension LoadedSet {
    /// The rows by which sets are compared: all, or the sample of a set that is read block by block.
    var compared: SampleSet { large?.sample ?? set }

    /// The groups of those rows.
    func comparedGroups(_ estimate: EMIEstimate) -> [String] {
        large.map { large in large.samplePlaces.map { estimate.groups[$0] } } ?? estimate.groups
    }

    /// The set as the channel reads it; nil for a set in memory.
    var streamed: StreamedSet? { large.map { $0.streamed(set) } }
}

extension LoadedSet {
    /// A large set whose matrices have no columns any more: once items have been recognised and rows checked, nobody looks at what stands in
    /// for rows. Sets in memory stay as they are.
    var withoutOutline: LoadedSet {
        guard large != nil else { return self }
        func bare(_ set: SampleSet) -> SampleSet {
            let none = Matrix.zeros(set.rowCount, 0)
            return SampleSet(
                name: set.name, modalities: set.modalities.map { Modality(name: $0.name, rows: none, fingerprints: $0.fingerprints) },
                response: (none, set.responseFingerprints), reference: (none, set.referenceFingerprints), identifiers: set.identifiers,
                groups: set.groups)
        }
        var result = self
        (result.rows, result.items.set) = (bare(rows), bare(items.set))
        return result
    }
}
