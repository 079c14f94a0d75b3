/// Reads the chosen columns of a JSON lines file line by line.
struct JSONLinesReader {
    private let file: String
    private let dialect: JSONLinesDialect
    private let unit: RecordUnit
    private let firstLine: Int
    private let firstKeys: [String]
    private var columns: [JSONLinesColumn]
    /// The keys in the order of the first objects, each with the index of its column; -1 for keys that are skipped.
    private var keys: [(bytes: [UInt8], column: Int)] = []
    private var placeOfKey: [String: Int] = [:]
    /// The line number of each complete row.
    private var lines: [Int] = []

    /// Keys beyond this number are skipped without being remembered.
    private static let keyLimit = 1 << 16

    init(
        file: String, dialect: JSONLinesDialect, unit: RecordUnit, firstLine: Int, outlines: [ColumnOutline],
        choice: ColumnChoice
    ) {
        self.file = file
        self.dialect = dialect
        self.unit = unit
        self.firstLine = firstLine
        firstKeys = outlines.filter(\.isInFirstRecord).map(\.name)
        columns = []
        for outline in outlines {
            placeOfKey[outline.name] = keys.count
            if let use = choice[outline.name] {
                keys.append((Array(outline.name.utf8), columns.count))
                columns.append(JSONLinesColumn(outline, dialect, use))
            } else {
                keys.append((Array(outline.name.utf8), -1))
            }
        }
    }

    /// Reads one object; throws when a chosen key is missing, occurs twice, or holds a value of another kind than before.
    mutating func read(_ text: JSONCursor, line: Int) throws(EmbeddingFileError) {
        var cursor = text
        do throws(JSONFailure) {
            // Objects of one file mostly have their keys in the same order, so the search continues where the last one ended.
            var expected = 0
            try cursor.object { (key, cursor) throws(JSONFailure) in
                var index = expected
                if index >= keys.count || !cursor.matches(key, keys[index].bytes) {
                    index = try placeOf(key, cursor, line: line)
                }
                expected = index &+ 1
                let column = index < keys.count ? keys[index].column : -1
                if column < 0 { return try cursor.skipValue() }
                let name = columns[column].outline.name
                guard columns[column].rowCount == lines.count else {
                    throw JSONFailure(expected: "each key once", found: "'\(name)' twice")
                }
                try columns[column].append(&cursor, Self.place(file, unit, line, key: name))
            }
            try cursor.expectEnd()
        } catch {
            throw error.at(Self.place(file, unit, line))
        }
        for index in columns.indices where columns[index].rowCount == lines.count {
            let error = EmbeddingFileError.missingKey(
                Self.place(file, unit, line), key: columns[index].outline.name, found: names(text))
            try columns[index].appendMissing(error)
        }
        lines.append(line)
    }

    /// Removes what was read of a faulty line.
    mutating func takeBackLine() {
        for index in columns.indices { columns[index].truncate(to: lines.count) }
    }

    /// The finished columns, and those that were left out.
    func finished() -> (columns: [RawColumn], dropped: [RawTable.Dropped]) {
        var dropped: [RawTable.Dropped] = []
        var read: [RawColumn] = []
        for column in columns {
            if let failure = column.failure {
                dropped.append(.init(outline: column.outline, reason: failure))
            } else {
                read.append(column.column(file: file, lines: lines, unit: unit))
            }
        }
        return (read, dropped)
    }

    private static func place(
        _ file: String, _ unit: RecordUnit, _ line: Int, key: String? = nil
    ) -> EmbeddingFileError.Place {
        unit == .line ? .init(file, line: line, key: key) : .init(file, item: line, key: key)
    }

    /// The index of a key that does not stand at the expected place. A new key is skipped from now on, unless it names a role that the
    /// objects before should have had too.
    private mutating func placeOf(_ key: JSONText, _ cursor: JSONCursor, line: Int) throws(JSONFailure) -> Int {
        guard let name = try cursor.string(key) else { throw JSONFailure(.invalidUTF8(Self.place(file, unit, line))) }
        if let known = placeOfKey[name] { return known }
        var ahead = cursor
        let kind: ColumnKind = ahead.nextKind() == .array ? .vectors : .texts
        if let role = dialect.role(of: name, kind: kind), role.isContent,
            !columns.contains(where: { $0.outline.role == role })
        {
            throw JSONFailure(.missingKey(Self.place(file, unit, firstLine), key: name, found: firstKeys))
        }
        guard keys.count < Self.keyLimit else { return keys.count }
        placeOfKey[name] = keys.count
        keys.append((Array(name.utf8), -1))
        return keys.count - 1
    }

    /// The keys of a line, for messages.
    private func names(_ text: JSONCursor) -> [String] {
        var cursor = text
        var keys: [String] = []
        try? cursor.object { (key, cursor) throws(JSONFailure) in
            keys.append(try cursor.string(key) ?? "?")
            try cursor.skipValue()
        }
        return keys
    }
}
