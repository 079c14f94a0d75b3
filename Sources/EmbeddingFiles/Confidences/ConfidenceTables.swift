/// Reads the records of a csv or tsv: emi's own rows, texts with the right answer, or a table of VLMEvalKit.
func readConfidenceTable(
    _ records: [TextRecord], _ path: String, _ request: ConfidenceRequest, _ answers: AnswerTable?
) throws -> ConfidenceTable {
    guard let header = records.first?.fields, records.count > 1 else { throw EmbeddingFileError.emptyFile(.init(path)) }
    for record in records.dropFirst() where record.fields.count != header.count {
        throw EmbeddingFileError.malformedText(
            .init(path, line: record.line), expected: "\(header.count) fields, as in the header",
            found: record.fields.count == 1 ? "1 field" : "\(record.fields.count) fields")
    }
    let columns = header.map { OwnRowReader.Column.named($0, request) }
    let names = header.map(Role.normalised)
    let isVLMEvalKit = names.contains("prediction") && names.contains("index") && names.contains("hit")
    try checkNames(header, request, path)
    if columns.contains(.confidence) || (columns.contains(.correct) && !isVLMEvalKit) {
        return try readOwnRecords(records, columns, path, request)
    }
    func column(_ wanted: [String]) -> Int? { wanted.lazy.compactMap { names.firstIndex(of: $0) }.first }
    if isVLMEvalKit { return try readVLMEvalKit(records, column, path, request) }
    guard let response = column(["response", "prediction", "output", "text"]) else {
        throw ConfidenceFileError.noConfidences(file: path, found: header)
    }
    let (id, group, gold) = (
        column(["id", "question_id", "index"]), request.groupKey.flatMap { header.firstIndex(of: $0) } ?? column(["group", "image_id"]),
        column(["answer", "target", "gold", "reference"])
    )
    let texts = records.dropFirst().map { record in
        let fields = record.fields
        return (
            TextAnswer(
                id: id.map { fields[$0] }, group: group.map { fields[$0] }, texts: [fields[response]], gold: gold.map { fields[$0] }),
            record.line
        )
    }
    return try readAnswers(Array(texts), file: path, request, answers)
}

/// Checks that the columns that the user named exist.
///
/// - Throws: `EmbeddingFileError.missingKey` for the first one that does not.
func checkNames(_ found: [String], _ request: ConfidenceRequest, _ path: String) throws(EmbeddingFileError) {
    for case let key? in [request.confidenceKey, request.groupKey, request.identifierKey] where !found.contains(key) {
        throw .missingKey(.init(path), key: key, found: found)
    }
}

private func readOwnRecords(
    _ records: [TextRecord], _ columns: [OwnRowReader.Column?], _ path: String, _ request: ConfidenceRequest
) throws -> ConfidenceTable {
    var builder = ConfidenceBuilder(file: path, layout: .rows, request)
    for record in records.dropFirst() {
        var row = ConfidenceRow()
        for (column, text) in zip(columns, record.fields) {
            let field = text.isEmpty ? ConfidenceRow.Field.null : truth(text) ?? .text(text)
            switch column {
            case .id: row.id = text
            case .group: row.group = text
            case .pair: row.pairKey = text
            case .confidence: row.confidence = field
            case .correct: row.correct = field
            case .label: row.label = field
            case .answerable: row.answerable = field
            case .abstained: row.abstained = field
            case .options, nil: break
            }
        }
        builder.append(row, line: record.line)
    }
    return try builder.finished()
}

/// Reads True and False as pandas writes them.
private func truth(_ text: String) -> ConfidenceRow.Field? {
    switch text.lowercased() {
    case "true": .number(1)
    case "false": .number(0)
    default: nil
    }
}

/// Reads a table of VLMEvalKit (vlmeval/smp/file.py). It has no log-probabilities, so it gives correctness only. If the log says that an
/// option was drawn at random (utils/multiple_choice.py), the row says nothing about the model.
private func readVLMEvalKit(
    _ records: [TextRecord], _ column: ([String]) -> Int?, _ path: String, _ request: ConfidenceRequest
) throws -> ConfidenceTable {
    var builder = ConfidenceBuilder(file: path, layout: .vlmEvalKit, request)
    let (index, hit, log) = (column(["index"]), column(["hit"]), column(["log"]))
    for record in records.dropFirst() {
        var row = ConfidenceRow()
        row.id = index.map { record.fields[$0] }
        row.correct = hit.map { .text(record.fields[$0]) } ?? .missing
        row.state = .noConfidence
        if let log, record.fields[log].lowercased().contains("randomly generate") { row.state = .randomAnswer }
        builder.append(row, line: record.line)
    }
    return try builder.finished()
}
