/// The body of a line in OpenAI's format: the line itself, or the response inside a line of a batch; nil for a failed request.
func chatBody(_ object: JSONValue) -> JSONValue? {
    if object["choices"] != nil { return object }
    return object["response"]?["body"]
}

/// Reads a chat completion with log-probabilities (openai-python, types/chat/chat_completion_token_logprob.py; vLLM writes the same
/// format).
///
/// The scores of the options are the log-probabilities of their letters at the first token that is a letter. Letters that are not among the
/// reported ones count as impossible.
func chatRow(
    _ object: JSONValue, file: String, _ request: ConfidenceRequest, _ answers: AnswerTable?
) throws(ConfidenceFileError) -> ConfidenceRow {
    var row = ConfidenceRow()
    row.id = object["custom_id"]?.text ?? object["id"]?.text
    let entry = row.id.flatMap { answers?[$0] }
    guard let gold = entry?.answer ?? object["answer"]?.text else {
        guard let answers else { throw .noAnswers(file: file) }
        throw .missingAnswer(file: file, id: row.id ?? "a row without an id", answers: answers.file)
    }
    guard let choice = chatBody(object)?["choices"]?.items?.first else {
        row.state = .failedRequest
        return row
    }
    let content = choice["message"]?["content"]?.text ?? ""
    let texts = AnswerText(request.abstentions)
    if texts.abstains(content) {
        row.state = .abstained
        return row
    }
    guard let position = letterPosition(gold) else {
        row.state = .unparsed
        return row
    }
    let tokens = choice["logprobs"]?["content"]?.items ?? []
    guard !tokens.isEmpty else {
        row.state = .noConfidence
        row.correct = .number(AnswerText.agrees(content, with: gold) ? 1 : 0)
        return row
    }
    // Letters up to the number of options; if that is unknown, A to E as in the paper, or up to the right answer.
    let count = entry?.optionCount
    let limit = count ?? max(5, position + 1)
    guard let token = tokens.first(where: { tokenLetter($0).map { $0 < limit } == true }),
        let letter = tokenLetter(token)
    else {
        row.state = .unparsed
        return row
    }
    let reported = letterScores(token, limit: limit)
    let size = max(count ?? 0, position + 1, letter + 1, (reported.keys.max() ?? 0) + 1, 2)
    let scores = (0..<size).map { reported[$0] ?? -.infinity }
    row.options = scores
    row.label = .number(Double(position))
    row.tokenProbability = token["logprob"]?.asNumber.map { exponential($0) }
    if scores.contains(-.infinity) { row.remarks.insert(.optionsCut) }
    if let best = scores.max(), scores[letter] < best { row.remarks.insert(.sampledAnswer) }
    return row
}

/// The position of the option whose letter a token is, after blanks and `().:` are removed.
private func tokenLetter(_ token: JSONValue) -> Int? {
    guard let text = token["token"]?.text else { return nil }
    let bare = text.filter { !$0.isWhitespace && !"().:".contains($0) }
    // The "I" that begins a sentence would pass for a letter, so the caller refuses options beyond the given number.
    guard bare.utf8.count == 1, let byte = bare.utf8.first, (65...90).contains(byte) else { return nil }
    return Int(byte) - 65
}

/// The log-probability of each letter; its forms ("B", " B", "(B") are added up.
private func letterScores(_ token: JSONValue, limit: Int) -> [Int: Double] {
    let top = token["top_logprobs"]?.items ?? []
    var forms: [Int: [Double]] = [:]
    for candidate in top.isEmpty ? [token] : top {
        // -9999 means "not among the top".
        guard let letter = tokenLetter(candidate), letter < limit, let value = candidate["logprob"]?.asNumber, value > -9_000
        else { continue }
        forms[letter, default: []].append(value)
    }
    return forms.mapValues { values in
        let best = values.max() ?? 0
        return best + logarithm(values.sorted().reduce(0) { $0 + exponential($1 - best) })
    }
}
