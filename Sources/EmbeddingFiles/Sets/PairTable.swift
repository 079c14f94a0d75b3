/// The pairs that a user named: a bundle with both sides, two single files, or a bundle with one side replaced by a file.
package struct PairSource: Sendable, Equatable {
    /// A file or folder that holds several arrays.
    package var bundle: String?
    /// The left side: the name of an array or role in the bundle, or a file (`FILE:array` for one of its arrays).
    package var left: String?
    /// The right side, in the same form as the left.
    package var right: String?
    /// The array or key that clusters rows; nil lets emi look for one with a known name.
    package var groupKey: String?

    /// A source; sides that are not given are looked up in `bundle`.
    package init(bundle: String? = nil, left: String? = nil, right: String? = nil, groupKey: String? = nil) {
        self.bundle = bundle
        self.left = left
        self.right = right
        self.groupKey = groupKey
    }

    /// Every path that the source names.
    package var paths: [String] { [bundle].compactMap { $0 } + [left, right].compactMap { $0 }.filter(Self.isFile) }

    /// Whether a side's name is that of a file rather than of an array in the bundle.
    package static func isFile(_ name: String) -> Bool {
        let (file, array) = splitArrayName(name)
        return array != nil || PathKind(file) != .nothing || FileFormat(path: name) != nil
    }
}

/// Two sides with aligned rows.
package struct PairTable: Sendable, Equatable {
    /// The name of the file.
    package var name: String
    /// The left column, named by its role or by its key in the file.
    package var left: Column
    /// The right column, named by its role or by its key in the file.
    package var right: Column
    /// The identifier of each row; nil if the files have none.
    package var identifiers: [String]?
    /// The cluster of each row; nil if the files have none.
    package var groups: [String]?
    /// Every file that was read.
    package var files: [String]
    /// What the user should know, one sentence each.
    package var notes: [InputNote]

    /// The number of rows.
    package var rowCount: Int { left.values.rowCount }
}

/// The roles that become sides when the user names none: the first pair that a bundle has.
private let usualSides: [(left: Role, right: Role)] = [(.visual, .text), (.text, .response), (.response, .reference)]

/// Reads two sides of pairs into aligned, validated columns. Rows are joined by identifier if both sides have identifiers, otherwise by
/// position.
///
/// Without names the sides are visual and text, else text and response, else response and reference.
///
/// Throws an `EmbeddingFileError` that names the file, the array and the row at fault.
package func readPairTable(_ source: PairSource) throws(EmbeddingFileError) -> PairTable {
    let named = [("left", source.left), ("right", source.right)]
    let fromFiles = named.compactMap { side, name in name.flatMap { PairSource.isFile($0) ? (side, $0) : nil } }
    let inBundle = named.filter { side, _ in !fromFiles.contains { $0.0 == side } }
    var parts: [SamplePart] = []
    var keys: [String: String] = [:]
    if !inBundle.isEmpty {
        guard let bundle = source.bundle else {
            throw .missingRole(.init("pairs"), role: inBundle[0].0 + " side", aliases: [], found: named.compactMap(\.1))
        }
        let (part, names) = try readSides(bundle, inBundle, source)
        parts.append(part)
        keys = names
    }
    for (side, file) in fromFiles {
        let (table, plan) = try readColumnTable(file, as: side, preferring: [], groupKey: source.groupKey)
        keys[side] = plan.content.first?.key
        parts.append(try SamplePart(table, plan))
    }
    let join = try SampleJoin(parts)
    func column(_ side: String) throws(EmbeddingFileError) -> Column {
        guard let found = join.parts.flatMap(\.content).first(where: { $0.name == side })?.column else {
            throw .missingRole(.init(source.bundle ?? "pairs"), role: side, aliases: [], found: parts.flatMap(\.columnNames))
        }
        return Column(keys[side] ?? side, found)
    }
    let (left, right) = (try column("left"), try column("right"))
    // Two columns of one file cannot differ in length after a join by position, but columns of two files can.
    guard left.values.rowCount == right.values.rowCount else {
        throw .rowCountMismatch(
            .init(right.file, array: right.key), expectedCount: left.values.rowCount, other: .init(left.file, array: left.key),
            foundCount: right.values.rowCount)
    }
    let place = EmbeddingFileError.Place(source.bundle ?? left.file)
    let labels = try join.labels(source.groupKey, place, parts.flatMap(\.columnNames).uniqued)
    let naming = try RowNaming(
        join.names, isChosen: join.namesAreChosen, labels: labels, file: join.parts.first?.file ?? "",
        rowCount: left.values.rowCount)
    var files: [String] = []
    for file in join.parts.flatMap(\.files) where !files.contains(file) { files.append(file) }
    return PairTable(
        name: pairName(source), left: left, right: right, identifiers: naming.identifiers,
        groups: naming.groups, files: files, notes: join.notes + naming.notes + [left, right].compactMap(\.emptyTextNote))
}

/// Reads the sides that a bundle holds; each is called by its role or its key.
private func readSides(
    _ bundle: String, _ wanted: [(String, String?)], _ source: PairSource
) throws(EmbeddingFileError) -> (SamplePart, [String: String]) {
    var plan: ColumnPlan?
    var names: [String: String] = [:]
    let request = ColumnRequest { (outlines) throws(EmbeddingFileError) in
        func has(_ role: Role) -> Bool { ColumnPlan.named(role.name, outlines) != nil }
        let usual = usualSides.first { pair in
            wanted.allSatisfy { side, name in name != nil || has(side == "left" ? pair.left : pair.right) }
        }
        guard let usual else {
            throw .missingRole(
                .init(bundle), role: "visual and text, text and response, or response and reference", aliases: [],
                found: outlines.map(\.name))
        }
        let sides = wanted.map { side, name in (side: side, name: name ?? (side == "left" ? usual.left : usual.right).name) }
        let found = try ColumnPlan(sides: sides, in: outlines, of: bundle, groupKey: source.groupKey)
        for (side, key) in found.content { names[side] = outlines.first { $0.name == key }?.role?.name ?? key }
        plan = found
        return found.choice
    }
    let table = try readRawTable(bundle, request)
    guard let plan else { throw .emptyFile(.init(bundle)) }
    return (try SamplePart(table, plan), names)
}

private func pairName(_ source: PairSource) -> String {
    guard let path = source.bundle ?? source.left else { return "pairs" }
    let file = splitArrayName(path).file
    if file == "-" { return "standard input" }
    return PathKind(file) == .folder ? lastComponent(file) : fileStem(file)
}
