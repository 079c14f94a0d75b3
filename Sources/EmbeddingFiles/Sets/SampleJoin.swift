/// The parts of a sample set, brought to one order of rows.
struct SampleJoin {
    /// The parts, each with the rows of the first.
    var parts: [SamplePart]
    var notes: [InputNote] = []

    /// Aligns `parts` by identifier where two of them have any, otherwise by position.
    ///
    /// The order of rows is that of the part with the response if it has identifiers, else of the first part that has.
    /// Rows are never dropped, except references for which there is no response; a note says so.
    ///
    /// Throws `missingIdentifiers`, `duplicateIdentifiers`, `rowCountMismatch`.
    init(_ parts: [SamplePart]) throws(EmbeddingFileError) {
        self.parts = parts
        let response = parts.firstIndex { $0.content.contains { $0.name == Role.response.name } }
        let withIdentifiers = parts.indices.filter { parts[$0].identifiers != nil }
        let anchor = response.flatMap { withIdentifiers.contains($0) ? $0 : nil } ?? withIdentifiers.first ?? response
        guard let anchor, parts.count > 1 else { return }

        for index in parts.indices where index != anchor && parts[index].file != parts[anchor].file {
            if let identifiers = parts[index].identifiers, let wanted = parts[anchor].identifiers {
                try align(index, identifiers, anchor, wanted)
            } else if parts[index].rowCount != parts[anchor].rowCount {
                throw .rowCountMismatch(
                    parts[index].place, expectedCount: parts[anchor].rowCount, other: parts[anchor].place,
                    foundCount: parts[index].rowCount)
            }
        }
    }

    private mutating func align(
        _ index: Int, _ identifiers: [String], _ anchor: Int, _ wanted: [String]
    ) throws(EmbeddingFileError) {
        let part = parts[index]
        let anchorPlace = EmbeddingFileError.Place(parts[anchor].file)
        let partPlace = EmbeddingFileError.Place(part.file)
        let rowOfWanted = try rows(wanted, anchorPlace)
        let rowOf = try rows(identifiers, partPlace)
        let missing = wanted.filter { rowOf[$0] == nil }
        if !missing.isEmpty {
            throw .missingIdentifiers(
                partPlace, identifiers: Array(missing.prefix(3)), count: missing.count, other: anchorPlace)
        }
        let surplus = identifiers.filter { rowOfWanted[$0] == nil }
        let holdsReferencesOnly = part.content.allSatisfy { $0.name == Role.reference.name }
        if !surplus.isEmpty && !holdsReferencesOnly {
            throw .missingIdentifiers(
                anchorPlace, identifiers: Array(surplus.prefix(3)), count: surplus.count, other: partPlace)
        }
        if !surplus.isEmpty {
            notes.append(
                "\(part.file): \(surplus.count) of \(identifiers.count) references have no response in \(parts[anchor].file) and were left out")
        }
        if identifiers != wanted { parts[index] = part.rows(wanted.compactMap { rowOf[$0] }) }
    }

    /// The row of each identifier.
    private func rows(
        _ identifiers: [String], _ place: EmbeddingFileError.Place
    ) throws(EmbeddingFileError) -> [String: Int] {
        var rows: [String: Int] = [:]
        rows.reserveCapacity(identifiers.count)
        var repeated: [String] = []
        var seenTwice: Set<String> = []
        for (row, identifier) in identifiers.enumerated() {
            if rows.updateValue(row, forKey: identifier) != nil && seenTwice.insert(identifier).inserted {
                repeated.append(identifier)
            }
        }
        if repeated.isEmpty { return rows }
        throw .duplicateIdentifiers(place, identifiers: Array(repeated.prefix(3)), count: repeated.count)
    }
}

extension SamplePart {
    /// The first column, for messages about the number of rows.
    var place: EmbeddingFileError.Place { content.first?.column.place() ?? .init(file) }
}
