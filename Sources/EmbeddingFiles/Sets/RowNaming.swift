/// How the rows of a set are known and clustered, once its files are joined.
struct RowNaming {
    /// The item of each row.
    private(set) var identifiers: [String]?
    /// The cluster of each row.
    private(set) var groups: [String]?
    private(set) var notes: [InputNote] = []

    /// - Parameters:
    ///   - names: the columns that may name rows, the likeliest first, of one file.
    ///   - isChosen: whether the first of them is the one, by the user's word or by a join.
    ///   - labels: the column that clusters rows.
    ///
    /// Throws `wrongKind` for a cluster that was asked for and has one value in all rows.
    init(
        _ names: [SamplePart.RowNames], isChosen: Bool, labels: SamplePart.RowLabels?, file: String, rowCount: Int
    ) throws(EmbeddingFileError) {
        takeNames(names, isChosen: isChosen, file, rowCount)
        if let labels { try takeLabels(labels, file, rowCount) }
    }

    private mutating func takeNames(_ names: [SamplePart.RowNames], isChosen: Bool, _ file: String, _ rowCount: Int) {
        var usable: [(key: String, values: [String], distinctCount: Int)] = []
        for (index, name) in names.enumerated() where name.isIdentifier || isChosen && index == 0 {
            let distinct = Set(name.values)
            if distinct.count == 1, rowCount > 1 {
                let value = distinct.first ?? ""
                notes.append(
                    InputNote(
                        code: nil,
                        message: "\(file): '\(name.key)' is \(value.isEmpty ? "empty" : "the same") in all \(rowCount) rows and names none "
                            + "of them: it was left out"))
            } else {
                usable.append((name.key, name.values, distinct.count))
            }
        }
        guard !usable.isEmpty else { return }
        let unique = usable.firstIndex { $0.distinctCount == rowCount }
        let taken = isChosen ? usable[0] : usable[unique ?? 0]
        identifiers = named(taken.values, taken.key, file, "are known by nothing else")
        let others = usable.filter { $0.key != taken.key }
        guard !isChosen, !others.isEmpty else { return }
        notes.append(
            InputNote(
                code: nil,
                message: "\(file): rows are named by '\(taken.key)' and not by '\(others.map(\.key).joined(separator: "', '"))'; "
                    + "choose with --id-key or --ood-key, in a manifest with key"))
        // Several rows of one question, each with a name of its own: they belong together.
        if let first = others.first(where: { $0.distinctCount < rowCount && $0.distinctCount > 1 }), taken.distinctCount == rowCount {
            groups = named(first.values, first.key, file, "")
        }
    }

    private mutating func takeLabels(
        _ found: SamplePart.RowLabels, _ file: String, _ rowCount: Int
    ) throws(EmbeddingFileError) {
        var labels = found
        let namesMedia = found.isGuessed || Role.namesMedia(found.key, sample: nil)
        labels.values = found.values.map { value in
            let bytes = value.utf8
            guard bytes.count < 16 else { return value }
            let isBlank = bytes.allSatisfy { $0 <= 0x20 }
            return isBlank || namesMedia && Role.namesNothing(value) ? "" : value
        }
        let named = labels.values.filter { !$0.isEmpty }
        let distinctCount = Set(named).count
        if labels.isAsked, distinctCount <= 1, rowCount > 1 {
            throw .wrongKind(
                labels.place, expected: "different values to group rows by",
                found: distinctCount == 0 ? "none in any of \(rowCount) rows" : "one for all \(named.count) rows that have any")
        }
        guard distinctCount > 0 else { return }
        if !labels.isAsked, distinctCount == 1, named.count > 1 {
            notes.append(
                InputNote(
                    code: nil,
                    message:
                        "\(file): '\(labels.key)' is the same in all \(named.count) rows that have any and groups nothing: it was left out")
            )
            return
        }
        if labels.isGuessed, distinctCount == named.count { return }
        groups = self.named(labels.values, labels.key, file, "are groups of their own")
        if labels.isGuessed {
            notes.append(
                InputNote(
                    code: nil,
                    message: "\(file): rows with one '\(labels.key)' are a group: \(distinctCount) groups of \(named.count) rows; "
                        + "--group chooses another key"))
        }
    }

    /// Names with one of its own for each row that has none.
    private mutating func named(_ values: [String], _ key: String, _ file: String, _ words: String) -> [String] {
        let emptyCount = values.count(where: \.isEmpty)
        guard emptyCount > 0 else { return values }
        if !words.isEmpty {
            notes.append(InputNote(code: nil, message: "\(file): \(emptyCount) of \(values.count) rows have no '\(key)': they \(words)"))
        }
        return values.enumerated().map { $1.isEmpty ? "\(file), row \($0) without \(key)" : $1 }
    }
}

extension RowNaming {
    /// Takes the names as those of clusters, where rows of one name are different items (questions on one image).
    mutating func useNamesAsClusters() {
        if groups == nil { groups = identifiers }
        identifiers = nil
    }

    /// Keeps the rows at `indices`, in that order.
    mutating func keep(_ indices: [Int]) {
        identifiers = identifiers.map { all in indices.map { all[$0] } }
        groups = groups.map { all in indices.map { all[$0] } }
    }

    /// Repeats rows as `indices` say; where nothing named them, the rows of one item are a group.
    fileprivate mutating func expand(_ indices: [Int], file: String) {
        keep(indices)
        if groups == nil, identifiers == nil { groups = indices.map { "\(file), row \($0)" } }
    }
}

extension [SamplePart] {
    /// For each row the place it comes from, once for each sample of the model; nil where every row has one.
    func rowsBySample(naming: inout RowNaming, file: String) -> [Int]? {
        guard
            let response = lazy.compactMap({ part in part.content.first { $0.name == Role.response.name }?.column }).first(where: { _ in
                true
            }),
            !response.several.isEmpty
        else { return nil }
        var indices: [Int] = []
        for row in 0..<response.rowCount {
            indices += [Int](repeating: row, count: response.several[row]?.count ?? 1)
        }
        naming.expand(indices, file: file)
        return indices
    }
}

extension SamplePart {
    /// The part after its rows were repeated: each copy of a row has a response of its own.
    func settled(_ indices: [Int]) -> SamplePart {
        var part = self
        guard let place = content.firstIndex(where: { $0.name == Role.response.name }),
            case .texts(var texts) = content[place].column.values
        else { return self }
        var copy = 0
        for row in texts.indices {
            copy = row > 0 && indices[row] == indices[row - 1] ? copy + 1 : 0
            if let several = content[place].column.several[row], copy < several.count { texts[row] = several[copy] }
        }
        part.content[place].column.values = .texts(texts)
        part.content[place].column.several = [:]
        return part
    }
}

extension RawColumn {
    /// The column with the texts of a row as one, line after line.
    var onePerRow: RawColumn {
        guard !several.isEmpty, case .texts(var texts) = values else { return self }
        for (row, all) in several { texts[row] = all.joined(separator: "\n") }
        var column = self
        column.values = .texts(texts)
        column.several = [:]
        return column
    }
}
