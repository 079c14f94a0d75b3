import LinearAlgebra

/// A column of a JSON lines file while it grows by one value for each line.
struct JSONLinesColumn {
    let outline: ColumnOutline
    let dialect: JSONLinesDialect
    /// Whether a column that cannot be read is left out instead of ending the run.
    let isOptional: Bool
    /// The key as bytes, so that comparisons make no strings.
    let key: [UInt8]
    private(set) var rowCount = 0
    /// The reason why the column is left out; nil if it is not.
    private(set) var failure: EmbeddingFileError?
    private let mode: Mode
    private var numbers: [Double] = []
    private var width: Int?
    private var texts: [String] = []
    private var several: [Int: [String]] = [:]
    private var spelledCount = 0

    /// How the values are read.
    private enum Mode { case vector, number, text, identifier, label, nested }

    init(_ outline: ColumnOutline, _ dialect: JSONLinesDialect, _ use: ColumnUse) {
        self.outline = outline
        self.dialect = dialect
        isOptional = use.isOptional
        key = Array(outline.name.utf8)
        mode =
            if dialect.isNested(outline.name) {
                .nested
            } else {
                switch (use.form, outline.role, outline.kind) {
                case (.names, _, _), (.values, .id, _): .identifier
                case (.labels, _, _), (.values, .group, _): .label
                case (.values, _, .vectors): .vector
                case (.values, .some(let role), .numbers) where role.isContent: .text
                case (.values, _, .numbers): .number
                case (.values, _, .texts), (.values, _, .other): .text
                }
            }
    }

    /// Moves past the value at the cursor and adds it.
    ///
    /// Throws for text that is not JSON; also for a value of another kind than the column holds, unless the column is optional.
    @inline(__always)
    mutating func append(
        _ cursor: inout JSONCursor, _ place: @autoclosure () -> EmbeddingFileError.Place
    ) throws(JSONFailure) {
        if failure == nil {
            let start = cursor
            do throws(JSONFailure) {
                try appendValue(&cursor, place())
            } catch {
                guard isOptional, let condition = error.condition else { throw error }
                failure = condition
                cursor = start
                try cursor.skipValue()
            }
        } else {
            try cursor.skipValue()
        }
        rowCount += 1
    }

    /// Adds a row whose object lacks the key. A column of clusters gets no cluster for it; any other column fails.
    mutating func appendMissing(_ error: EmbeddingFileError) throws(EmbeddingFileError) {
        if mode == .label {
            texts.append("")
        } else {
            guard isOptional else { throw error }
            if failure == nil { failure = error }
        }
        rowCount += 1
    }

    private mutating func appendValue(
        _ cursor: inout JSONCursor, _ place: @autoclosure () -> EmbeddingFileError.Place
    ) throws(JSONFailure) {
        switch mode {
        case .vector: try appendVector(&cursor, place())
        case .number: try appendNumber(&cursor, place())
        case .text: try appendText(&cursor, place())
        case .identifier: try appendIdentifier(&cursor, place())
        case .label: texts.append(cursor.nextKind() == .string ? try string(&cursor, place()) : try cursor.value().label)
        case .nested:
            let value = try cursor.value()
            guard let found = dialect.texts(of: outline.name, in: value) else {
                throw JSONFailure(.wrongKind(place(), expected: "one text", found: value.kind))
            }
            append(found)
        }
    }

    /// Removes everything that was added after the first `count` rows.
    mutating func truncate(to count: Int) {
        rowCount = min(rowCount, count)
        if texts.count > count { texts.removeLast(texts.count - count) }
        if !several.isEmpty { several = several.filter { $0.key < count } }
        let elementCount = count * (width ?? 1)
        if numbers.count > elementCount { numbers.removeLast(numbers.count - elementCount) }
    }

    /// Makes the finished column; `lines` are the line numbers of its rows.
    func column(file: String, lines: [Int], unit: RecordUnit) -> RawColumn {
        let isText = mode != .vector && mode != .number
        let values: ColumnValues =
            isText
            ? .texts(texts)
            : .vectors(Matrix(rowCount: rowCount, columnCount: width ?? 1, elements: numbers))
        let shape = outline.kind == .vectors ? [rowCount, width ?? 0] : [rowCount]
        var column = RawColumn(
            name: outline.name, kind: isText ? .texts : outline.kind, role: outline.role, values: values, shape: shape,
            dtype: isText ? "text" : "number", file: file, lines: lines)
        column.unit = unit
        column.several = several
        if mode == .text, spelledCount > 0, spelledCount < rowCount { column.spelledCount = spelledCount }
        return column
    }

    private mutating func append(_ found: [String]) {
        if found.count > 1 { several[texts.count] = found }
        texts.append(found.first ?? "")
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

    /// Adds an answer in any of its usual forms: a text, a number or truth value (as text), null, or a list of several answers.
    private mutating func appendText(
        _ cursor: inout JSONCursor, _ place: @autoclosure () -> EmbeddingFileError.Place
    ) throws(JSONFailure) {
        switch cursor.nextKind() {
        case .string: return texts.append(try string(&cursor, place()))
        case .nothing: throw cursor.failure("a JSON value")
        default: break
        }
        let found = cursor.found()
        let value = try cursor.value()
        switch value {
        case .number, .bool: spelledCount += 1
        case .array(let items) where items.count > 1 && items.allSatisfy(\.isNumber):
            throw JSONFailure(.wrongKind(place(), expected: "a text, as in the rows before", found: "an array of numbers"))
        default: break
        }
        guard let texts = value.scalars else {
            throw JSONFailure(.wrongKind(place(), expected: "a text, a number or a list of texts", found: found))
        }
        append(texts)
    }

    private mutating func appendIdentifier(
        _ cursor: inout JSONCursor, _ place: @autoclosure () -> EmbeddingFileError.Place
    ) throws(JSONFailure) {
        switch cursor.nextKind() {
        case .string: texts.append(try string(&cursor, place()))
        case .number:
            let (value, digits) = try cursor.numberWithDigits()
            texts.append(digits ?? value.identifier)
        case .array:
            let found = cursor.found()
            guard let items = try cursor.value().scalars, items.count == 1 else {
                throw JSONFailure(.wrongKind(place(), expected: "a text or a number", found: found))
            }
            texts.append(items[0])
        default: throw wrongKind("a text or a number", &cursor, place())
        }
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
    /// The characters from `start` to the position, for messages.
    func token(from start: Int) -> String {
        String(decoding: bytes[start..<position].prefix(40), as: UTF8.self)
    }
}
