import LinearAlgebra
import RealModule

/// Computes the scores S = s cos + u^T W v of a fitted head over all rows of a set of pairs, in blocks.
package struct PairScorer: Sendable {
    /// The N x d unit rows; nil without a prior.
    private let cosineRows: (left: Matrix, right: Matrix)?
    /// The rows in the axes of the head, N x k; the left ones are multiplied by W.
    private let headRows: (left: Matrix, right: Matrix)
    let priorScale: Double

    /// - Parameters:
    ///   - basis: the axes of the head.
    ///   - weights: W in those axes; nil for a head that consists of its prior alone.
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

    /// The given left rows, ready for products.
    func left(_ rows: [Int]) -> ScorerRows {
        ScorerRows(head: headRows.left.selectingRows(rows), cosine: cosineRows?.left.selectingRows(rows))
    }

    /// The given right rows, ready for products.
    func right(_ rows: [Int]) -> ScorerRows {
        ScorerRows(head: headRows.right.selectingRows(rows), cosine: cosineRows?.right.selectingRows(rows))
    }

    /// `factor` times the scores of a rows of one side with b rows of the other: a x b.
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

/// Rows of one side in the axes of the head; with a prior, also the rows themselves.
struct ScorerRows: Sendable {
    let head: Matrix
    let cosine: Matrix?

    /// The rows of a range.
    func rows(_ range: Range<Int>) -> ScorerRows {
        ScorerRows(head: head.rows(range), cosine: cosine?.rows(range))
    }
}

/// The mean of exp over a row's scores with the background, against which a pair's score is compared.
///
/// The mean must contain neither the row's own partner nor, for a decoy, the partner of its other side; otherwise p-values are wrong.
struct Background: Sendable {
    /// The log-sum-exp of the scores without the own partner.
    private let logSum: Double
    /// The log-sum-exp without the own partner and without the largest other score.
    private let logSumWithoutLargest: Double
    /// The position of that largest other score in the background.
    private let largest: Int?
    private let count: Double

    /// - Parameters:
    ///   - scores: the scores of one row with the background rows.
    ///   - own: the position of the row's own partner among them; nil if it is not among them.
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
            // Subtracting the largest term would lose the rest to rounding, so the rest is summed anew relative to its own largest.
            var rest = 0.0
            for (offset, score) in scores.enumerated() where offset != own && offset != position { rest += .exp(score - second) }
            logSumWithoutLargest = second + .log(rest)
        }
    }

    /// The log of the mean of exp over the background, without the own partner.
    var logMean: Double { logSum - .log(count) }

    /// The same without the background row at `other`, whose score is `score`.
    ///
    /// - Parameter other: the position in the background; nil if the row is not in it.
    func logMean(without other: Int?, score: Double) -> Double {
        guard let other else { return logMean }
        if other == largest { return logSumWithoutLargest - .log(count - 1) }
        // This is not the largest score, so it is at most half of the sum.
        return logSum + .log(onePlus: -.exp(score - logSum)) - .log(count - 1)
    }
}
