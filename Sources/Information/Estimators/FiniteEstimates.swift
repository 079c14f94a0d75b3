extension Estimator {
    /// Throws unless I(X; Y_theta) and I(X; Y) of every set are finite: a NaN would pass every comparison after it, and JSON
    /// cannot hold one.
    ///
    /// `estimate`, `gap` and `RowwiseEstimation.estimate` call it; what a saved or shared fit gives needs the call.
    /// - Throws: `EstimationError.notFinite`, which names the first such set.
    package func checkFinite(
        _ estimates: [EMIEstimate], of sets: [SampleSet]
    ) throws(EstimationError) {
        for (estimate, set) in zip(estimates, sets)
        where !estimate.modelMutualInformation.isFinite || !estimate.referenceMutualInformation.isFinite
            || !estimate.value.isFinite
        {
            throw .notFinite(estimator: described, set: set.name)
        }
    }

    /// The name with the parameter that can drive an estimate to its limits.
    private var described: String {
        if case .matrixRenyi(let estimator) = self { "\(name) of order \(estimator.alpha)" } else { name }
    }
}
