import LinearAlgebra

/// Why a head chose a wrong candidate for a query: the training pairs whose removal lowers that answer's margin most.
package struct AnswerTrace: Sendable {
    /// A training pair that contributed to an answer.
    package struct Cause: Sendable, Equatable {
        /// The row of the training pair.
        package let row: Int
        /// The change of the margin when the pair is removed, in score units. Below 0, removing it moves the answer towards the right one.
        package let influence: Double
    }

    /// The row of the query.
    package let query: Int
    /// The candidate with the highest score.
    package let answer: Int
    /// The right candidate.
    package let right: Int
    /// S(query, answer) - S(query, right), above 0.
    package let margin: Double
    /// The pairs that caused the answer, strongest first.
    package let causes: [Cause]
    /// The sum of the influences of the causes.
    package let predictedChange: Double
    /// The change of the margin in a refit without the causes.
    package let measuredChange: Double
    /// The candidate with the highest score after that refit.
    package let answerAfter: Int
    /// Whether that candidate is the right one, or has the same row.
    package let isCorrected: Bool

    /// The answers of a head to a set of queries.
    package struct Answers: Sendable {
        /// For each query, the candidate with the highest score.
        package let answers: [Int]
        /// The queries whose answer is neither the right candidate nor equal to it, by falling margin.
        package let wrong: [Int]
    }

    /// Computes the head's answer to each query.
    ///
    /// - Parameters:
    ///   - queries: unit rows of the left side.
    ///   - candidates: unit rows of the right side.
    ///   - right: the right candidate of each query.
    package static func answers(
        of head: TrainedPairHead, queries: Matrix, candidates: Matrix, right: [Int], weights: Matrix? = nil
    ) -> Answers {
        var (answers, wrong) = ([Int](), [(query: Int, margin: Double)]())
        for start in stride(from: 0, to: queries.rowCount, by: 256) {
            let block = start..<min(start + 256, queries.rowCount)
            let scores = head.scores(queries.rows(block), candidates, weights: weights)
            for query in block {
                let row = scores.row(query - block.lowerBound)
                let best = row.indices.max { (row[$0], -$0) < (row[$1], -$1) }.map { $0 - row.startIndex } ?? 0
                answers.append(best)
                if !isSame(candidates, best, right[query]) {
                    wrong.append((query, scores[query - block.lowerBound, best] - scores[query - block.lowerBound, right[query]]))
                }
            }
        }
        return Answers(
            answers: answers, wrong: wrong.sorted { ($1.margin, $0.query) < ($0.margin, $1.query) }.map(\.query))
    }

    private static func isSame(_ rows: Matrix, _ one: Int, _ other: Int) -> Bool {
        one == other || rows.rows(one..<(one + 1)).inner(rows.rows(other..<(other + 1))) > FoldDecoys.sameRowCosine
    }

    /// Traces one wrong answer.
    ///
    /// - Parameter causeCount: the number of training pairs to name and to leave out of the refit.
    package init(
        of head: TrainedPairHead, query: Int, answer: Int, right: Int, queries: Matrix, candidates: Matrix, causeCount: Int
    ) throws {
        let row = queries.rows(query..<(query + 1))
        let (chosen, expected) = (candidates.rows(answer..<(answer + 1)), candidates.rows(right..<(right + 1)))
        let target = head.margin(row, chosen: chosen, over: expected)
        let values = try head.influences(on: target).values
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        causes = order.prefix(causeCount).filter { values[$0] < 0 }.map { Cause(row: $0, influence: values[$0]) }
        self.query = query
        self.answer = answer
        self.right = right
        margin = target.value
        predictedChange = causes.reduce(0) { $0 + $1.influence }
        let weights = causes.isEmpty ? nil : try head.refittedWeights(without: causes.map(\.row))
        let scores = head.scores(row, candidates, weights: weights)
        measuredChange = scores[0, answer] - scores[0, right] - target.value
        answerAfter = scores.elements.indices.max { (scores[0, $0], -$0) < (scores[0, $1], -$1) } ?? answer
        isCorrected = Self.isSame(candidates, answerAfter, right)
    }
}
