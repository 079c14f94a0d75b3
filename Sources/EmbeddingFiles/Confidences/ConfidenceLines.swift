/// Reads JSON lines in any of the layouts.
///
/// - Parameter unit: what the numbers of the lines count in the original file.
func readConfidenceLines(
    _ bytes: UnsafeRawBufferPointer, file: String, unit: ConfidenceFileError.Unit = .line, _ request: ConfidenceRequest,
    _ answers: AnswerTable?
) throws -> ConfidenceTable {
    var lines = LineSequence(bytes)
    guard let first = lines.next() else { throw EmbeddingFileError.emptyFile(.init(file)) }
    let object = try value(bytes, first, file)
    guard case .object(let entries) = object else {
        throw JSONFailure(expected: "a JSON object", found: "another value").at(.init(file, line: first.number))
    }
    let keys = entries.map(\.key)
    var named = keys
    if case .object(let entries)? = object["doc"] { named += entries.map(\.key) }
    try checkNames(named, request, file)
    guard let layout = lineLayout(object, request) else {
        throw ConfidenceFileError.noConfidences(file: file, found: keys)
    }
    var builder = ConfidenceBuilder(file: file, layout: layout, request, unit: unit)
    var line: LineSequence.Line? = first
    switch layout {
    case .rows:
        var reader = OwnRowReader(request)
        while let current = line {
            do throws(JSONFailure) {
                builder.append(try reader.row(JSONCursor(bytes, from: current.start, to: current.end)), line: current.number)
            } catch {
                throw error.at(.init(file, line: current.number))
            }
            line = lines.next()
        }
        return try builder.finished()
    case .evaluationSamples, .chatLogProbabilities:
        while let current = line {
            let object = try value(bytes, current, file)
            var row =
                layout == .evaluationSamples
                ? evaluationSample(object, request) : try chatRow(object, file: file, request, answers)
            row.group = request.group(of: object)
            builder.append(row, line: current.number)
            line = lines.next()
        }
        return try builder.finished()
    case .statedConfidence, .sampledAnswers, .vlmEvalKit:
        var texts: [(TextAnswer, Int)] = []
        while let current = line {
            let object = try value(bytes, current, file)
            texts.append((TextAnswer(object, group: request.group(of: object)), current.number))
            line = lines.next()
        }
        return try readAnswers(texts, file: file, unit: unit, request, answers)
    }
}

extension ConfidenceRequest {
    /// The name of a row's cluster; a key that the user gave is also looked up in the document that an evaluation logs.
    fileprivate func group(of object: JSONValue) -> String? {
        let found = groupKey.map { object[$0] ?? object["doc"]?[$0] } ?? (object["group"] ?? object["image_id"])
        return found.flatMap { $0.text ?? $0.identifierText }
    }
}

private func value(
    _ bytes: UnsafeRawBufferPointer, _ line: LineSequence.Line, _ file: String
) throws(EmbeddingFileError) -> JSONValue {
    var cursor = JSONCursor(bytes, from: line.start, to: line.end)
    do throws(JSONFailure) {
        let value = try cursor.value()
        try cursor.expectEnd()
        return value
    } catch {
        throw error.at(.init(file, line: line.number))
    }
}

/// The layout that the first object shows; nil when it shows none.
private func lineLayout(_ object: JSONValue, _ request: ConfidenceRequest) -> ConfidenceTable.Layout? {
    if object["choices"] != nil || object["custom_id"] != nil {
        // Several choices are several samples; a single choice has log-probabilities or states its confidence.
        let body = chatBody(object)
        if let choices = body?["choices"]?.items, choices.count > 1 { return .sampledAnswers }
        if let choice = body?["choices"]?.items?.first, choice["logprobs"]?["content"]?.items == nil {
            return .statedConfidence
        }
        return .chatLogProbabilities
    }
    let responses = object["filtered_resps"] ?? object["resps"]
    if object["doc_id"] != nil, let responses {
        if isScored(responses) { return .evaluationSamples }
        return responses.texts.count > 1 || object["filtered_resps"] == nil ? .sampledAnswers : .statedConfidence
    }
    let isOwn =
        request.confidenceKey.map { object[$0] != nil } == true
        || OwnRowReader.hasConfidence(object) || object["options"] != nil
    if isOwn { return .rows }
    if responses != nil || object["samples"] != nil { return .sampledAnswers }
    if TextAnswer.hasText(object) { return .statedConfidence }
    return OwnRowReader.hasCorrectness(object) || object["abstained"] != nil ? .rows : nil
}

extension JSONValue {
    /// The elements, if the value is an array.
    var items: [JSONValue]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    /// The characters, if the value is a text.
    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The value as a number; texts that spell a number and truth values count too.
    var asNumber: Double? {
        switch self {
        case .number(let value, _): value
        case .string(let text): Double(text.trimmingBlanks())
        case .bool(let value): value ? 1 : 0
        case .array, .object, .null: nil
        }
    }

    /// The value as a field of a row.
    var field: ConfidenceRow.Field {
        switch self {
        case .number(let value, _): .number(value)
        case .bool(let value): .number(value ? 1 : 0)
        case .string(let text): .text(text)
        case .null: .null
        case .array, .object: .text("a list")
        }
    }
}
