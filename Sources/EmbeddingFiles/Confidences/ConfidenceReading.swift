import Foundation

/// e^x and ln x for those files of this folder that import no C library.
func exponential(_ value: Double) -> Double { exp(value) }
func logarithm(_ value: Double) -> Double { log(value) }

/// Reads a file of confidences; its name and its first row tell the layout.
///
/// - Parameter rows: the rows to keep, by ids or places; nil keeps all.
/// - Returns: every row that was read, each with its state.
/// - Throws: `ConfidenceFileError` for files without confidences, for files with rows at fault, and for files that cannot be read at all.
package func readConfidences(
    _ path: String, _ request: ConfidenceRequest = ConfidenceRequest(), rows: RowSelection? = nil
) throws(ConfidenceFileError) -> ConfidenceTable {
    do {
        var request = request
        if let rows {
            // Ids are known only after the whole file has been read.
            var all = request
            all.skipsFaults = true
            let table = try readConfidences(path, all)
            request.keptRows = Set(
                try rows.indices(
                    rowCount: table.count, identifiers: table.hasIdentifiers ? table.ids : nil, .init(path)))
        }
        let answers = try request.answers.map { try AnswerTable($0) }
        return try readWhole(path, request, answers)
    } catch let error as ConfidenceFileError {
        throw error
    } catch let error as EmbeddingFileError {
        throw .file(error)
    } catch {
        throw .file(.unreadable(.init(path), reason: "\(error)"))
    }
}

private func readWhole(_ path: String, _ request: ConfidenceRequest, _ answers: AnswerTable?) throws -> ConfidenceTable {
    switch FileFormat(path: path) {
    case .commaSeparated, .tabSeparated: return try readConfidenceTable(try readRecords(path), path, request, answers)
    case .npz, .safetensors, .npy: return try readConfidenceArrays(path, request)
    case .workbook, .inspectLog: return try readConfidenceTable(try textRecords(path), path, request, answers)
    case .json, .jsonLines, .folder, nil: break
    }
    if PathKind(path) == .folder { return try readConfidenceArrays(path, request) }
    let result = try FileBytes(path: path).withContent(of: path) { bytes in
        Result { try readObjects(bytes, path, request, answers) }
    }
    return try result.get()
}

/// Reads JSON: one object on each line, or a document that contains the rows.
private func readObjects(
    _ bytes: UnsafeRawBufferPointer, _ path: String, _ request: ConfidenceRequest, _ answers: AnswerTable?
) throws -> ConfidenceTable {
    try checkText(bytes, .init(path))
    let isList = bytes.first { $0 > 0x20 && $0 < 0x80 } == UInt8(ascii: "[")
    guard FileFormat(path: path) == .json || isList, let lines = try jsonLines(of: bytes, file: path) else {
        return try readConfidenceLines(bytes, file: path, request, answers)
    }
    return try lines.withUnsafeBytes { try readConfidenceLines($0, file: path, unit: .item, request, answers) }
}

/// The records of a table that is not text, such as a workbook, as a csv of it would have them.
private func textRecords(_ path: String) throws(EmbeddingFileError) -> [TextRecord] {
    let table = try readRawTable(path, .everything(isLenient: true))
    let columns = table.columns.map { column -> [String] in
        switch column.values {
        case .texts(let texts): texts
        case .vectors(let matrix):
            (0..<matrix.rowCount).map { matrix.columnCount == 1 ? matrix[$0, 0].identifier : "" }
        }
    }
    let count = columns.map(\.count).max() ?? 0
    return [TextRecord(line: 1, fields: table.columns.map(\.name))]
        + (0..<count).map { row in TextRecord(line: row + 2, fields: columns.map { row < $0.count ? $0[row] : "" }) }
}

/// Right answers by id. The table has the columns `id`, `answer` and, if answers are letters, `options`, the number of options.
struct AnswerTable {
    struct Entry {
        let answer: String
        let optionCount: Int?
    }

    let file: String
    private let entries: [String: Entry]

    init(_ path: String) throws(EmbeddingFileError) {
        file = path
        let records = try readRecords(path)
        guard let header = records.first?.fields.map(Role.normalised) else { throw .emptyFile(.init(path)) }
        func column(_ names: [String]) -> Int? { header.firstIndex { names.contains($0) } }
        guard let id = column(["id", "custom_id", "question_id"]), let answer = column(["answer", "gold", "target", "reference"])
        else { throw .missingKey(.init(path, line: 1), key: "id, answer", found: header) }
        let options = column(["options", "option_count", "k"])
        var entries: [String: Entry] = [:]
        for record in records.dropFirst() where record.fields.count == header.count {
            entries[record.fields[id]] = Entry(
                answer: record.fields[answer], optionCount: options.flatMap { Int(record.fields[$0]) })
        }
        self.entries = entries
    }

    subscript(id: String) -> Entry? { entries[id] }
}
