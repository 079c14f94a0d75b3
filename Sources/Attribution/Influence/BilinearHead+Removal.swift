import LinearAlgebra

extension BilinearHead {
    /// Fits the head again without some rows, with the same axes and prior and with the other rows in their batches. Predictions by
    /// influence are compared with this.
    ///
    /// - Parameter removed: the row numbers of the objective to leave out.
    /// - Throws: `AttributionError.notConverged`.
    package func refitted(without removed: Set<Int>, tolerance: Double = 1e-6) throws -> BilinearHead {
        let rest = try ContrastiveObjective(
            left: objective.left, right: objective.right, prior: objective.prior,
            batches: objective.batches.map { $0.filter { !removed.contains($0) } }, ridge: objective.ridge,
            temperature: objective.temperature, anchor: objective.anchor, threadCount: objective.threadCount)
        return try BilinearHead(fitting: rest, tolerance: tolerance, start: weights)
    }
}
