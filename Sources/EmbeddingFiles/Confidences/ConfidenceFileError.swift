/// A condition that makes a whole file of confidences unusable.
package enum ConfidenceFileError: Error, Sendable, Equatable {
    /// What row numbers count: lines from 1, items of a list from 1, or rows of arrays from 0.
    package enum Unit: String, Sendable {
        case line, item, row
    }

    /// A row at fault.
    package struct Fault: Sendable, Equatable {
        package let line: Int
        var unit = Unit.line
        package let state: RowState
        /// The offending value, as the file has it.
        package let found: String
    }

    /// The file cannot be read, or is not what its name says.
    case file(EmbeddingFileError)
    /// Some rows are at fault: the first of them, and how many there are.
    case faults(file: String, first: [Fault], count: Int)
    /// The file has neither confidences nor anything to make them from; `found` lists the keys of the first row.
    case noConfidences(file: String, found: [String])
    /// The rows need right answers, and the file has none.
    case noAnswers(file: String)
    /// The table of answers has no answer for an id.
    case missingAnswer(file: String, id: String, answers: String)
    /// The correctness that the log itself records disagrees with its scores.
    case disagreement(file: String, count: Int, total: Int, kind: ConfidenceTable.ScoreKind)

    /// The condition as an identifier for reports.
    package var code: String {
        switch self {
        case .file(let error): error.code
        case .faults(_, let first, _): first.first?.state.code ?? "faults"
        case .noConfidences: "no_confidences"
        case .noAnswers: "no_answers"
        case .missingAnswer: "missing_answer"
        case .disagreement: "score_disagreement"
        }
    }

    /// One sentence that says what to do about it; nil when the description is enough.
    package var hint: String? {
        switch self {
        case .file(let error): error.hint
        case .faults(_, let first, _):
            first.contains { $0.state == .mixedSigns }
                ? "--scores logit takes numbers of any sign; --skip-bad counts rows at fault and goes on"
                : "mend the rows, or count them and go on with --skip-bad"
        case .noConfidences:
            "a row needs 'confidence' and 'correct', or 'options' and 'label'; name another column with --score NAME"
        case .noAnswers: "give a table with id, answer and options by --answers FILE"
        case .missingAnswer: "every request needs its right answer"
        case .disagreement(_, _, _, let kind):
            kind == .loss
                ? "say --scores loglikelihood if larger scores are better" : "say --scores loss if smaller scores are better"
        }
    }
}

extension ConfidenceFileError.Fault {
    /// The place within the file: `line 3`, or `row 2 (from 0)`.
    var place: String { "\(unit.rawValue) \(line)\(unit == .row ? " (from 0)" : "")" }
}

extension ConfidenceFileError: CustomStringConvertible {
    /// "where: expected X, found Y", one sentence without a full stop.
    package var description: String {
        switch self {
        case .file(let error): return "\(error)"
        case .faults(let file, let first, let count):
            guard let fault = first.first else { return file }
            let others = first.dropFirst().map { "\($0.place) \($0.found) (\($0.state.code))" }
            let rest = count - first.count
            let tail = others.isEmpty ? "" : "; also " + others.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
            return "\(file): \(fault.place): expected \(fault.state.expectation), found \(fault.found) (\(fault.state.code))\(tail)"
        case .noConfidences(let file, let found):
            return
                "\(file): expected confidences, found \(found.isEmpty ? "no keys or arrays" : found.prefix(12).map { "'\($0)'" }.joined(separator: ", "))"
        case .noAnswers(let file): return "\(file): expected right answers beside the log-probabilities, found none"
        case .missingAnswer(let file, let id, let answers):
            return "\(file): expected an answer for '\(id)' in \(answers), found none"
        case .disagreement(let file, let count, let total, let kind):
            return
                "\(file): expected 'acc' to agree with the option scores read as \(kind.rawValue), found \(count) of \(total) rows that do not"
        }
    }
}
