/// Whether logged responses are option scores: pairs of a number and "was this the greedy answer", both as texts.
func isScored(_ responses: JSONValue) -> Bool {
    guard let items = responses.items, let first = items.first else { return false }
    return score(first) != nil
}

/// The score in `["-1.25", "True"]`, `[["-1.25", "True"]]` or `[-1.25, true]`.
private func score(_ value: JSONValue) -> Double? {
    guard let items = value.items, let first = items.first else { return nil }
    if first.items != nil { return items.count == 1 ? score(first) : nil }
    // A single text is an answer; a pair of a score and a flag is a score.
    guard items.count == 2, isFlag(items[1]) else { return nil }
    return first.asNumber
}

private func isFlag(_ value: JSONValue) -> Bool {
    switch value {
    case .bool: true
    case .string(let text): ["true", "false"].contains(text.lowercased())
    default: false
    }
}

/// Reads a sample that lm-eval or lmms-eval logged for a multiple-choice task (lm_eval/loggers/evaluation_tracker.py).
///
/// Both write every number as a text. lm-eval logs sums of log-likelihoods, lmms-eval logs losses per token (lmms-eval#370); the signs in
/// the file tell which it is.
func evaluationSample(_ object: JSONValue, _ request: ConfidenceRequest) -> ConfidenceRow {
    var row = ConfidenceRow()
    row.id = object["doc_id"].flatMap { $0.text ?? $0.identifierText }
    row.correct = object["acc"]?.field ?? .missing
    let responses = object["filtered_resps"] ?? object["resps"]
    var scores = responses?.items?.map { score($0) ?? .nan } ?? []
    if scores.isEmpty {
        row.state = .noAnswer
        return row
    }
    if object["acc_mutual_info"] != nil, scores.count.isMultiple(of: 2) {
        // Half of the scores belong to the options without their question: lm-eval appends them, lmms-eval alternates.
        let isLoss = scores.allSatisfy { $0 >= 0 }
        scores = isLoss ? stride(from: 0, to: scores.count, by: 2).map { scores[$0] } : Array(scores.prefix(scores.count / 2))
    }
    if request.normalisesByLength, scores.allSatisfy({ $0 <= 0 }), let lengths = optionLengths(object, scores.count) {
        scores = zip(scores, lengths).map { $0 / $1 }
    }
    row.options = scores
    if let label = targetLabel(object, scores.count) { row.label = .number(Double(label)) }
    return row
}

/// The position of the right option: a number, a letter, or one of the document's choices.
private func targetLabel(_ object: JSONValue, _ count: Int) -> Int? {
    guard let target = object["target"] else { return nil }
    if let number = target.asNumber { return Int(exactly: number) }
    guard let text = target.text else { return nil }
    let choices = object["doc"]?["choices"]
    if let place = (choices?.items ?? choices?["text"]?.items)?.firstIndex(where: { $0.text == text }) { return place }
    return letterPosition(text).flatMap { $0 < count ? $0 : nil }
}

/// The position of an option's letter: 0 for "A", 1 for "(B)".
func letterPosition(_ text: String) -> Int? {
    guard let letter = AnswerText.letter(of: text)?.unicodeScalars.first else { return nil }
    return Int(letter.value) - 97
}

/// The length, in characters, of each text that was appended to the question, without the blank before it.
private func optionLengths(_ object: JSONValue, _ count: Int) -> [Double]? {
    guard let arguments = object["arguments"] else { return nil }
    let items: [JSONValue]
    switch arguments {
    case .array(let values): items = values
    case .object(let entries): items = entries.map(\.value)
    default: return nil
    }
    let lengths = items.prefix(count).compactMap { item in
        item.texts.last.map { Double($0.drop { $0 == " " }.count) }
    }
    return lengths.count == count && lengths.allSatisfy { $0 > 0 } ? lengths : nil
}

extension JSONValue {
    /// A number as the file writes it.
    var identifierText: String? {
        guard case .number(let value, let digits) = self else { return nil }
        return digits ?? value.identifier
    }
}
