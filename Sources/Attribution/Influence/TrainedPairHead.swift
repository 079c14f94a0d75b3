import LinearAlgebra

/// A head fitted to all pairs that can tell the influence of each training pair.
///
/// The axes and the scale of the prior are fitted too, but both the prediction and the refit keep them fixed when pairs are removed.
package struct TrainedPairHead: Sendable {
    /// The head at its minimum, with the pairs in canonical order.
    let head: BilinearHead
    private let training: HeadTraining
    /// The row of the input that stands at each place of the head.
    private let order: [Int]
    private let seed: UInt64
    private let threadCount: Int
    private let trainingRows: Int
    private let widths: (left: Int, right: Int)

    /// Fits a head.
    ///
    /// - Parameters:
    ///   - rank: the number of axes per side.
    ///   - ridge: a finite penalty, because a head without weights has no influences.
    ///   - tolerance: the fit ends when the norm of the gradient over its norm at W = 0 is this small.
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

    /// The scale s of the cosine prior.
    package var priorScale: Double { training.priorScale }
    /// The minimum of the loss per training pair, penalty included.
    package var lossPerRow: Double { head.loss / Double(max(1, trainingRows)) }
    /// The norm of the gradient over its norm at W = 0.
    package var relativeGradient: Double { head.relativeGradient }
    /// The number of Newton steps.
    package var newtonSteps: Int { head.newtonSteps }

    /// The mean contrastive loss of other pairs and its gradient, in batches like those of the training.
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

    /// How much, to first order, a target changes when each pair is removed, in the order of the pairs.
    package func influences(on target: InfluenceTarget, tolerance: Double? = nil) throws -> (values: [Double], iterations: Int) {
        // For large sets 1e-3 suffices: the largest error is then 7e-4 of the largest influence.
        let precision = tolerance ?? (trainingRows <= BatchPartition.mostRowsInOneBatch ? 1e-6 : 1e-3)
        let influence = try RemovalInfluence(of: head, on: target, tolerance: precision)
        return (restored(influence.values()), influence.iterations)
    }

    /// |H^-1 grad C_n| of every pair, the divisor of relative influence; nil if the curvature is too large to be formed.
    package func removalSizes(_ target: InfluenceTarget) throws -> [Double]? {
        guard let curvature = try ExplicitCurvature(of: head) else { return nil }
        return restored(try curvature.pairQuantities(target).sizes)
    }

    /// The weights of a refit without some pairs.
    package func refittedWeights(without rows: [Int]) throws -> Matrix {
        let removed = Set(rows)
        return try head.refitted(without: Set(order.indices.filter { removed.contains(order[$0]) })).weights
    }

    /// The scores of a left rows with b right rows of the same spaces: a x b.
    package func scores(_ left: Matrix, _ right: Matrix, weights: Matrix? = nil) -> Matrix {
        var scores = left.times(training.basis.left.transposed.times(weights ?? head.weights))
            .timesTransposed(right.times(training.basis.right.transposed))
        if priorScale > 0 { scores.add(left.timesTransposed(right), times: priorScale) }
        return scores
    }

    /// How far a left row's score with one right row exceeds its score with another, and the gradient of this margin.
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
