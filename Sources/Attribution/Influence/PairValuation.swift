import LinearAlgebra
import Statistics

/// Which training pairs help and which harm the contrastive loss of validation pairs, predicted by influence and measured by refits.
package struct PairValuation: Sendable {
    /// For each training pair, the change of the mean validation loss when it is removed, in nats per validation pair. Above 0, removing
    /// the pair raises the loss, so the pair helps.
    package let influences: [Double]
    /// The influences divided by the size of the change of the weights; nil if nobody asked for it or the curvature is too large.
    package let relative: [Double]?
    /// The mean validation loss in nats per pair.
    package let loss: Double
    /// The pairs with the most harmful influences, most harmful first. The predictions and refits below leave them out.
    package let removedRows: [Int]
    /// The sum of the influences of the removed pairs.
    package let predictedChange: Double
    /// The change of the loss in a refit without them.
    package let measuredChange: Double
    /// The mean change of the loss in refits without as many pairs chosen at random.
    package let randomChange: Double
    /// The number of iterations of the solve.
    package let iterations: Int

    /// The number of refits without random pairs.
    private static let randomRefits = 3

    /// Values training pairs by a validation set.
    ///
    /// - Parameters:
    ///   - removedShare: the share of all pairs, taken from the harmful ones, that predictions and refits leave out.
    ///   - isRelative: whether to compute relative influence too.
    package init(
        of head: TrainedPairHead, trainingRows: Int, validation: EmbeddedPairs, removedShare: Double, isRelative: Bool = false,
        seed: UInt64
    ) throws {
        let target = try head.validationTarget(validation)
        let (values, iterations) = try head.influences(on: target)
        influences = values
        self.iterations = iterations
        loss = target.value
        relative = isRelative ? try head.removalSizes(target).map { sizes in zip(values, sizes).map { $1 > 0 ? $0 / $1 : 0 } } : nil
        let count = Int((removedShare * Double(trainingRows)).rounded())
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        let removed = order.prefix(count).filter { values[$0] < 0 }
        removedRows = removed
        predictedChange = removed.reduce(0) { $0 + values[$1] }
        func change(without rows: [Int]) throws -> Double {
            guard !rows.isEmpty else { return 0 }
            return try head.validationTarget(validation, weights: head.refittedWeights(without: rows)).value - target.value
        }
        measuredChange = try change(without: removed)
        randomChange =
            try (0..<Self.randomRefits).reduce(0) { sum, index in
                var generator = SeededGenerator(seed: seed, stream: "random removal", index: index)
                return try sum + change(without: generator.sample(removed.count, below: trainingRows))
            } / Double(Self.randomRefits)
    }
}
