import LinearAlgebra

/// What one file contributes to a sample set: validated columns of equal length.
struct SamplePart {
    var file: String
    var files: [String]
    /// The compared columns, by the name they are used by.
    var content: [(name: String, column: RawColumn)]
    var identifiers: [String]?
    var groups: [String]?
    var scores: [Double]?
    var logProbabilities: [Double]?
    /// Arrays that were passed over, one sentence each.
    var notes: [InputNote] = []
    /// Everything that there is in the file.
    var names: [String]

    var rowCount: Int { content.first?.column.rowCount ?? identifiers?.count ?? 0 }

    /// Validates what `plan` takes out of `table`.
    ///
    /// Throws `noRows`, `noColumns`, `notFinite`, `wrongKind` and `rowCountMismatch`.
    init(_ table: RawTable, _ plan: ColumnPlan) throws(EmbeddingFileError) {
        file = table.file
        files = table.files
        names = table.outlines.map(\.name)
        content = []
        let columns = Dictionary(table.columns.map { ($0.name, $0) }) { first, _ in first }
        for (name, key) in plan.content {
            guard let column = columns[key] else { continue }
            try column.validate()
            if column.kind == .numbers, column.lines != nil {
                throw .wrongKind(column.place(row: 0), expected: "a vector or a text", found: "a number")
            }
            content.append((name, column))
        }
        if let column = plan.identifier.flatMap({ columns[$0] }) { identifiers = try column.identifiers() }
        if let column = plan.group.flatMap({ columns[$0] }) { groups = try column.groupLabels() }
        if let column = plan.score.flatMap({ columns[$0] }) { scores = try column.scalars() }
        if let column = plan.logProbability.flatMap({ columns[$0] }) { logProbabilities = try column.scalars() }

        let used = content.map(\.column) + plan.describing.compactMap { columns[$0] }
        if let first = used.first {
            for column in used where column.rowCount != first.rowCount {
                throw .rowCountMismatch(
                    column.place(), expectedCount: first.rowCount, other: first.place(), foundCount: column.rowCount)
            }
        }
        notes = Self.notes(table, plan)
    }

    /// The same part with its rows at `indices`, in that order.
    func rows(_ indices: [Int]) -> SamplePart {
        var part = self
        for index in part.content.indices {
            part.content[index].column.values = part.content[index].column.values.rows(indices)
        }
        part.identifiers = identifiers.map { all in indices.map { all[$0] } }
        part.groups = groups.map { all in indices.map { all[$0] } }
        part.scores = scores.map { all in indices.map { all[$0] } }
        part.logProbabilities = logProbabilities.map { all in indices.map { all[$0] } }
        return part
    }

    /// Arrays are meant to be used, keys of a text file often are not: only the former are mentioned.
    private static func notes(_ table: RawTable, _ plan: ColumnPlan) -> [InputNote] {
        switch table.format {
        case .npz, .safetensors, .folder: break
        case .npy, .jsonLines, .commaSeparated, .tabSeparated: return []
        }
        guard plan.content.count > 1 else { return [] }
        return table.outlines.filter { $0.role == nil && !plan.keys.contains($0.name) && $0.kind != .vectors }.map {
            "\(table.file): array '\($0.name)' was left out, since it is neither a known role nor a vector for each row"
        }
    }
}

extension ColumnPlan {
    /// The keys of the columns that describe rows.
    var describing: [String] { [identifier, group, score, logProbability].compactMap { $0 } }
}

extension RawColumn {
    /// One identifier for each row: texts as they are, numbers without a fraction of zero.
    ///
    /// Throws `wrongKind` for vectors, and for integers so large that doubles cannot tell them apart.
    func identifiers() throws(EmbeddingFileError) -> [String] {
        try validate()
        switch values {
        case .texts(let texts): return texts
        case .vectors(let matrix):
            guard matrix.columnCount == 1 else {
                throw .wrongKind(place(), expected: "one text or number for each row", found: "\(matrix.columnCount) columns")
            }
            if let row = matrix.elements.firstIndex(where: { $0.magnitude > 0x1p53 }) {
                throw .wrongKind(
                    place(row: row), expected: "identifiers of at most 2^53, or texts",
                    found: "\(matrix.elements[row])")
            }
            return matrix.elements.map(\.identifier)
        }
    }

    /// One label for each row: as `identifiers`, and rows of a vector by their content, so that rows on one image are a group.
    func groupLabels() throws(EmbeddingFileError) -> [String] {
        guard case .vectors(let matrix) = values, matrix.columnCount > 1 else { return try identifiers() }
        try validate()
        return matrix.rowFingerprints.map { "\(name) \($0)" }
    }

    /// One finite number for each row.
    func scalars() throws(EmbeddingFileError) -> [Double] {
        try validate()
        switch values {
        case .texts: throw .wrongKind(place(row: 0), expected: "one number for each row", found: "a text")
        case .vectors(let matrix):
            guard matrix.columnCount == 1 else {
                throw .wrongKind(place(), expected: "one number for each row", found: "\(matrix.columnCount) columns")
            }
            return matrix.elements
        }
    }
}
