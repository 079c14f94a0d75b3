import LinearAlgebra

/// The parameters of all estimators in one place; each estimator takes those that its `EstimatorDescription.parameters` names.
package struct EstimatorParameters: Sendable {
    /// How modalities are fused into one query; nil lets the estimator choose.
    package var fusion: QueryFusion?
    /// The seed of the estimator's random steps.
    package var seed: UInt64 = 0
    /// k, the number of nearest neighbours.
    package var neighbourCount = 5
    /// The order of the Renyi entropy.
    package var alpha = 1.0
    /// The kernel of the matrix-based entropy: one of `MatrixRenyiInformation.kernelNames`.
    package var renyiKernel = "rbf"
    /// The arrays of a trained network, by name; nil when none were given.
    package var weights: [String: Matrix]?

    /// The defaults.
    package init() {}

    /// k, after checking that it is at least 1.
    ///
    /// - Throws: `EstimationError.parameter` for a smaller one.
    func checkedNeighbourCount(_ estimator: String) throws(EstimationError) -> Int {
        guard neighbourCount >= 1 else {
            throw EstimationError.parameter(
                estimator: estimator, parameter: .neighbourCount, expected: "at least 1 neighbour", found: "\(neighbourCount)")
        }
        return neighbourCount
    }
}

/// A parameter that only some estimators have; the raw value is its name in settings.
package enum EstimatorParameter: String, Sendable, CaseIterable {
    case weights
    case alpha
    case renyiKernel = "renyi-kernel"
    case neighbourCount = "k"
    /// The sets on which q is fitted, or a saved fit.
    case fit
}
