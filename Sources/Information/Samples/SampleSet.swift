import LinearAlgebra

/// One part of the query, embedded: images, questions, audio.
package struct Modality: Sendable, Equatable {
    /// `visual`, `text`, or any other name.
    package let name: String
    /// n x d embeddings, one row an item.
    package let rows: Matrix
    /// A hash of the bits of each row (`Matrix.rowFingerprints`), n numbers.
    package let fingerprints: [UInt64]

    /// A modality of n rows.
    package init(name: String, rows: Matrix) { self.init(name: name, rows: rows, fingerprints: rows.rowFingerprints) }

    /// A modality of known fingerprints, which need not be those of `rows` (`StreamedSet.outline`).
    ///
    /// - Precondition: a fingerprint a row.
    package init(name: String, rows: Matrix, fingerprints: [UInt64]) {
        precondition(fingerprints.count == rows.rowCount, "a fingerprint a row")
        self.name = name
        self.rows = rows
        self.fingerprints = fingerprints
    }
}

/// Aligned embeddings of queries, model responses and reference responses, drawn from one distribution.
///
/// Row i of every matrix belongs to the same item. Rows are used as they are: normalise them first
/// (`normalized`), as the paper does.
package struct SampleSet: Sendable, Equatable {
    /// The user's name for the set.
    package let name: String
    /// The parts of the query, each n x d_k, at least one.
    package let modalities: [Modality]
    /// n x d_y embeddings of the model's responses Y_theta.
    package let response: Matrix
    /// n x d_y embeddings of the reference responses Y.
    package let reference: Matrix
    /// n names of the items. The same name in two sets is the same item.
    package let identifiers: [String]?
    /// n group labels: rows of one group (questions on one image) depend on each other and move together. The same label in
    /// two sets is the same group.
    package let groups: [String]?
    /// A hash of the bits of each row of `response`, n numbers. Rows are compared by it in many places, so it is computed once.
    package let responseFingerprints: [UInt64]
    /// The same for `reference`.
    package let referenceFingerprints: [UInt64]

    /// The number of rows n.
    package var rowCount: Int { reference.rowCount }

    /// Makes a set from aligned arrays.
    ///
    /// - Precondition: at least one modality, at least one row, equal row counts, equal widths of response and reference.
    package init(
        name: String, modalities: [Modality], response: Matrix, reference: Matrix,
        identifiers: [String]? = nil, groups: [String]? = nil
    ) {
        let count = reference.rowCount
        precondition(!modalities.isEmpty && count > 0, "a sample set needs a modality and a row")
        precondition(
            modalities.allSatisfy { $0.rows.rowCount == count } && response.rowCount == count
                && (identifiers?.count ?? count) == count && (groups?.count ?? count) == count,
            "arrays of a sample set differ in their row counts")
        precondition(response.columnCount == reference.columnCount, "response and reference differ in width")
        self.name = name
        self.modalities = modalities
        self.response = response
        self.reference = reference
        self.identifiers = identifiers
        self.groups = groups
        responseFingerprints = response.rowFingerprints
        referenceFingerprints = reference.rowFingerprints
    }

    /// A set of known fingerprints, which need not be those of the rows (`StreamedSet.outline`).
    ///
    /// - Precondition: as for the other initialiser, and a fingerprint a row.
    package init(
        name: String, modalities: [Modality], response: (rows: Matrix, fingerprints: [UInt64]),
        reference: (rows: Matrix, fingerprints: [UInt64]), identifiers: [String]?, groups: [String]?
    ) {
        let count = reference.rows.rowCount
        precondition(
            !modalities.isEmpty && count > 0 && response.rows.rowCount == count && modalities.allSatisfy { $0.rows.rowCount == count }
                && response.fingerprints.count == count && reference.fingerprints.count == count
                && (identifiers?.count ?? count) == count && (groups?.count ?? count) == count,
            "arrays of a sample set differ in their row counts")
        self.name = name
        self.modalities = modalities
        (self.response, responseFingerprints) = response
        (self.reference, referenceFingerprints) = reference
        self.identifiers = identifiers
        self.groups = groups
    }

    private init(
        _ set: SampleSet, modalities: [Modality], response: (rows: Matrix, fingerprints: [UInt64]),
        reference: (rows: Matrix, fingerprints: [UInt64]), identifiers: [String]?, groups: [String]?
    ) {
        name = set.name
        self.modalities = modalities
        (self.response, responseFingerprints) = response
        (self.reference, referenceFingerprints) = reference
        self.identifiers = identifiers
        self.groups = groups
    }

    /// The set with other names of its items.
    ///
    /// - Precondition: one name a row.
    package func namingItems(_ names: [String]) -> SampleSet {
        precondition(names.count == rowCount, "\(names.count) names for \(rowCount) rows")
        return SampleSet(
            self, modalities: modalities, response: (response, responseFingerprints), reference: (reference, referenceFingerprints),
            identifiers: names, groups: groups)
    }

    /// The set with every row divided by its Euclidean norm.
    package var normalized: SampleSet {
        SampleSet(
            name: name, modalities: modalities.map { Modality(name: $0.name, rows: $0.rows.rowsNormalized) },
            response: response.rowsNormalized, reference: reference.rowsNormalized,
            identifiers: identifiers, groups: groups)
    }

    /// The set of the rows with these indices.
    package func selectingRows(_ indices: [Int]) -> SampleSet {
        func selected<Element>(_ all: [Element]) -> [Element] { indices.map { all[$0] } }
        return SampleSet(
            self,
            modalities: modalities.map {
                Modality(name: $0.name, rows: $0.rows.selectingRows(indices), fingerprints: selected($0.fingerprints))
            },
            response: (response.selectingRows(indices), selected(responseFingerprints)),
            reference: (reference.selectingRows(indices), selected(referenceFingerprints)),
            identifiers: identifiers.map(selected), groups: groups.map(selected))
    }

    /// The cosine of response and reference of each row: the plain baseline that any mutual information has to beat.
    package var responseSimilarities: [Double] { response.rowsNormalized.rowProducts(reference.rowsNormalized) }
}
