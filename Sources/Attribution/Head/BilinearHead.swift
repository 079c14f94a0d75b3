import LinearAlgebra

/// A head at the minimum of its objective, with the effort that the fit took.
package struct BilinearHead: Sendable {
    /// The objective that was minimised.
    package let objective: ContrastiveObjective
    /// The weights, loss and softmaxes at the minimum.
    package let point: ContrastivePoint
    /// The norm of the gradient over its norm at W0.
    package let relativeGradient: Double
    /// The number of Newton steps.
    package let newtonSteps: Int
    /// The number of products with the curvature in all steps.
    package let curvatureProducts: Int

    /// The weights W, p x q.
    package var weights: Matrix { point.weights }
    /// The minimum of the loss, in nats over all rows, penalty included.
    package var loss: Double { point.value }

    /// Fits by damped Newton steps, each from conjugate gradients.
    ///
    /// - Parameters:
    ///   - tolerance: the fit ends when the norm of the gradient over its norm at W0 is this small.
    ///   - start: the first weights; nil starts at W0.
    /// - Throws: `AttributionError.notConverged`.
    package init(
        fitting objective: ContrastiveObjective, tolerance: Double = 1e-4, start: Matrix? = nil, mostSteps: Int = 100
    ) throws {
        guard var point = try objective.evaluate(objective.anchor) else {
            throw AttributionError.notConverged(relativeGradient: 1, steps: 0)
        }
        let scale = point.gradient.frobeniusNorm
        if let start, let warm = try objective.evaluate(start) { point = warm }
        var (steps, products) = (0, 0)
        var norm = point.gradient.frobeniusNorm
        while norm > tolerance * scale, steps < mostSteps {
            let ratio = norm / scale
            // The precision is loose far from the minimum, because a better step would be wasted there, and tight near it, for quadratic
            // convergence.
            let precision = ratio > 1e-5 ? min(0.1, max(ratio.squareRoot(), 1e-3)) : 1e-4
            let solve = try objective.solveCurvature(at: point, point.gradient, tolerance: precision)
            products += solve.iterations
            guard let next = try Self.descend(objective, from: point, along: solve.solution) else { break }
            steps += 1
            point = next
            norm = point.gradient.frobeniusNorm
        }
        relativeGradient = scale > 0 ? norm / scale : 0
        // If rounding ends the descent, the fit has converged as far as doubles allow.
        guard relativeGradient <= max(tolerance, 1e-7) else {
            throw AttributionError.notConverged(relativeGradient: relativeGradient, steps: steps)
        }
        self.objective = objective
        self.point = point
        newtonSteps = steps
        curvatureProducts = products
    }

    /// The point after a step against `direction`, halved until the loss falls enough (Armijo's rule); nil if no step helps.
    private static func descend(_ objective: ContrastiveObjective, from point: ContrastivePoint, along direction: Matrix) throws
        -> ContrastivePoint?
    {
        let slope = -point.gradient.inner(direction)
        guard slope < 0 else { return nil }
        var length = 1.0
        while length > 1e-6 {
            let weights = point.weights.combining(direction) { $0 - length * $1 }
            if let next = try objective.evaluate(weights),
                // Near the minimum the loss is too coarse to show the gain, but the step itself is right there.
                next.value <= point.value + 1e-4 * length * slope || abs(slope) < 1e-12 * abs(point.value)
            {
                return next
            }
            length /= 2
        }
        return nil
    }
}
