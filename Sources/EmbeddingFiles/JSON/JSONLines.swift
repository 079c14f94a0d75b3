import Glibc

/// Reads a JSON lines file: one object for each row, its values vectors, texts or numbers.
///
/// Only the chosen keys are decoded; the others are passed over, whatever they hold. Blank lines are passed over.
func readJSONLines(
    _ bytes: UnsafeRawBufferPointer, file: String, _ request: ColumnRequest
) throws(EmbeddingFileError) -> RawTable {
    var lines = LineSequence(bytes)
    guard let first = lines.next() else { throw .emptyFile(.init(file)) }
    let place = EmbeddingFileError.Place(file, line: first.number)
    let (outlines, dialect) = try outlines(JSONCursor(bytes, from: first.start, to: first.end), place)
    var table = RawTable(file: file, format: .jsonLines, outlines: outlines, files: [file])
    let chosen = try request.choose(outlines)
    // Keys that are no data, such as LLaVA's `metadata`, are nothing to complain about while nobody asks for them.
    table.unused = outlines.filter { request.isLenient && $0.kind == .other && $0.role == nil && chosen.contains($0.name) }
    let passedOver = Set(table.unused.map(\.name))
    for outline in outlines where chosen.contains(outline.name) && !passedOver.contains(outline.name) {
        guard let problem = outline.problem else { continue }
        if !request.isLenient { throw problem }
        table.problems.append(problem)
    }
    if chosen.isEmpty { return table }

    func isRead(_ outline: ColumnOutline) -> Bool {
        chosen.contains(outline.name) && outline.problem == nil && !passedOver.contains(outline.name)
    }
    var reader = JSONLinesReader(
        file: file, dialect: dialect, firstLine: first.number,
        columns: outlines.filter(isRead).map(\.asColumn), ignoring: outlines.filter { !isRead($0) })
    var budget = MemoryBudget(limit: request.limit)
    // A number takes at least two bytes of text, so that this bounds what can come out of the file.
    try budget.spend(elementCount: bytes.count / 16, .init(file))
    var line: LineSequence.Line? = first
    while let current = line {
        do throws(EmbeddingFileError) {
            try reader.read(JSONCursor(bytes, from: current.start, to: current.end), line: current.number)
        } catch {
            if !request.isLenient { throw error }
            if table.problems.count < 20 { table.problems.append(error) }
            reader.takeBackLine()
        }
        line = lines.next()
    }
    table.columns = reader.finished()
    return table
}

/// The keys of the first object with the kinds of their values.
private func outlines(
    _ cursor: JSONCursor, _ place: EmbeddingFileError.Place
) throws(EmbeddingFileError) -> ([ColumnOutline], JSONLinesDialect) {
    var cursor = cursor
    var kinds: [(key: String, kind: ColumnKind, found: String, type: String)] = []
    do throws(JSONFailure) {
        try cursor.object { (key, cursor) throws(JSONFailure) in
            guard let name = try cursor.string(key) else { throw JSONFailure(.invalidUTF8(place)) }
            var found = cursor.found()
            let kind: ColumnKind
            let type = cursor.nextKind()
            switch type {
            case .string: kind = .texts
            case .number, .bool: kind = .numbers
            case .array:
                var inside = cursor
                inside.position += 1
                kind = inside.nextKind() == .number || inside.peek() == UInt8(ascii: "]") ? .vectors : .other
                found = "an array that starts with \(inside.found())"
            default: kind = .other
            }
            try cursor.skipValue()
            kinds.append((name, kind, found, "\(type)"))
        }
        try cursor.expectEnd()
    } catch {
        throw error.at(place)
    }
    let dialect = JSONLinesDialect(keys: kinds.map(\.key))
    let outlines = kinds.map { key, kind, found, type in
        if dialect.isNested(key) {
            return ColumnOutline(name: key, kind: .texts, role: dialect.role(of: key, kind: .texts))
        }
        var keyPlace = place
        keyPlace.key = key
        let problem: EmbeddingFileError? =
            kind == .other ? .wrongKind(keyPlace, expected: "a vector, a text or a number", found: found) : nil
        let role = dialect.role(of: key, kind: kind)
        let isModality = kind != .vectors || role != nil || dialect.hasFurtherModalities
        var outline = ColumnOutline(name: key, kind: isModality ? kind : .other, role: role, problem: problem)
        outline.valueType = type
        return outline
    }
    return (outlines, dialect)
}

extension ColumnOutline {
    /// The outline of a column that is read. What is `other` without a problem are vectors that are no modality in this
    /// dialect; named by the user they are an array like any other.
    fileprivate var asColumn: ColumnOutline {
        var outline = self
        if kind == .other { outline.kind = .vectors }
        return outline
    }
}

/// The lines of a text that are not blank, numbered from 1; a byte order mark is passed over.
struct LineSequence: IteratorProtocol {
    /// The bytes of one line, without its end, and its number.
    struct Line {
        var start: Int
        var end: Int
        var number: Int
    }

    private let bytes: UnsafeRawBufferPointer
    private var position: Int
    private var number = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    mutating func next() -> Line? {
        while position < bytes.count, let base = bytes.baseAddress {
            let start = position
            let found = memchr(base + start, 0x0A, bytes.count - start)
            let end = found.map { base.distance(to: UnsafeRawPointer($0)) } ?? bytes.count
            position = end + 1
            number += 1
            if bytes[start..<end].contains(where: { $0 > 0x20 }) {
                return Line(start: start, end: end, number: number)
            }
        }
        return nil
    }
}
