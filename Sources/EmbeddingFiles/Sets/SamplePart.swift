import LinearAlgebra

/// What one file contributes to a sample set: validated columns of the same length.
struct SamplePart {
    var file: String
    var files: [String]
    /// The columns to compare, by the name under which they are used.
    var content: [(name: String, column: RawColumn)]
    /// The columns that may name the rows, the likeliest first; each has one entry per row.
    var names: [RowNames]
    /// Whether the user said which column names the rows.
    var namesAreAsked: Bool
    var groups: RowLabels?
    /// The question of each row, if the file holds them as texts.
    var questions: [String]?
    var scores: [Double]?
    var logProbabilities: [Double]?
    /// Columns that describe rows but could not be read, by role.
    var unusable: [String: EmbeddingFileError] = [:]
    /// What was skipped or recognised, one sentence each.
    var notes: [InputNote] = []
    /// The names of all columns in the file.
    var columnNames: [String]

    /// A column that may name the rows.
    struct RowNames {
        var key: String
        /// Whether its name marks it as an id.
        var isIdentifier: Bool
        var values: [String]
    }

    /// The column that clusters rows, as the file has it.
    struct RowLabels {
        var key: String
        var place: EmbeddingFileError.Place
        /// One label for each row; empty for a row without one.
        var values: [String]
        var isAsked: Bool
        /// Whether the column clusters rows only if some rows share a label.
        var isGuessed: Bool
    }

    var rowCount: Int { content.first?.column.rowCount ?? names.first?.values.count ?? 0 }

    /// Validates the columns that `plan` takes from `table`.
    ///
    /// Throws `noRows`, `noColumns`, `notFinite`, `wrongKind` and `rowCountMismatch`.
    init(_ table: RawTable, _ plan: ColumnPlan) throws(EmbeddingFileError) {
        file = table.file
        files = table.files
        columnNames = table.outlines.map(\.name)
        content = []
        names = []
        namesAreAsked = plan.namesAreAsked
        let columns = Dictionary(table.columns.map { ($0.name, $0) }) { first, _ in first }
        let chosen = plan.content.compactMap { entry in columns[entry.key].map { (name: entry.name, column: $0) } }
        func isModality(_ name: String) -> Bool { name != Role.response.name && name != Role.reference.name }
        let hasQuery = chosen.contains { isModality($0.name) && !$0.column.holdsNothing }
        var empty: [InputNote] = []
        for (name, column) in chosen {
            // A modality that no row has is left out of the query, provided that there is another.
            if isModality(name), column.holdsNothing, hasQuery {
                empty.append("\(file): '\(column.name)' is empty in all \(column.rowCount) rows: it was left out of the query")
                continue
            }
            try column.validate()
            if column.kind == .numbers, column.lines != nil {
                throw .wrongKind(column.place(row: 0), expected: "a vector or a text", found: "a number")
            }
            content.append((name, column))
        }
        var described: [RawColumn] = []
        for key in plan.names {
            guard let column = columns[key] else { continue }
            let isMeant = column.role == .id || plan.namesAreAsked
            // A column that only might name rows is used if it fits, and ignored if not.
            if !isMeant, column.rowCount != content.first?.column.rowCount { continue }
            guard let values = isMeant ? try column.identifiers() : try? column.identifiers() else { continue }
            names.append(RowNames(key: key, isIdentifier: column.role == .id, values: values))
            if isMeant { described.append(column) }
        }
        // Columns that only might describe rows are used if they fit, like those that only might name them.
        func fits(_ column: RawColumn) -> Bool { column.rowCount == (content.first?.column ?? described.first)?.rowCount }
        if let column = plan.group.flatMap({ columns[$0] }), !plan.groupIsGuessed || fits(column) {
            groups = RowLabels(
                key: column.name, place: column.place(), values: try column.groupLabels(), isAsked: plan.groupIsAsked,
                isGuessed: plan.groupIsGuessed)
            if !plan.groupIsGuessed { described.append(column) }
        }
        if let column = plan.question.flatMap({ columns[$0] }), fits(column), case .texts(let texts) = column.values {
            questions = texts
            if plan.sharesQuestion { names.append(RowNames(key: column.name, isIdentifier: false, values: texts)) }
        }
        func numbers(_ key: String?, _ role: Role) throws(EmbeddingFileError) -> [Double]? {
            guard let column = key.flatMap({ columns[$0] }) else { return nil }
            do throws(EmbeddingFileError) {
                let numbers = try column.scalars()
                described.append(column)
                return numbers
            } catch {
                guard plan.choice[column.name]?.isOptional == true, column.rowCount > 0 else { throw error }
                unusable[role.name] = error
                notes.append(InputNote(code: nil, message: "\(error): '\(column.name)' was left out"))
                return nil
            }
        }
        scores = try numbers(plan.score, .score)
        logProbabilities = try numbers(plan.logProbability, .logProbability)
        for dropped in table.dropped { if let role = dropped.outline.role { unusable[role.name] = dropped.reason } }

        let used = content.map(\.column) + described
        if let first = used.first {
            for column in used where column.rowCount != first.rowCount {
                throw .rowCountMismatch(
                    column.place(), expectedCount: first.rowCount, other: first.place(), foundCount: column.rowCount)
            }
        }
        notes =
            table.notes + empty + notes + plan.notes(file) + Self.notes(table, plan) + content.flatMap { $0.column.textNotes(as: $0.name) }
    }

    /// The part with its rows at `indices`, in the order of `indices`.
    func rows(_ indices: [Int]) -> SamplePart {
        var part = self
        for index in part.content.indices { part.content[index].column = part.content[index].column.rows(indices) }
        for index in part.names.indices { part.names[index].values = indices.map { names[index].values[$0] } }
        part.groups?.values = groups.map { all in indices.map { all.values[$0] } } ?? []
        part.questions = questions.map { all in indices.map { all[$0] } }
        part.scores = scores.map { all in indices.map { all[$0] } }
        part.logProbabilities = logProbabilities.map { all in indices.map { all[$0] } }
        return part
    }

    /// Notes on unused columns. Arrays are meant to be used, but many keys of a text file are not, so only keys that look as if they were
    /// are mentioned.
    private static func notes(_ table: RawTable, _ plan: ColumnPlan) -> [InputNote] {
        var notes = table.dropped.map { dropped in
            InputNote(code: nil, message: "\(dropped.reason): '\(dropped.outline.name)' was left out")
        }
        guard plan.content.count > 1 else { return notes }
        let word = table.format.isText ? "key" : "array"
        for outline in plan.leftOut {
            let width = outline.shape.map { $0.count > 1 ? " of \($0[1]) numbers a row" : "" } ?? " of numbers"
            notes.append(
                InputNote(
                    code: nil,
                    message: "\(table.file): \(word) '\(outline.name)'\(width) was left out of the query, since nothing says that it is a "
                        + "modality; --modalities takes it by name"))
        }
        let used = plan.choice
        if table.format.isText {
            let unused = table.outlines.filter { $0.kind == .other && used[$0.name] == nil && $0.mentionsWhenUnused }.map(\.name)
            if !unused.isEmpty {
                let names = unused.prefix(5).map { "'\($0)'" }.joined(separator: ", ") + (unused.count > 5 ? ", …" : "")
                notes.append(
                    InputNote(
                        code: nil,
                        message:
                            "\(table.file): \(names) \(unused.count == 1 ? "was" : "were") left out: neither texts, numbers nor vectors"))
            }
        } else {
            for outline in table.outlines where outline.role == nil && used[outline.name] == nil && outline.kind != .vectors {
                notes.append(
                    "\(table.file): array '\(outline.name)' was left out, since it is neither a known role nor a vector for each row")
            }
        }
        return notes
    }
}

extension RawColumn {
    /// Notes on values that were not texts, and on rows with several texts.
    fileprivate func textNotes(as name: String) -> [InputNote] {
        guard case .texts = values else { return [] }
        var notes: [InputNote] = []
        if spelledCount > 0 {
            notes.append(
                InputNote(
                    code: nil,
                    message:
                        "\(file): \(spelledCount) of \(rowCount) values under '\(self.name)' are numbers or truth values beside texts: "
                        + "they are compared as texts"))
        }
        guard !several.isEmpty else { return notes }
        let most = several.values.map(\.count).max() ?? 0
        let use =
            switch name {
            case Role.reference.name: "the reference is the mean of their embeddings"
            case Role.response.name: "each is a row, and the rows of one item stay together"
            default: "they are read as one, line after line"
            }
        notes.append(
            InputNote(
                code: nil,
                message: "\(file): \(several.count) of \(rowCount) rows have several texts under '\(self.name)' (up to \(most)): \(use)"))
        return notes
    }

    /// Whether every row is blank: no text with a visible character, no number.
    fileprivate var holdsNothing: Bool {
        switch values {
        case .texts(let texts):
            rowCount > 0 && several.isEmpty && texts.allSatisfy { $0.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
        case .vectors(let matrix): rowCount > 0 && matrix.columnCount == 0
        }
    }

    /// One identifier for each row: texts as they are, whole numbers without their fraction.
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

    /// One label for each row, like `identifiers`; vectors are compared by their content, so that rows on the same image form a group.
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
