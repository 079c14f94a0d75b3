import LinearAlgebra
import Statistics

/// Finds pairs that look no better than random ones: a bilinear head with a cosine prior, fitted to the other folds, scores held-out
/// pairs against decoys.
///
/// Beats or ties the best of cosine, softmax cosine, CSLS, nearest neighbours, LEMoN and CCA in 97 of 104 measured runs. Influence
/// functions are not a detector: .57 to .92 on the same data.
package struct MisalignmentDetector: Sendable {
    /// Axes a side that the head lives in.
    package var rank = 64
    /// The penalty; nil to choose among `ridges` by the pair AUROC, which needs no labels.
    package var ridge: Double?
    /// What is tried, in order.
    package var ridges: [Double] = [0.3, 1, 3, .infinity]
    /// Folds by group.
    package var foldCount = 5
    /// Scores are multiplied by this: wrong pairs in the training data shrink their scale.
    package var sharpening = 2.0
    /// Rows with q up to this are confirmed.
    package var alpha = 0.05
    /// Rows with `unrelated` of at least this are flagged, and left out of the second pass.
    package var flagThreshold = 0.5
    /// Below this pair AUROC nothing is flagged.
    package var leastSignal = 0.6
    /// The norm of the gradient, over that at W = 0, where a fit ends.
    package var tolerance = 1e-4
    /// Rows that a fold is fitted to, at most; a seeded choice where there are more.
    package var mostTrainingRows = 100_000
    /// Rows that a score is held against, at most; a seeded choice where there are more.
    package var mostBackgroundRows = 8_192
    /// The seed of folds, batches, choices of rows, decoys of large folds and resamples.
    package var seed: UInt64 = 0
    /// Threads; results do not depend on their number.
    package var threadCount = 1

    /// A detector with the measured defaults.
    package init() {}

    /// Fewest pairs that folds and decoys make sense for.
    package static let fewestRows = 10

    /// Scores all pairs. The order of rows changes nothing.
    ///
    /// - Parameter folds: a fold for each row; nil to deal groups to folds.
    /// - Throws: `AttributionError.tooFewPairs`, `.notConverged`.
    package func detect(_ pairs: EmbeddedPairs, folds givenFolds: [Int]? = nil) throws -> MisalignmentDetection {
        let groupCount = Set(pairs.groups).count
        guard pairs.rowCount >= Self.fewestRows, groupCount >= 2 else {
            throw AttributionError.tooFewPairs(rows: pairs.rowCount, groups: groupCount, needed: Self.fewestRows)
        }
        let order = pairs.canonicalOrder
        let sorted = pairs.selectingRows(order)
        let folds =
            givenFolds.map { all in order.map { all[$0] } }
            ?? FoldPartition.folds(groups: sorted.groups, count: foldCount, seed: seed)
        let run = DetectionRun(self, sorted, folds: folds)
        return try run.detection().reordered(order)
    }
}
