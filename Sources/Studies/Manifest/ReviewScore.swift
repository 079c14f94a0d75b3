import EmbeddingFiles
import LinearAlgebra

/// The score that a judge's reviews give to a set.
package struct ReviewScore: Sendable, Equatable {
    /// 100 times the judge's mean score of the model divided by that of the reference; for several reviews, their mean.
    package let value: Double
    /// What the reader should know about the score.
    package let warnings: [RunWarning]
}

/// The relative preference in review files of LLaVA's benchmark, from `tuple: [reference, model]` on each line, or `score` as the first of
/// its scripts called it. Several files are several runs of a judge.
///
/// Layout: haotian-liu/LLaVA, llava/eval/eval_gpt_review_bench.py (id, question_id, answer1_id, answer2_id, category, content, tuple) and
/// llava/eval/table/review (review_id, question_id, text, score). The judge's script writes -1 if it could not read the answer; such lines
/// are left out, and so are lines on other questions. If a question was reviewed again, the mean is taken.
///
/// - Parameters:
///   - paths: the review files, at least one.
///   - questions: the ids of the set's rows; nil if it has none.
///   - rowCount: the number of rows of the set; nil if it is not known yet, and then there is no note on rows without a review.
/// - Throws: `EmbeddingFileError` for a file that cannot be read, `RunError` if no review is usable.
package func relativePreference(
    inReviews paths: [String], questions: [String]? = nil, rowCount: Int? = nil
) throws -> ReviewScore {
    let reviews = try paths.map { try Review($0, questions: questions) }
    let values = reviews.map(\.value)
    let mean = values.reduce(0, +) / Double(values.count)
    var warnings: [RunWarning] = []
    let expected = questions.map { Set($0).count } ?? rowCount
    for review in reviews {
        guard let words = review.words(expected: expected) else { continue }
        warnings.append(RunWarning(.reviewCoverage, words))
    }
    if values.count > 1 {
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
        let error = (variance / Double(values.count)).squareRoot()
        warnings.append(
            RunWarning(
                .reviewCoverage,
                "the score is the mean of \(values.count) reviews, \(mean.oneDecimal) with a standard error of \(error.oneDecimal) over the runs of "
                    + "the judge"))
    }
    return ReviewScore(value: mean, warnings: warnings)
}

/// One file of reviews.
private struct Review {
    let path: String
    let value: Double
    private let questionCount: Int
    private let unreadableCount: Int
    private let otherCount: Int
    private let repeatCount: Int

    init(_ path: String, questions: [String]?) throws {
        self.path = path
        let key = try Self.pairKey(path)
        var read = try readGroupedColumn("\(path):\(key)")
        let names = ["question_id", "qid", "uid", "id", "index"]
        if let name = names.first(where: read.arrayNames.contains) { read = try readGroupedColumn("\(path):\(key)", group: name) }
        guard let pairs = read.column.pairs else {
            let found = read.column.values.width.map { $0 == 1 ? "one number" : "\($0) numbers" } ?? "a text"
            throw RunError(
                code: "bad_review", message: "\(path): key '\(key)': expected two numbers a line, [reference, model], found \(found)",
                hint: "give the file that LLaVA's eval_gpt_review_bench.py wrote, or a number of your own as score: in the manifest")
        }
        let wanted = questions.map { Set($0) }
        var sums: [String: (reference: Double, model: Double, count: Double)] = [:]
        var (unreadable, others) = (0, 0)
        for row in 0..<pairs.rowCount {
            let name = read.groups?[row] ?? "row \(row)"
            if let wanted, read.groups != nil, !wanted.contains(name) {
                others += 1
                continue
            }
            guard pairs[row, 0] >= 0, pairs[row, 1] >= 0 else {
                unreadable += 1
                continue
            }
            var sum = sums[name] ?? (0, 0, 0)
            sum = (sum.reference + pairs[row, 0], sum.model + pairs[row, 1], sum.count + 1)
            sums[name] = sum
        }
        if sums.isEmpty, others > 0, let wanted {
            throw RunError(
                code: "bad_review",
                message:
                    "\(path): expected reviews of the set's questions, such as '\(wanted.min() ?? "")', found those of others, such as "
                    + "'\(read.groups?.first ?? "")'",
                hint: "give the review of this set's answers")
        }
        // The sums are sorted, so that the result does not depend on the order of a dictionary.
        let means = sums.sorted { $0.key < $1.key }.map { ($0.value.reference / $0.value.count, $0.value.model / $0.value.count) }
        let reference = means.reduce(0) { $0 + $1.0 }
        guard reference > 0 else {
            throw RunError(
                code: "bad_review", message: "\(path): expected scores above 0 for references, found none",
                hint: "the first number of each pair is the judge's score of the reference")
        }
        value = 100 * means.reduce(0) { $0 + $1.1 } / reference
        questionCount = sums.count
        unreadableCount = unreadable
        otherCount = others
        repeatCount = pairs.rowCount - unreadable - others - sums.count
    }

    /// The key of the column that holds the pairs.
    private static func pairKey(_ path: String) throws -> String {
        do throws(EmbeddingFileError) {
            _ = try readGroupedColumn("\(path):tuple")
            return "tuple"
        } catch {
            // If a line has no pair, the judge's words are in another column.
            if case .wrongKind = error, (try? readGroupedColumn("\(path):content")) != nil { return "content" }
            guard case .missingArray(_, _, let found) = error else { throw error }
            // The judge's words begin with the two numbers.
            let keys = ["score", "scores", "rating", "ratings", "content", "text", "review", "response"]
            if let key = keys.first(where: found.contains) { return key }
            throw RunError(
                code: "bad_review",
                message:
                    "\(path): expected a key 'tuple' or 'score' with the pairs [reference, model], found \(found.joined(separator: ", "))",
                hint: "give the file that LLaVA's eval_gpt_review_bench.py wrote, or a number of your own as score: in the manifest")
        }
    }

    /// What the reviews leave out of `expected` answers, in words; nil if they leave nothing out.
    func words(expected: Int?) -> String? {
        var parts: [String] = []
        if let expected, questionCount < expected { parts.append("\(questionCount) of \(expected) answers have a readable review") }
        if unreadableCount > 0 { parts.append("\(unreadableCount) reviews are unreadable (-1) and left out") }
        if otherCount > 0 { parts.append("\(otherCount) reviews are of other questions and left out") }
        if repeatCount > 0 { parts.append("\(repeatCount) repeat a question, of which the mean is taken") }
        return parts.isEmpty ? nil : "\(path): " + parts.joined(separator: "; ")
    }
}

extension Column {
    /// Two numbers for each row, given as numbers or at the beginning of the judge's words. Pairs that cannot be read are -1, as in LLaVA's
    /// script. Nil if no row has two numbers.
    fileprivate var pairs: Matrix? {
        switch values {
        case .vectors(let rows): return rows.columnCount == 2 ? rows : nil
        case .texts(let texts):
            let read = texts.map(pair)
            guard read.contains(where: { $0 != nil }) else { return nil }
            return Matrix(rows: read.map { $0 ?? [-1, -1] })
        }
    }
}

/// The two numbers with which a text begins, such as `8 6`, `8, 6` or `[8, 6]`; nil for other texts.
private func pair(_ text: String) -> [Double]? {
    let line = text.drop(while: \.isWhitespace).prefix { !$0.isNewline }
    let words = line.split { " ,;\t[]()/".contains($0) }
    let numbers = words.map { Double($0) }
    guard numbers.count == 2, let reference = numbers[0], let model = numbers[1], reference.isFinite, model.isFinite else { return nil }
    return [reference, model]
}

extension Double {
    /// The number with one decimal, such as `75.3`.
    fileprivate var oneDecimal: String {
        let tenths = Int((self * 10).rounded())
        return "\(tenths / 10).\(abs(tenths % 10))"
    }
}
