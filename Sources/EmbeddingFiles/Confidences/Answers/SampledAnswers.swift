/// One or several answers in words to one question, with the right answer.
struct TextAnswer {
    var id: String?
    var group: String?
    /// The answers: one text, or k samples.
    var texts: [String]
    /// Whether the row has a list of answers.
    var isSampled: Bool
    var gold: String?
    var idkOption: String?
    var answerable = ConfidenceRow.Field.missing
    var pairKey: String?
    var correct = ConfidenceRow.Field.missing
    var hasFailed = false

    private static let textKeys = ["response", "prediction", "text", "output"]
    private static let listKeys = ["resps", "responses", "samples", "filtered_resps"]
    private static let goldKeys = ["answer", "target", "gold", "reference", "label"]

    /// Whether a row has an answer in words.
    static func hasText(_ object: JSONValue) -> Bool { textKeys.contains { object[$0]?.text != nil } }

    init(_ object: JSONValue, group: String?) {
        func text(_ keys: [String]) -> String? {
            keys.lazy.compactMap { object[$0] }.compactMap { $0.text ?? $0.identifierText }.first
        }
        id = text(["custom_id", "id", "question_id", "index", "doc_id"])
        self.group = group
        gold = text(Self.goldKeys)
        idkOption = text(["idk"])
        pairKey = text(["pair", "pair_id", "pair_key"])
        answerable = object["answerable"]?.field ?? .missing
        correct = (object["correct"] ?? object["hit"])?.field ?? .missing
        if let choices = chatBody(object)?["choices"]?.items {
            texts = choices.compactMap { $0["message"]?["content"]?.text }
            isSampled = choices.count > 1
            return
        }
        if object["custom_id"] != nil {
            (texts, isSampled, hasFailed) = ([], false, true)
            return
        }
        // lm-eval logs both: all answers, and what its filter extracted from them.
        let lists = Self.listKeys.compactMap { object[$0]?.items }
        if let list = lists.max(by: { $0.count < $1.count }) {
            texts = JSONValue.array(list).texts
            isSampled = true
        } else {
            texts = [text(Self.textKeys) ?? ""]
            isSampled = false
        }
    }

    init(id: String?, group: String?, texts: [String], gold: String?) {
        (self.id, self.group, self.texts, self.gold) = (id, group, texts, gold)
        isSampled = false
    }

    /// A row that already has its identifiers and answerability, but no state, confidence or correctness.
    var row: ConfidenceRow {
        var row = ConfidenceRow()
        (row.id, row.group, row.pairKey, row.answerable) = (id, group, pairKey, answerable)
        return row
    }
}

/// Makes rows of answers in words. If each row has one answer, the confidence is the one that it states; if rows have several, it is the
/// majority's share.
func readAnswers(
    _ answers: [(TextAnswer, Int)], file: String, unit: ConfidenceFileError.Unit = .line, _ request: ConfidenceRequest,
    _ table: AnswerTable?
) throws(ConfidenceFileError) -> ConfidenceTable {
    let areSampled = answers.contains { $0.0.isSampled }
    var builder = ConfidenceBuilder(file: file, layout: areSampled ? .sampledAnswers : .statedConfidence, request, unit: unit)
    let texts = AnswerText(request.abstentions)
    let stated = areSampled ? [] : answers.map { StatedConfidence($0.0.texts.first ?? "") }
    // A single bare number above 1 shows that the file's bare numbers are percentages.
    let bareIsPercent = stated.contains { $0.number.map { $0.form == .bare && $0.value > 1 } == true }
    for (index, (answer, line)) in answers.enumerated() {
        let gold = answer.id.flatMap { table?[$0]?.answer } ?? answer.gold
        guard gold != nil || answer.correct.isThere else {
            if let table { throw .missingAnswer(file: file, id: answer.id ?? "a row without an id", answers: table.file) }
            throw .noAnswers(file: file)
        }
        let row =
            areSampled
            ? sampledRow(answer, gold, texts) : statedRow(answer, stated[index], gold, texts, bareIsPercent)
        builder.append(row, line: line)
    }
    return try builder.finished()
}

private func correctness(_ answer: TextAnswer, _ text: String, _ gold: String?) -> ConfidenceRow.Field {
    answer.correct.isThere ? answer.correct : .number(gold.map { AnswerText.agrees(text, with: $0) } == true ? 1 : 0)
}

private func statedRow(
    _ answer: TextAnswer, _ stated: StatedConfidence, _ gold: String?, _ texts: AnswerText, _ bareIsPercent: Bool
) -> ConfidenceRow {
    var row = answer.row
    if answer.hasFailed {
        row.state = .failedRequest
        return row
    }
    if AnswerText.normalised(answer.texts.first ?? "").isEmpty {
        row.state = .noAnswer
        return row
    }
    row.correct = correctness(answer, stated.answer, gold)
    if texts.abstains(stated.answer, idkOption: answer.idkOption) {
        row.state = .abstained
    } else if let confidence = stated.confidence(bareIsPercent: bareIsPercent) {
        if confidence >= 0, confidence <= 1 {
            row.confidence = .number(confidence)
        } else {
            row.state = .statedOutOfRange
        }
    } else {
        row.state = .noConfidence
    }
    return row
}

/// The confidence is the share of the commonest answer; of equally common answers the first counts.
private func sampledRow(_ answer: TextAnswer, _ gold: String?, _ texts: AnswerText) -> ConfidenceRow {
    var row = answer.row
    if answer.hasFailed {
        row.state = .failedRequest
        return row
    }
    guard !answer.texts.isEmpty else {
        row.state = .noAnswer
        row.correct = .number(0)
        return row
    }
    // All abstentions count as the same answer, whatever their words.
    let answers = answer.texts.map { texts.abstains($0, idkOption: answer.idkOption) ? nil : AnswerText.answer($0) }
    var counts: [String?: Int] = [:]
    for text in answers { counts[text, default: 0] += 1 }
    let most = counts.values.max() ?? 0
    guard let majority = answers.first(where: { counts[$0] == most }) else { return row }
    if counts.values.count(where: { $0 == most }) > 1 { row.remarks.insert(.tie) }
    if answers.count == 1 { row.remarks = [.oneSample] }
    guard let majority else {
        row.state = .abstained
        return row
    }
    row.confidence = .number(Double(most) / Double(answers.count))
    row.correct = correctness(answer, majority, gold)
    return row
}
