import Glibc

/// Reads a JSON lines file: each object is a row, and its values are vectors, texts or numbers.
///
/// Objects with nested texts are first flattened (see `RecordLayout`), unless `isFlat` says that they are flat. Only the chosen keys are
/// decoded; other values and blank lines are skipped.
func readJSONLines(
    _ bytes: UnsafeRawBufferPointer, file: String, unit: RecordUnit = .line, isFlat: Bool = false, _ request: ColumnRequest
) throws(EmbeddingFileError) -> RawTable {
    let found = try JSONOutlines(bytes, file: file, unit: unit)
    if !isFlat, let layout = RecordLayout(bytes, found) {
        let flat = try layout.flattened(bytes, file: file, unit: unit)
        return try flat.withUnsafeBufferPointer { (buffer) throws(EmbeddingFileError) in
            try readJSONLines(UnsafeRawBufferPointer(buffer), file: file, unit: unit, isFlat: true, request)
        }
    }
    let outlines = found.outlines
    var table = RawTable(file: file, format: .jsonLines, outlines: outlines, files: [file])
    var choice = try request.choose(outlines)
    // A key that holds no data, such as LLaVA's `metadata`, deserves no complaint as long as nobody asks for it.
    table.unused = outlines.filter { request.isLenient && $0.kind == .other && $0.role == nil && choice[$0.name] != nil }
    for outline in table.unused { choice[outline.name] = nil }
    for outline in outlines {
        guard let use = choice[outline.name], let problem = outline.problem, use.form == .values else { continue }
        choice[outline.name] = nil
        if use.isOptional {
            table.dropped.append(.init(outline: outline, reason: problem))
        } else if request.isLenient {
            table.problems.append(problem)
        } else {
            throw problem
        }
    }
    if choice.isEmpty { return table }

    let filtering = FilterChoice(outlines, found.dialect, choice)
    var reader = JSONLinesReader(
        file: file, dialect: found.dialect, unit: unit, firstLine: found.firstLine, outlines: outlines,
        choice: choice.merging(filtering?.furtherColumns ?? [:]) { first, _ in first })
    var budget = MemoryBudget(limit: request.limit)
    // A number takes at least two bytes of text, so the size of the file bounds the number of elements.
    try budget.spend(elementCount: bytes.count / 16, .init(file))
    var lines = LineSequence(bytes)
    while let current = lines.next() {
        do throws(EmbeddingFileError) {
            try reader.read(JSONCursor(bytes, from: current.start, to: current.end), line: current.number)
        } catch {
            if !request.isLenient { throw error }
            if table.problems.count < 20 { table.problems.append(error) }
            reader.takeBackLine()
        }
    }
    let read = reader.finished()
    table.columns = read.columns
    table.dropped += read.dropped
    filtering?.apply(to: &table, choice)
    return table
}

/// Iterates over the lines of a text that are not blank, numbered from 1; skips a byte order mark.
struct LineSequence: IteratorProtocol {
    /// The range of the bytes of one line, without its end, and the line's number.
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
