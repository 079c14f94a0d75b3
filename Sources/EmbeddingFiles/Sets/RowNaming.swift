/// How the rows of a set are named and clustered, after its files were joined.
struct RowNaming {
    /// The item that each row is about; nil if nothing names the rows.
    private(set) var identifiers: [String]?
    /// The cluster of each row; nil if nothing clusters them.
    private(set) var groups: [String]?
    private(set) var notes: [InputNote] = []

    /// - Parameters:
    ///   - names: the columns of one file that may name rows, the likeliest first.
    ///   - isChosen: whether the user or a join has settled on the first of them.
    ///   - labels: the column that clusters rows.
    ///
    /// Throws `wrongKind` for a cluster that the user asked for but whose values are all the same.
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
        // Several rows belong to one question, and each has its own name: the question becomes their group.
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

    /// Fills the empty names: each row without one gets a name of its own.
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
    /// Uses the names as clusters, if rows with the same name are different items (questions on one image).
    mutating func useNamesAsClusters() {
        if groups == nil { groups = identifiers }
        identifiers = nil
    }

    /// Keeps the rows at `indices`, in the order of `indices`.
    mutating func keep(_ indices: [Int]) {
        identifiers = identifiers.map { all in indices.map { all[$0] } }
        groups = groups.map { all in indices.map { all[$0] } }
    }

    /// Repeats rows as `indices` say; if nothing named them, the copies of one row become a group.
    fileprivate mutating func expand(_ indices: [Int], file: String) {
        keep(indices)
        if groups == nil, identifiers == nil { groups = indices.map { "\(file), row \($0)" } }
    }
}

extension [SamplePart] {
    /// The rows to repeat, once for each sample of the model; nil if every row has one sample.
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
    /// The part after its rows were repeated, with one of the samples as the response of each copy.
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
    /// The column with the texts of each row joined line by line.
    var onePerRow: RawColumn {
        guard !several.isEmpty, case .texts(var texts) = values else { return self }
        for (row, all) in several { texts[row] = all.joined(separator: "\n") }
        var column = self
        column.values = .texts(texts)
        column.several = [:]
        return column
    }
}
