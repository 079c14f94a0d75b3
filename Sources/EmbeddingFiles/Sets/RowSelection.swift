/// The rows of a set to keep: `rows: 0-99`, `rows: [0, 4, 17]` or `rows: hard.txt` in a manifest.
package struct RowSelection: Sendable, Equatable {
    /// Places from 0, or ids of rows if the set has ids.
    package var entries: [String]
    /// The place in the manifest or file that gives the selection, for messages.
    package var place: String

    /// A selection from entries that are numbers, ranges `first-last` (both ends kept) or ids.
    package init(entries: [String], place: String) {
        self.entries = entries
        self.place = place
    }

    /// A selection from a file with one index, range or id on each line, or with a JSON list of them.
    ///
    /// - Throws: `EmbeddingFileError` for a file that cannot be read or is empty.
    package init(file: String) throws(EmbeddingFileError) {
        let text = try readText(file)
        var entries: [String] = []
        if text.first(where: { !$0.isWhitespace }) == "[" {
            let value = try JSONValue(Array(text.utf8), .init(file))
            guard case .array(let items) = value else { throw .emptyFile(.init(file)) }
            entries = items.map(\.label)
        } else {
            entries = text.split(whereSeparator: \.isNewline).map { String($0).trimmingBlanks() }.filter { !$0.isEmpty }
        }
        if entries.isEmpty { throw .emptyFile(.init(file)) }
        self.init(entries: entries, place: file)
    }

    /// The rows to keep, each once, in the order of the set. Entries are read as ids if every entry is an id, else as places.
    func indices(
        rowCount: Int, identifiers: [String]?, _ set: EmbeddingFileError.Place
    ) throws(EmbeddingFileError) -> [Int] {
        let wantedNames = Set(entries)
        if let identifiers, wantedNames.isSubset(of: Set(identifiers)) {
            return identifiers.indices.filter { wantedNames.contains(identifiers[$0]) }
        }
        var wanted: Set<Int> = []
        for entry in entries {
            guard let range = range(entry, rowCount: rowCount) else {
                throw .wrongKind(
                    .init(place),
                    expected: "rows from 0 to \(rowCount - 1) of \(set.file)" + (identifiers == nil ? "" : ", or its ids"),
                    found: "'\(entry)'")
            }
            wanted.formUnion(range)
        }
        return wanted.sorted()
    }

    /// The range of places that `7` or `3-9` means; nil for anything else.
    private func range(_ entry: String, rowCount: Int) -> ClosedRange<Int>? {
        if let index = Int(entry) { return index >= 0 && index < rowCount ? index...index : nil }
        let parts = entry.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = Int(parts[0].filter { $0 != " " }), let last = Int(parts[1].filter { $0 != " " }),
            first >= 0, first <= last, last < rowCount
        else { return nil }
        return first...last
    }
}
