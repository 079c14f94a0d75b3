import LinearAlgebra

/// N pairs of embeddings; row n of both sides belongs to pair n. Rows have unit length.
package struct EmbeddedPairs: Sendable {
    /// N x p unit rows, for instance images or prompts.
    package let left: Matrix
    /// N x q unit rows, for instance captions or answers.
    package let right: Matrix
    /// N names. They fix the order of every random step and of every sum, so the order of rows has no effect.
    package let identifiers: [String]
    /// N cluster labels. Rows of one group are never decoys of each other and share a fold.
    package let groups: [String]

    /// The number of pairs N.
    package var rowCount: Int { left.rowCount }
    /// Whether cosines between the sides exist, that is, whether both have the same number of columns.
    package var hasCosines: Bool { left.columnCount == right.columnCount }

    /// Makes pairs of rows and divides each row by its norm.
    ///
    /// - Parameters:
    ///   - identifiers: the names of the rows; nil names each row by its content.
    ///   - groups: cluster labels; nil makes every row a group of its own, unless rows share a name.
    /// - Throws: `AttributionError.unusableRows` for rows that are zero or not finite.
    /// - Precondition: both sides have as many rows as there are names and labels.
    package init(left: Matrix, right: Matrix, identifiers: [String]? = nil, groups: [String]? = nil) throws(AttributionError) {
        let count = left.rowCount
        precondition(
            right.rowCount == count && (identifiers?.count ?? count) == count && (groups?.count ?? count) == count,
            "sides of pairs differ in their row counts")
        for (side, rows) in [("left", left), ("right", right)] {
            let unusable = rows.rowNorms.enumerated().filter { !($0.element > 0 && $0.element < .infinity) }.map(\.offset)
            guard unusable.isEmpty else { throw .unusableRows(side: side, rows: unusable) }
        }
        self.left = left.rowsNormalized
        self.right = right.rowsNormalized
        let names = identifiers ?? Self.contentNames(left, right)
        self.identifiers = names
        self.groups = groups ?? names
    }

    private static func contentNames(_ left: Matrix, _ right: Matrix) -> [String] {
        zip(left.rowFingerprints, right.rowFingerprints).map { "\($0).\($1)" }
    }

    /// The pairs at `rows`, in the order of `rows`.
    package func selectingRows(_ rows: [Int]) -> EmbeddedPairs {
        EmbeddedPairs(
            unitLeft: left.selectingRows(rows), unitRight: right.selectingRows(rows),
            identifiers: rows.map { identifiers[$0] }, groups: rows.map { groups[$0] })
    }

    private init(unitLeft: Matrix, unitRight: Matrix, identifiers: [String], groups: [String]) {
        left = unitLeft
        right = unitRight
        self.identifiers = identifiers
        self.groups = groups
    }

    /// The rows in the order of their names. What is computed in this order does not depend on the order of the input.
    package var canonicalOrder: [Int] {
        let content = Self.contentNames(left, right)
        return identifiers.indices.sorted {
            (identifiers[$0], content[$0], $0) < (identifiers[$1], content[$1], $1)
        }
    }
}
