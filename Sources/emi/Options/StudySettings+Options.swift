import Studies

extension StudySettings {
    /// The settings that the flags of a comparison describe.
    init(_ estimator: EstimatorOptions, _ divergence: DivergenceOptions, _ bound: BoundOptions, _ common: CommonOptions) {
        self.init()
        estimator.apply(to: &self)
        divergence.apply(to: &self)
        bound.apply(to: &self)
        seed = common.seed
    }
}
