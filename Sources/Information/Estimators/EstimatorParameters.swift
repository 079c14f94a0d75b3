import LinearAlgebra

/// What estimators can be told, for all of them together; each takes what `EstimatorDescription.parameters` names.
package struct EstimatorParameters: Sendable {
    /// How modalities become one query; nil lets the estimator choose.
    package var fusion: QueryFusion?
    /// The seed of its random steps.
    package var seed: UInt64 = 0
    /// k of nearest neighbours.
    package var neighbourCount = 5
    /// The order of a Renyi entropy.
    package var alpha = 1.0
    /// The kernel of a matrix-based entropy, of `MatrixRenyiInformation.kernelNames`.
    package var renyiKernel = "rbf"
    /// The arrays of a trained network, by name; nil where none were given.
    package var weights: [String: Matrix]?

    /// The usual values.
    package init() {}

    /// k, which has to be at least 1.
    ///
    /// - Throws: `EstimationError.parameter`.
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
    /// On what q is fitted, or a saved fit.
    case fit
}
