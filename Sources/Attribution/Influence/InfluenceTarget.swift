import LinearAlgebra

/// A number that depends on the weights of a head. Influence predicts how removing pairs changes it.
package struct InfluenceTarget: Sendable {
    /// The number at the head's weights: nats per pair for a loss, score units for a margin.
    package let value: Double
    /// Its gradient in W, p x q.
    package let gradient: Matrix

    /// The mean contrastive loss of validation pairs, in batches of the training's size.
    ///
    /// - Parameter objective: the objective over the validation rows, in the axes of the head, with its prior and without a ridge.
    package init?(meanLossOf objective: ContrastiveObjective, at weights: Matrix) throws {
        let count = Double(objective.rowCount)
        guard count > 0, let point = try objective.evaluate(weights, keeps: false) else { return nil }
        value = point.value / count
        gradient = point.gradient.mapElements { $0 / count }
    }

    /// How far a query's score with one candidate exceeds its score with another: u^T W (a - r) / temperature plus the prior's part.
    ///
    /// - Parameters:
    ///   - query: u, p numbers in the axes of the head.
    ///   - chosen: a, q numbers.
    ///   - right: r, q numbers.
    ///   - offset: s (cos(u, a) - cos(u, r)), which removal does not change.
    package init(
        marginOf query: [Double], chosen: [Double], over right: [Double], weights: Matrix, temperature: Double, offset: Double
    ) {
        let difference = zip(chosen, right).map { $0 - $1 }
        gradient = Matrix(rowCount: query.count, columnCount: difference.count) { query[$0] * difference[$1] / temperature }
        value = gradient.inner(weights) + offset
    }
}
