import LinearAlgebra

extension BilinearHead {
    /// The head fitted anew without some rows, in the same axes, with the same prior, the other rows in their batches: what a
    /// prediction by influence is held against.
    ///
    /// - Parameter removed: row numbers of the objective.
    /// - Throws: `AttributionError.notConverged`.
    package func refitted(without removed: Set<Int>, tolerance: Double = 1e-6) throws -> BilinearHead {
        let rest = try ContrastiveObjective(
            left: objective.left, right: objective.right, prior: objective.prior,
            batches: objective.batches.map { $0.filter { !removed.contains($0) } }, ridge: objective.ridge,
            temperature: objective.temperature, anchor: objective.anchor, threadCount: objective.threadCount)
        return try BilinearHead(fitting: rest, tolerance: tolerance, start: weights)
    }
}
