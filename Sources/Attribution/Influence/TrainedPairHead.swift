import LinearAlgebra

/// A head fitted to all pairs, whose training pairs can be asked for their influence.
///
/// Axes and the scale of the prior are fitted with it and stay as they are when pairs are removed, in the prediction and in the refit.
package struct TrainedPairHead: Sendable {
    /// The head at its minimum, over pairs in canonical order.
    let head: BilinearHead
    private let training: HeadTraining
    /// The row of the pairs that stands at each place of the head.
    private let order: [Int]
    private let seed: UInt64
    private let threadCount: Int
    private let trainingRows: Int
    private let widths: (left: Int, right: Int)

    /// Fits a head.
    ///
    /// - Parameters:
    ///   - rank: axes a side.
    ///   - ridge: finite; a head without weights has no influences.
    ///   - tolerance: of the norm of the gradient over that at W = 0.
    /// - Throws: `AttributionError`.
    package init(
        _ pairs: EmbeddedPairs, rank: Int, ridge: Double, tolerance: Double = 1e-6, seed: UInt64, threadCount: Int
    ) throws {
        precondition(ridge < .infinity, "a head without weights has no influences")
        order = pairs.canonicalOrder
        training = try HeadTraining(
            pairs.selectingRows(order), training: Array(order.indices), rank: rank, seed: seed, threadCount: threadCount)
        guard let head = try training.head(ridge: ridge, tolerance: tolerance) else {
            throw AttributionError.notConverged(relativeGradient: 1, steps: 0)
        }
        self.head = head
        self.seed = seed
        self.threadCount = threadCount
        trainingRows = pairs.rowCount
        widths = (pairs.left.columnCount, pairs.right.columnCount)
    }

    /// s of the cosine prior.
    package var priorScale: Double { training.priorScale }
    /// The minimum of the loss a training pair, penalty included.
    package var lossPerRow: Double { head.loss / Double(max(1, trainingRows)) }
    /// The norm of the gradient over that at W = 0.
    package var relativeGradient: Double { head.relativeGradient }
    /// Steps of Newton's method.
    package var newtonSteps: Int { head.newtonSteps }

    /// The mean contrastive loss of other pairs and its gradient, in batches as the training has them.
    ///
    /// - Throws: `AttributionError.widthsDiffer`.
    package func validationTarget(_ pairs: EmbeddedPairs, weights: Matrix? = nil) throws -> InfluenceTarget {
        for (side, found, expected) in [
            ("left", pairs.left.columnCount, widths.left), ("right", pairs.right.columnCount, widths.right),
        ] where found != expected {
            throw AttributionError.widthsDiffer(side: side, found: found, expected: expected)
        }
        let sorted = pairs.selectingRows(pairs.canonicalOrder)
        let size = head.objective.batches.map(\.count).max() ?? 1
        let objective = try ContrastiveObjective(
            left: sorted.left.times(training.basis.left.transposed), right: sorted.right.times(training.basis.right.transposed),
            prior: priorScale > 0 ? CosinePrior(left: sorted.left, right: sorted.right, scale: priorScale) : nil,
            batches: BatchPartition.batches(rowCount: pairs.rowCount, size: max(2, size), seed: seed), ridge: 0,
            threadCount: threadCount)
        guard let target = try InfluenceTarget(meanLossOf: objective, at: weights ?? head.weights) else {
            throw AttributionError.notConverged(relativeGradient: 1, steps: 0)
        }
        return target
    }

    /// The change of a target, to first order, when each pair is removed, in the order of the pairs.
    package func influences(on target: InfluenceTarget, tolerance: Double? = nil) throws -> (values: [Double], iterations: Int) {
        // Large sets: at 1e-3 the largest error is 7e-4 of the largest influence.
        let precision = tolerance ?? (trainingRows <= BatchPartition.mostRowsInOneBatch ? 1e-6 : 1e-3)
        let influence = try RemovalInfluence(of: head, on: target, tolerance: precision)
        return (restored(influence.values()), influence.iterations)
    }

    /// |H^-1 grad C_n| of every pair, by which relative influence is divided; nil where the curvature is too large to be formed.
    package func removalSizes(_ target: InfluenceTarget) throws -> [Double]? {
        guard let curvature = try ExplicitCurvature(of: head) else { return nil }
        return restored(try curvature.pairQuantities(target).sizes)
    }

    /// The weights after a refit without some pairs.
    package func refittedWeights(without rows: [Int]) throws -> Matrix {
        let removed = Set(rows)
        return try head.refitted(without: Set(order.indices.filter { removed.contains(order[$0]) })).weights
    }

    /// The scores of left rows with right rows of the same spaces: a x b.
    package func scores(_ left: Matrix, _ right: Matrix, weights: Matrix? = nil) -> Matrix {
        var scores = left.times(training.basis.left.transposed.times(weights ?? head.weights))
            .timesTransposed(right.times(training.basis.right.transposed))
        if priorScale > 0 { scores.add(left.timesTransposed(right), times: priorScale) }
        return scores
    }

    /// How far a left row's score with one right row is above that with another, and its gradient.
    func margin(_ query: Matrix, chosen: Matrix, over right: Matrix) -> InfluenceTarget {
        let cosines = priorScale > 0 ? query.inner(chosen) - query.inner(right) : 0
        return InfluenceTarget(
            marginOf: query.times(training.basis.left.transposed).elements,
            chosen: chosen.times(training.basis.right.transposed).elements,
            over: right.times(training.basis.right.transposed).elements, weights: head.weights, temperature: 1,
            offset: priorScale * cosines)
    }

    private func restored(_ values: [Double]) -> [Double] {
        var result = values
        for (position, row) in order.enumerated() { result[row] = values[position] }
        return result
    }
}
