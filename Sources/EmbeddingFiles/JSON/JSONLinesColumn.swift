import LinearAlgebra

/// A column of a JSON lines file while it grows, one value for each line.
struct JSONLinesColumn {
    let outline: ColumnOutline
    let dialect: JSONLinesDialect
    /// The key as bytes, to compare without making strings.
    let key: [UInt8]
    private(set) var rowCount = 0
    private var numbers: [Double] = []
    private var width: Int?
    private var texts: [String] = []

    init(_ outline: ColumnOutline, _ dialect: JSONLinesDialect) {
        self.outline = outline
        self.dialect = dialect
        self.key = Array(outline.name.utf8)
    }

    /// Moves over the value at the cursor and adds it.
    mutating func append(
        _ cursor: inout JSONCursor, _ place: @autoclosure () -> EmbeddingFileError.Place
    ) throws(JSONFailure) {
        if dialect.isNested(outline.name) {
            try appendNested(&cursor, place())
        } else if outline.role == .id || outline.role == .group {
            try appendIdentifier(&cursor, place())
        } else {
            switch outline.kind {
            case .vectors: try appendVector(&cursor, place())
            case .numbers: try appendNumber(&cursor, place())
            case .texts:
                guard cursor.nextKind() == .string else { throw wrongKind("a text, as in the rows before", &cursor, place()) }
                texts.append(try string(&cursor, place()))
            case .other: try cursor.skipValue()
            }
        }
        rowCount += 1
    }

    /// Takes back what was added after `count` rows.
    mutating func truncate(to count: Int) {
        rowCount = min(rowCount, count)
        if texts.count > count { texts.removeLast(texts.count - count) }
        let elementCount = count * (width ?? 1)
        if numbers.count > elementCount { numbers.removeLast(numbers.count - elementCount) }
    }

    /// The column; `lines` are the lines of its rows.
    func column(file: String, lines: [Int]) -> RawColumn {
        let isText = outline.role == .id || outline.role == .group || outline.kind == .texts
        let values: ColumnValues =
            isText
            ? .texts(texts)
            : .vectors(Matrix(rowCount: rowCount, columnCount: width ?? 1, elements: numbers))
        let shape = outline.kind == .vectors ? [rowCount, width ?? 0] : [rowCount]
        return RawColumn(
            name: outline.name, kind: outline.kind, role: outline.role, values: values, shape: shape,
            dtype: isText ? "text" : "number", file: file, lines: lines)
    }

    private mutating func appendVector(
        _ cursor: inout JSONCursor, _ place: @autoclosure () -> EmbeddingFileError.Place
    ) throws(JSONFailure) {
        guard cursor.take(UInt8(ascii: "[")) else { throw wrongKind("a vector, as in the rows before", &cursor, place()) }
        let start = numbers.count
        if !cursor.take(UInt8(ascii: "]")) {
            repeat {
                _ = cursor.peek()
                let tokenStart = cursor.position
                guard cursor.nextKind() == .number else {
                    throw wrongKind("numbers in a vector", &cursor, at(place(), numbers.count - start))
                }
                let value = try cursor.number()
                guard value.isFinite else {
                    throw JSONFailure(.notFinite(at(place(), numbers.count - start), found: cursor.token(from: tokenStart)))
                }
                numbers.append(value)
            } while cursor.take(UInt8(ascii: ","))
            guard cursor.take(UInt8(ascii: "]")) else { throw cursor.failure("',' or ']' in a vector") }
        }
        let length = numbers.count - start
        if let width, width != length {
            throw JSONFailure(.raggedVectors(place(), expectedLength: width, foundLength: length))
        }
        width = length
    }

    private mutating func appendNumber(
        _ cursor: inout JSONCursor, _ place: @autoclosure () -> EmbeddingFileError.Place
    ) throws(JSONFailure) {
        switch cursor.nextKind() {
        case .bool: numbers.append(try cursor.bool() ? 1 : 0)
        case .number:
            _ = cursor.peek()
            let start = cursor.position
            let value = try cursor.number()
            guard value.isFinite else {
                throw JSONFailure(.notFinite(place(), found: cursor.token(from: start)))
            }
            numbers.append(value)
        default: throw wrongKind("a number, as in the rows before", &cursor, place())
        }
        width = 1
    }

    private mutating func appendIdentifier(
        _ cursor: inout JSONCursor, _ place: @autoclosure () -> EmbeddingFileError.Place
    ) throws(JSONFailure) {
        switch cursor.nextKind() {
        case .string: texts.append(try string(&cursor, place()))
        case .number:
            let (value, digits) = try cursor.numberWithDigits()
            texts.append(digits ?? value.identifier)
        default: throw wrongKind("a text or a number", &cursor, place())
        }
    }

    private mutating func appendNested(
        _ cursor: inout JSONCursor, _ place: @autoclosure () -> EmbeddingFileError.Place
    ) throws(JSONFailure) {
        let value = try cursor.value()
        guard let text = dialect.text(of: outline.name, in: value) else {
            let count = value.texts.count
            throw JSONFailure(
                .wrongKind(place(), expected: "one text", found: count == 0 ? "none" : "\(count) texts"))
        }
        texts.append(text)
    }

    private func string(
        _ cursor: inout JSONCursor, _ place: @autoclosure () -> EmbeddingFileError.Place
    ) throws(JSONFailure) -> String {
        let text = try cursor.text()
        guard let string = try cursor.string(text) else { throw JSONFailure(.invalidUTF8(place())) }
        return string
    }

    private func wrongKind(
        _ expected: String, _ cursor: inout JSONCursor, _ place: EmbeddingFileError.Place
    ) -> JSONFailure {
        cursor.nextKind() == .nothing
            ? cursor.failure("a JSON value")
            : JSONFailure(.wrongKind(place, expected: expected, found: cursor.found()))
    }

    private func at(_ place: EmbeddingFileError.Place, _ element: Int) -> EmbeddingFileError.Place {
        var place = place
        place.column = element
        return place
    }
}

extension JSONCursor {
    /// The characters passed since `start`, for messages.
    func token(from start: Int) -> String {
        String(decoding: bytes[start..<position].prefix(40), as: UTF8.self)
    }
}
