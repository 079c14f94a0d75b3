import Foundation

/// e^x and ln x, for files of the folder that import nothing.
func exponential(_ value: Double) -> Double { exp(value) }
func logarithm(_ value: Double) -> Double { log(value) }

/// Reads a file of confidences in whatever layout it has, told by its name and its first row.
///
/// - Returns: every row that was read, with what became of it.
/// - Throws: `ConfidenceFileError` for files without confidences, with rows at fault, and for what cannot be read at
///   all.
package func readConfidences(
    _ path: String, _ request: ConfidenceRequest = ConfidenceRequest()
) throws(ConfidenceFileError) -> ConfidenceTable {
    do {
        let answers = try request.answers.map { try AnswerTable($0) }
        switch FileFormat(path: path) {
        case .commaSeparated, .tabSeparated: return try readConfidenceTable(path, request, answers)
        default: break
        }
        let file = try FileBytes(path: path)
        var result: ConfidenceTable?
        var failure: ConfidenceFileError?
        try file.withBytes { (bytes) throws(EmbeddingFileError) in
            do {
                result = try readConfidenceLines(bytes, file: path, request, answers)
            } catch let error as ConfidenceFileError {
                failure = error
            } catch let error as EmbeddingFileError {
                throw error
            } catch {
                throw .unreadable(.init(path), reason: "\(error)")
            }
        }
        if let failure { throw failure }
        guard let result else { throw EmbeddingFileError.emptyFile(.init(path)) }
        return result
    } catch let error as ConfidenceFileError {
        throw error
    } catch let error as EmbeddingFileError {
        throw .file(error)
    } catch {
        throw .file(.unreadable(.init(path), reason: "\(error)"))
    }
}

/// Right answers by id, of a table with the columns `id`, `answer` and, for letters, `options`: their number.
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
