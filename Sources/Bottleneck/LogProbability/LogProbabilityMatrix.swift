import LinearAlgebra
import RealModule
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
    /// What the influences are made of.
    fileprivate let parts: ItemInfluences

    /// Computes the information of an n x n matrix whose items are in groups.
    ///
    /// - Throws: `LogProbabilityError`.
    package init(_ matrix: Matrix, groups: [String], confidence: Double = 0.95) throws(LogProbabilityError) {
        let n = matrix.rowCount
        guard matrix.columnCount == n else { throw .notSquare(rows: n, columns: matrix.columnCount) }
        precondition(groups.count == n, "one group a row")
        for row in 0..<n {
            for column in 0..<n where matrix[row, column].isInfinite { throw .infinite(row: row, column: column) }
            guard matrix[row, row].isFinite else { throw .unscoredPair(row: row) }
        }
        var (count, sum) = (0, 0.0)
        for row in 0..<n {
            for column in 0..<n where column != row && !matrix[row, column].isNaN { (count, sum) = (count + 1, sum + matrix[row, column]) }
        }
        negativeCount = count
        guard count > 0 else { throw .noNegatives }
        let mean = sum / Double(count)
        // Items have different numbers of scored pairs. Deviations from the mean of all pairs linearise this mean as a ratio.
        let weight = Double(n) / Double(count)
        var asQuery = [Double](repeating: 0, count: n)
        var parts = ItemInfluences(groups: groups, scoredShare: Double(count) / (Double(n) * Double(n - 1)))
        for row in 0..<n {
            for column in 0..<n where column != row && !matrix[row, column].isNaN {
                let deviation = weight * (matrix[row, column] - mean)
                asQuery[row] += deviation
                parts.add(-deviation, query: row, answer: column)
            }
            parts.add(matrix[row, row] - mean, item: row)
        }
        self.parts = parts
        contributions = (0..<n).map { matrix[$0, $0] - mean - asQuery[$0] }
        influence = parts.influence
        information = UncertainValue(
            value: contributions.reduce(0, +) / Double(n), influence: influence, intervals: IntervalMethod(confidence: confidence))
    }
}

/// The contributions of items to a mean over pairs of them, of which each pair belongs to two.
private struct ItemInfluences: Sendable {
    private let groups: [String]
    private let groupByItem: [Int]
    private var byItem: [Double]
    /// The sum over the pairs of two groups, weighted by the square root of the share of pairs that were not scored; empty if all were.
    private var byPair: Matrix
    private let pairWeight: Double

    /// - Parameter scoredShare: the share of all pairs of different items that were scored.
    init(groups: [String], scoredShare: Double) {
        self.groups = groups
        var places: [String: Int] = [:]
        groupByItem = groups.map { group in
            if let place = places[group] { return place }
            places[group] = places.count
            return places.count - 1
        }
        byItem = [Double](repeating: 0, count: groups.count)
        pairWeight = max(0, 1 - scoredShare).squareRoot()
        byPair = pairWeight > 0 ? .zeros(places.count, places.count) : .zeros(0, 0)
    }

    mutating func add(_ value: Double, item: Int) { byItem[item] += value }

    /// Adds what a pair contributes to both of its items, or once if they are of one group.
    mutating func add(_ value: Double, query: Int, answer: Int) {
        byItem[query] += value
        let (first, second) = (groupByItem[query], groupByItem[answer])
        guard first != second else { return }
        byItem[answer] += value
        if pairWeight > 0 { byPair[min(first, second), max(first, second)] += pairWeight * value }
    }

    func subtracting(_ other: ItemInfluences) -> ItemInfluences {
        var difference = self
        difference.byItem = zip(byItem, other.byItem).map { $0 - $1 }
        if byPair.rowCount == other.byPair.rowCount {
            difference.byPair = byPair.combining(other.byPair) { $0 - $1 }
        } else if byPair.rowCount == 0 {
            difference.byPair = other.byPair
        }
        return difference
    }

    /// The influence of each group; without errors for fewer than three groups.
    ///
    /// The square of a pair is in the variance of both of its groups, and is taken out once, as the dyadic variance of Fafchamps and
    /// Gubert (J. Development Economics 83, 2007) does: with few pairs for each item this matters. With all pairs it is of the order of
    /// 1/n, as is what centring takes from the variance, so it is weighted by the share of pairs that were not scored.
    var influence: GroupInfluence {
        guard byItem.count > 0, Set(groupByItem).count > 2 else { return GroupInfluence(unknownOf: groups) }
        let plain = GroupInfluence(contributions: byItem, groups: groups)
        guard let error = plain.standardError, error > 0 else { return plain }
        let n = Double(byItem.count)
        let counted = byPair.elements.reduce(0) { $0 + $1 * $1 } / (n * n)
        // On average at most half of the variance is counted twice.
        return plain.scaled(by: max(0.5, 1 - counted / (error * error)).squareRoot())
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
    /// How much each group moves the difference.
    package let influence: GroupInfluence

    /// - Throws: `LogProbabilityError`.
    /// - Precondition: the matrices have the same size.
    package init(model: Matrix, reference: Matrix, groups: [String], confidence: Double = 0.95)
        throws(LogProbabilityError)
    {
        self.init(
            model: try LogProbabilityInformation(model, groups: groups, confidence: confidence),
            reference: try LogProbabilityInformation(reference, groups: groups, confidence: confidence), confidence: confidence)
    }

    /// EMI of two estimates of the same items.
    package init(model: LogProbabilityInformation, reference: LogProbabilityInformation, confidence: Double = 0.95) {
        precondition(model.contributions.count == reference.contributions.count, "matrices of different items")
        (self.model, self.reference) = (model, reference)
        influence = model.parts.subtracting(reference.parts).influence
        value = UncertainValue(
            value: model.information.value - reference.information.value, influence: influence,
            intervals: IntervalMethod(confidence: confidence))
    }

    /// The contribution of each item; their mean is the value.
    package var contributions: [Double] { zip(model.contributions, reference.contributions).map { $0 - $1 } }
}
