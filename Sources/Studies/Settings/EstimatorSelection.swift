import EmbeddingFiles
import Information

extension StudySettings {
    /// The description of the chosen estimator; nil when no estimator has that name.
    package var about: EstimatorDescription? { EstimatorCatalogue.named(estimator)?.about }

    /// The names of the estimators that can run, in the order of the catalogue: those that need weights only if weights are given.
    package var applicableEstimators: [String] {
        EstimatorCatalogue.all.map { $0.about }.filter { !$0.parameters.contains(.weights) || weights != nil }.map(\.name)
    }

    /// Throws when a setting of an estimator that would run makes no sense. A run with `all` stops there: it does not skip the estimator.
    ///
    /// - Throws: what `makeEstimator` throws.
    package func checkEstimators() throws {
        for name in estimator == Self.allEstimators ? applicableEstimators : [estimator] {
            _ = try with(estimator: name).makeEstimator()
        }
    }

    /// The same settings for another estimator.
    package func with(estimator name: String) -> StudySettings {
        var own = self
        own.estimator = name
        return own
    }

    /// The estimator that the settings name, with its weights read.
    ///
    /// - Throws: `RunError` for an unknown name, `EmbeddingFileError` and `EstimationError` for missing or bad parameters.
    package func makeEstimator() throws -> any Estimator {
        guard let type = EstimatorCatalogue.named(estimator) else {
            throw RunError(
                code: "unknown_estimator",
                message: "expected one of \(EstimatorCatalogue.names.joined(separator: ", ")), found '\(estimator)'")
        }
        var parameters = EstimatorParameters()
        parameters.fusion = fuse
        parameters.seed = seed
        if let k { parameters.neighbourCount = k }
        if let alpha { parameters.alpha = alpha }
        if let renyiKernel { parameters.renyiKernel = renyiKernel }
        if let weights, type.about.parameters.contains(.weights) {
            let arrays = try readArrays(weights)
            parameters.weights = Dictionary(arrays.map { ($0.name, $0.matrix) }, uniquingKeysWith: { first, _ in first })
        }
        return try type.init(parameters)
    }

    /// The divergence that the settings describe.
    ///
    /// - Throws: `RunError` for an unknown kernel.
    package func makeDivergence() throws -> JensenShannonDivergence {
        guard let kernel = Kernel(name: kernel, bandwidth: bandwidth) else {
            throw RunError(
                code: "unknown_kernel",
                message: "expected one of \(Kernel.names.joined(separator: ", ")), found '\(kernel)'")
        }
        return JensenShannonDivergence(kernel: kernel, weighting: isPaperCompatible ? .pooled : .equal, seed: seed)
    }
}
