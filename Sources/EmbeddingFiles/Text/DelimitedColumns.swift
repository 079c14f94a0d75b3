/// A column of a table, made up of one or more of its fields.
struct DelimitedColumn {
    /// The column's name: `visual` for `visual_0, visual_1, …`.
    var name: String
    /// The positions of the fields in the order of their numbers; a single one for a text.
    var positions: [Int]
    var kind: ColumnKind

    /// The column as names of rows or clusters, which uses only its first field.
    var asTexts: DelimitedColumn { DelimitedColumn(name: name, positions: Array(positions.prefix(1)), kind: .texts) }

    /// Sorts the names in the header line into columns.
    ///
    /// `visual_0, visual_1, …`, `visual.0, …` and `visual[0], …` form one vector if they are numbered from 0 or 1 without gaps and the
    /// first row holds numbers. Every other name is a column of its own.
    ///
    /// Throws `missingPart` when a column of known role has a gap in its numbers.
    static func columns(
        header: [String], isNumber: (Int) -> Bool, _ place: EmbeddingFileError.Place
    ) throws(EmbeddingFileError) -> [DelimitedColumn] {
        var columns: [DelimitedColumn] = []
        var numbered: [String: [(number: Int, position: Int)]] = [:]
        for (position, name) in header.enumerated() {
            if let (base, number) = numberedName(name), isNumber(position) {
                if numbered[base] == nil { columns.append(.init(name: base, positions: [], kind: .vectors)) }
                numbered[base, default: []].append((number, position))
            } else {
                let role = Role(name: name, kind: .texts)
                let kind: ColumnKind = role == .score || role == .logProbability ? .numbers : .texts
                columns.append(.init(name: name, positions: [position], kind: kind))
            }
        }
        var result: [DelimitedColumn] = []
        for var column in columns {
            guard column.kind == .vectors, let parts = numbered[column.name]?.sorted(by: { $0.number < $1.number })
            else {
                result.append(column)
                continue
            }
            let first = min(parts[0].number, 1)
            if let gap = parts.indices.first(where: { parts[$0].number != first + $0 }) {
                let names = parts.map { header[$0.position] }
                if Role(name: column.name, kind: .vectors) != nil {
                    let expected = names[0].replacingLastNumber(with: first + gap)
                    throw .missingPart(place, expected: expected, found: names)
                }
                // These names only happen to end in a number, such as page_7.
                result += parts.map { .init(name: header[$0.position], positions: [$0.position], kind: .texts) }
            } else {
                column.positions = parts.map(\.position)
                result.append(column)
            }
        }
        return result
    }

    /// Splits `visual_12`, `visual.12` or `visual[12]` into a name and a number; nil for any other name.
    static func numberedName(_ name: String) -> (base: String, number: Int)? {
        let text = name.hasSuffix("]") ? name.dropLast() : name[...]
        let digits = text.suffix { $0 >= "0" && $0 <= "9" }
        let rest = text.dropLast(digits.count)
        guard let number = Int(digits), let separator = rest.last, rest.count > 1,
            name.hasSuffix("]") ? separator == "[" : separator == "_" || separator == "."
        else { return nil }
        return (String(rest.dropLast()), number)
    }
}

extension StringProtocol {
    /// The longest ending whose characters all satisfy `predicate`.
    func suffix(_ predicate: (Character) -> Bool) -> SubSequence {
        var start = endIndex
        while start > startIndex, predicate(self[index(before: start)]) { start = index(before: start) }
        return self[start...]
    }
}

extension String {
    fileprivate func replacingLastNumber(with number: Int) -> String {
        guard let (base, _) = DelimitedColumn.numberedName(self) else { return self }
        let separator = self[index(startIndex, offsetBy: base.count)]
        return separator == "[" ? "\(base)[\(number)]" : "\(base)\(separator)\(number)"
    }
}
