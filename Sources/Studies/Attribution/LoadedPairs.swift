import Attribution
import EmbeddingFiles
import LinearAlgebra
import TextFeatures

/// Pairs with the names, texts and groups from their files.
package struct LoadedPairs: Sendable {
    /// The name of the file.
    package let name: String
    /// The pairs as unit rows.
    package let pairs: EmbeddedPairs
    /// One side of the pairs.
    package struct Side: Sendable, Equatable {
        /// The side's role, or its key in the file.
        package let name: String
        /// The width of its vectors.
        package let dimension: Int
        /// The texts of the rows; nil if the file has vectors.
        package let texts: [String]?
    }
    /// The left side.
    package let left: Side
    /// The right side.
    package let right: Side
    /// The names of the rows: the identifiers if the files have any, else "row 0", ….
    package let names: [String]
    /// The clusters of rows; nil if the files have none.
    package let groups: [String]?
    /// Every file that was read.
    package let files: [String]
    /// What the reader of the files noticed.
    package let warnings: [RunWarning]

    /// Reads pairs and turns texts into vectors of hashed n-grams.
    ///
    /// - Throws: `EmbeddingFileError` from the files, `RunError` for rows without a direction.
    package init(_ source: PairSource, threadCount: Int) throws {
        try self.init(try readPairTable(source), threadCount: threadCount)
    }

    init(_ table: PairTable, threadCount: Int) throws {
        let featurizer = TextFeaturizer()
        func rows(_ column: Column) -> Matrix {
            switch column.values {
            case .vectors(let matrix): matrix
            case .texts(let texts): featurizer.embeddings(of: texts, threadCount: threadCount)
            }
        }
        func side(_ column: Column, _ rows: Matrix) -> Side {
            var texts: [String]?
            if case .texts(let all) = column.values { texts = all }
            return Side(name: column.name, dimension: rows.columnCount, texts: texts)
        }
        let (left, right) = (rows(table.left), rows(table.right))
        names = table.identifiers ?? (0..<table.rowCount).map { "row \($0)" }
        name = table.name
        self.left = side(table.left, left)
        self.right = side(table.right, right)
        groups = table.groups
        files = table.files
        warnings = table.notes.map(warning)
        do {
            // Rows without identifiers are named by their content, so that their order has no effect.
            pairs = try EmbeddedPairs(left: left, right: right, identifiers: table.identifiers, groups: table.groups)
        } catch {
            throw RunError(error, table)
        }
    }
}

extension RunError {
    /// The error for rows without a direction, phrased with the names in the file.
    fileprivate init(_ error: AttributionError, _ table: PairTable) {
        guard case .unusableRows(let side, let rows) = error else {
            self.init(error, set: table.name)
            return
        }
        let column = side == "left" ? table.left : table.right
        let names = rows.prefix(5).map { row in table.identifiers.map { "id '\($0[row])'" } ?? "row \(row)" }
        self.init(
            code: "zero_norm",
            message: "\(column.file): array '\(column.key)': expected rows with a direction, found \(rows.count) without: "
                + names.joined(separator: ", ") + (rows.count > 5 ? ", …" : ""),
            hint: "remove these rows (empty texts have no vector), or embed them again")
    }
}
