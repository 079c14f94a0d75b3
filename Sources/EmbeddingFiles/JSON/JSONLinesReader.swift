/// The chosen columns of a JSON lines file while its lines are read.
struct JSONLinesReader {
    private let file: String
    private let dialect: JSONLinesDialect
    private let firstLine: Int
    private let firstKeys: [String]
    private var columns: [JSONLinesColumn]
    /// Keys that are passed over; those of later lines are added as they appear.
    private var ignoredKeys: [[UInt8]]
    /// The line of each complete row.
    private var lines: [Int] = []

    init(
        file: String, dialect: JSONLinesDialect, firstLine: Int, columns: [ColumnOutline], ignoring: [ColumnOutline]
    ) {
        self.file = file
        self.dialect = dialect
        self.firstLine = firstLine
        self.firstKeys = (columns + ignoring).map(\.name)
        self.columns = columns.map { JSONLinesColumn($0, dialect) }
        self.ignoredKeys = ignoring.map { Array($0.name.utf8) }
    }

    /// Reads one object; throws when a chosen key is missing, twice, or holds another kind of value than before.
    mutating func read(_ text: JSONCursor, line: Int) throws(EmbeddingFileError) {
        var cursor = text
        do throws(JSONFailure) {
            // Objects of one file mostly have their keys in one order: the search goes on where the last one ended.
            var expected = 0
            try cursor.object { (key, cursor) throws(JSONFailure) in
                if let index = indexOfColumn(key, cursor, from: expected) {
                    expected = index + 1
                    try append(to: index, &cursor, line: line)
                } else {
                    try ignore(key, &cursor, line: line)
                }
            }
            try cursor.expectEnd()
        } catch {
            throw error.at(.init(file, line: line))
        }
        for column in columns where column.rowCount == lines.count {
            throw .missingKey(.init(file, line: line), key: column.outline.name, found: keys(text))
        }
        lines.append(line)
    }

    /// Forgets what was read of a line that is at fault.
    mutating func takeBackLine() {
        for index in columns.indices { columns[index].truncate(to: lines.count) }
    }

    /// The columns as read.
    func finished() -> [RawColumn] { columns.map { $0.column(file: file, lines: lines) } }

    @inline(__always)
    private func indexOfColumn(_ key: JSONText, _ cursor: JSONCursor, from expected: Int) -> Int? {
        for offset in 0..<columns.count {
            let index = expected &+ offset
            let wrapped = index < columns.count ? index : index &- columns.count
            if cursor.matches(key, columns[wrapped].key) { return wrapped }
        }
        if key.hasEscapes, let name = try? cursor.string(key) {
            return columns.firstIndex { $0.outline.name == name }
        }
        return nil
    }

    private mutating func append(to index: Int, _ cursor: inout JSONCursor, line: Int) throws(JSONFailure) {
        let name = columns[index].outline.name
        guard columns[index].rowCount == lines.count else {
            throw JSONFailure(expected: "each key once", found: "'\(name)' twice")
        }
        try columns[index].append(&cursor, .init(file, line: line, key: name))
    }

    private mutating func ignore(_ key: JSONText, _ cursor: inout JSONCursor, line: Int) throws(JSONFailure) {
        if !ignoredKeys.contains(where: { cursor.matches(key, $0) }) {
            let name = try cursor.string(key) ?? ""
            let kind: ColumnKind = cursor.nextKind() == .array ? .vectors : .texts
            let isKnown = ignoredKeys.contains(Array(name.utf8))
            if !isKnown, line != firstLine, let role = dialect.role(of: name, kind: kind), role.isContent {
                throw JSONFailure(.missingKey(.init(file, line: firstLine), key: name, found: firstKeys))
            }
            if !isKnown && ignoredKeys.count < 256 { ignoredKeys.append(Array(name.utf8)) }
        }
        try cursor.skipValue()
    }

    /// The keys of a line, for messages.
    private func keys(_ text: JSONCursor) -> [String] {
        var cursor = text
        var keys: [String] = []
        try? cursor.object { (key, cursor) throws(JSONFailure) in
            keys.append(try cursor.string(key) ?? "?")
            try cursor.skipValue()
        }
        return keys
    }
}
