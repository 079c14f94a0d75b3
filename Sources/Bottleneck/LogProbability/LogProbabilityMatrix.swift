import LinearAlgebra
import Statistics

/// I(X; Y) from log-probabilities of answers given queries, L_ij = ln p(y_j | x_i): what a language model says of
/// matched and of exchanged pairs (R-EMID, 2512.17270; CLUB, 2006.12013). An upper value where p is the law of the
/// answers; nats an answer, or a token.
///
/// I = mean_i L_ii - mean over scored pairs i != j of L_ij. All pairs or a sample of them: what is NaN has not been
/// scored.
package struct LogProbabilityInformation: Sendable {
    /// I with its standard error. An item takes part as query and as answer: its influence has both.
    package let information: UncertainValue
    /// How each group moves the estimate, as query and as answer.
    package let influence: GroupInfluence
    /// One contribution a query, whose mean is I: its own log-probability less those of the other answers given it.
    package let contributions: [Double]
    /// The number of scored pairs of different items.
    package let negativeCount: Int

    /// Of an n x n matrix with its groups.
    ///
    /// - Throws: `LogProbabilityError`.
    package init(_ matrix: Matrix, groups: [String], confidence: Double = 0.95) throws(LogProbabilityError) {
        let n = matrix.rowCount
        guard matrix.columnCount == n else { throw .notSquare(rows: n, columns: matrix.columnCount) }
        precondition(groups.count == n, "one group a row")
        for row in 0..<n {
            guard matrix[row, row].isFinite else { throw .unscoredPair(row: row) }
            for column in 0..<n where matrix[row, column].isInfinite { throw .infinite(row: row, column: column) }
        }
        let scored = (0..<n).map { row in (0..<n).filter { $0 != row && !matrix[row, $0].isNaN } }
        negativeCount = scored.reduce(0) { $0 + $1.count }
        guard negativeCount > 0 else { throw .noNegatives }
        let mean =
            (0..<n).reduce(0.0) { sum, row in
                sum + scored[row].reduce(0) { $0 + matrix[row, $1] }
            } / Double(negativeCount)
        // Items have different numbers of scored pairs: deviations from the mean of all make the mean a ratio to
        // first order.
        let weight = Double(n) / Double(negativeCount)
        var (asQuery, asAnswer) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
        for row in 0..<n {
            for column in scored[row] {
                let deviation = weight * (matrix[row, column] - mean)
                asQuery[row] += deviation
                asAnswer[column] += deviation
            }
        }
        contributions = (0..<n).map { matrix[$0, $0] - mean - asQuery[$0] }
        let value = contributions.reduce(0, +) / Double(n)
        influence = GroupInfluence(
            contributions: (0..<n).map { matrix[$0, $0] - mean - asQuery[$0] - asAnswer[$0] }, groups: groups)
        information = UncertainValue(
            value: value, influence: influence, intervals: IntervalMethod(confidence: confidence))
    }
}

/// What is wrong with a matrix of log-probabilities. Rows and columns count from 0.
package enum LogProbabilityError: Error, Equatable, Sendable {
    case notSquare(rows: Int, columns: Int)
    /// The pair of an item with itself has no score.
    case unscoredPair(row: Int)
    case infinite(row: Int, column: Int)
    /// No answer was scored given another query.
    case noNegatives
}

/// EMI of two matrices of log-probabilities, responses and references of the same items: I(X; Y_theta) - I(X; Y), in
/// nats.
package struct LogProbabilityEMI: Sendable {
    /// I(X; Y_theta).
    package let model: LogProbabilityInformation
    /// I(X; Y).
    package let reference: LogProbabilityInformation
    /// The difference with its standard error.
    package let value: UncertainValue

    /// - Throws: `LogProbabilityError`.
    /// - Precondition: matrices of one size.
    package init(model: Matrix, reference: Matrix, groups: [String], confidence: Double = 0.95)
        throws(LogProbabilityError)
    {
        precondition(model.rowCount == reference.rowCount, "matrices of different items")
        let intervals = IntervalMethod(confidence: confidence)
        self.model = try LogProbabilityInformation(model, groups: groups, confidence: confidence)
        self.reference = try LogProbabilityInformation(reference, groups: groups, confidence: confidence)
        value = UncertainValue(
            value: self.model.information.value - self.reference.information.value,
            influence: self.model.influence.subtracting(self.reference.influence), intervals: intervals)
    }

    /// One contribution an item, whose mean is the value.
    package var contributions: [Double] { zip(model.contributions, reference.contributions).map { $0 - $1 } }
}
