import LinearAlgebra
import RealModule

/// The scores S of a fitted head over all rows of a set of pairs, in blocks: S = s cos + u^T W v.
package struct PairScorer: Sendable {
    /// N x d unit rows; nil without a prior.
    private let cosineRows: (left: Matrix, right: Matrix)?
    /// N x k: rows in the axes of the head, the left ones times W.
    private let headRows: (left: Matrix, right: Matrix)
    let priorScale: Double

    /// - Parameters:
    ///   - basis: the axes of the head.
    ///   - weights: W in those axes; nil for a head that is its prior alone.
    package init(
        pairs: EmbeddedPairs, basis: SecondMomentBasis, weights: Matrix?, priorScale: Double, threadCount: Int
    ) {
        cosineRows = priorScale > 0 ? (pairs.left, pairs.right) : nil
        self.priorScale = priorScale
        if let weights {
            headRows = (
                pairs.left.times(basis.left.transposed.times(weights), threadCount: threadCount),
                pairs.right.times(basis.right.transposed, threadCount: threadCount)
            )
        } else {
            headRows = (.zeros(pairs.rowCount, 0), .zeros(pairs.rowCount, 0))
        }
    }

    /// Some left rows, ready for products.
    func left(_ rows: [Int]) -> ScorerRows {
        ScorerRows(head: headRows.left.selectingRows(rows), cosine: cosineRows?.left.selectingRows(rows))
    }

    /// Some right rows, ready for products.
    func right(_ rows: [Int]) -> ScorerRows {
        ScorerRows(head: headRows.right.selectingRows(rows), cosine: cosineRows?.right.selectingRows(rows))
    }

    /// `factor` times the scores of the rows of one side with the rows of the other: a x b.
    func scores(_ rows: ScorerRows, _ others: ScorerRows, factor: Double = 1) -> Matrix {
        var scores = rows.head.timesTransposed(others.head)
        let scale = priorScale
        if let cosines = rows.cosine, let otherCosines = others.cosine {
            scores.combine(cosines.timesTransposed(otherCosines)) { factor * ($0 + scale * $1) }
        } else if factor != 1 {
            scores.combine(scores) { score, _ in factor * score }
        }
        return scores
    }
}

/// Rows of one side, in the axes of the head and, with a prior, as they are.
struct ScorerRows: Sendable {
    let head: Matrix
    let cosine: Matrix?

    /// The rows of a range.
    func rows(_ range: Range<Int>) -> ScorerRows {
        ScorerRows(head: head.rows(range), cosine: cosine?.rows(range))
    }
}

/// The mean of exp over a background of scores, with one or two of them left out: what a pair's score is held against.
///
/// The own partner must not be in the mean, nor the partner of the other side of a decoy: with them p-values are wrong.
struct Background: Sendable {
    /// The scores' log-sum-exp without the own partner.
    private let logSum: Double
    /// The same without the largest other score too.
    private let logSumWithoutLargest: Double
    /// The background number of that largest other score.
    private let largest: Int?
    private let count: Double

    /// - Parameters:
    ///   - scores: of one row with the background rows.
    ///   - own: the position of its own partner among them; nil where it is not.
    init(_ scores: ArraySlice<Double>, own: Int?) {
        var (top, position) = (-Double.infinity, Int?.none)
        for (offset, score) in scores.enumerated() where offset != own && score > top { (top, position) = (score, offset) }
        var (sum, second) = (0.0, -Double.infinity)
        for (offset, score) in scores.enumerated() where offset != own && offset != position {
            sum += .exp(score - top)
            second = max(second, score)
        }
        largest = position
        count = Double(scores.count - (own == nil ? 0 : 1))
        logSum = top + .log(1 + sum)
        if sum > 1e-8 {
            logSumWithoutLargest = top + .log(sum)
        } else {
            // What is left would be lost beside the largest: summed again from its own largest.
            var rest = 0.0
            for (offset, score) in scores.enumerated() where offset != own && offset != position { rest += .exp(score - second) }
            logSumWithoutLargest = second + .log(rest)
        }
    }

    /// The log of the mean of exp over the background, without the own partner.
    var logMean: Double { logSum - .log(count) }

    /// The same without the row at `other` too, whose score is `score`.
    ///
    /// - Parameter other: its position in the background; nil where it is not in it.
    func logMean(without other: Int?, score: Double) -> Double {
        guard let other else { return logMean }
        if other == largest { return logSumWithoutLargest - .log(count - 1) }
        // Not the largest, so at most half of the sum.
        return logSum + .log(onePlus: -.exp(score - logSum)) - .log(count - 1)
    }
}
