import LinearAlgebra
import Statistics

/// I(X; Y) from log-probabilities of answers given queries, L_ij = ln p(y_j | x_i): what a language model says about matched and about
/// exchanged pairs (R-EMID, 2512.17270; CLUB, 2006.12013). It is an upper bound if p is the distribution of the answers. The unit is nats
/// per answer, or per token.
///
/// I = mean_i L_ii - mean over scored pairs i != j of L_ij, over all pairs or a sample of them; NaN marks pairs that were not scored.
package struct LogProbabilityInformation: Sendable {
    /// I with its standard error. An item appears both as a query and as an answer, and its influence includes both.
    package let information: UncertainValue
    /// How much each group moves the estimate, as query and as answer.
    package let influence: GroupInfluence
    /// The contribution of each query; their mean is I. It is the query's own log-probability minus those of the other answers given it.
    package let contributions: [Double]
    /// The number of scored pairs of different items.
    package let negativeCount: Int

    /// Computes the information of an n x n matrix whose items are in groups.
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
        // Items have different numbers of scored pairs. Deviations from the mean of all pairs linearise this mean as a ratio.
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

/// What is wrong with a matrix of log-probabilities; rows and columns count from 0.
package enum LogProbabilityError: Error, Equatable, Sendable {
    case notSquare(rows: Int, columns: Int)
    /// The pair of an item with itself was not scored.
    case unscoredPair(row: Int)
    case infinite(row: Int, column: Int)
    /// No answer was scored given another item's query.
    case noNegatives
}

/// EMI from two matrices of log-probabilities, those of responses and of references to the same items: I(X; Y_theta) - I(X; Y), in nats.
package struct LogProbabilityEMI: Sendable {
    /// I(X; Y_theta).
    package let model: LogProbabilityInformation
    /// I(X; Y).
    package let reference: LogProbabilityInformation
    /// The difference with its standard error.
    package let value: UncertainValue

    /// - Throws: `LogProbabilityError`.
    /// - Precondition: the matrices have the same size.
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

    /// The contribution of each item; their mean is the value.
    package var contributions: [Double] { zip(model.contributions, reference.contributions).map { $0 - $1 } }
}
