import ArgumentParser
import Studies

/// Throws where debiasing is asked for and there is nothing to debias with.
func checkDebiasing(_ bound: BoundOptions, _ divergence: DivergenceOptions) throws {
    guard bound.divergence == .debiased else { return }
    if divergence.permutations == 0 {
        throw ValidationError("--divergence debiased: expected --permutations above 0, found 0: chance is measured by relabelling")
    }
    if divergence.compat == .paper {
        throw ValidationError("--divergence debiased: expected no --compat paper, whose divergences are plug-in values")
    }
}

/// Flags that only some estimators have a use for, with these estimators.
private let flagUsers = [
    "weights": ["club-network"], "alpha": ["matrix-renyi"], "renyi-kernel": ["matrix-renyi"], "k": ["ksg", "auto"],
    "fit": ["club-kernel", "club-ridge"], "save-fit": ["club-kernel", "club-ridge"],
]

/// The flags, without dashes, that an estimator has no use for; none for all estimators.
func unusedFlags(_ estimator: String) -> Set<String> {
    estimator == EstimatorOptions.all ? [] : Set(flagUsers.filter { !$0.value.contains(estimator) }.keys)
}

/// Throws where a flag is given that the estimator has no use for.
func checkUse(_ parameters: EstimatorParameters, estimator: String, fit: String? = nil, saveFit: String? = nil) throws {
    let given = [
        ("weights", parameters.weights != nil), ("alpha", parameters.alpha != nil), ("renyi-kernel", parameters.renyiKernel != nil),
        ("k", parameters.neighbourCount != nil), ("fit", fit != nil), ("save-fit", saveFit != nil),
    ]
    let unused = unusedFlags(estimator)
    guard let flag = given.first(where: { $0.1 && unused.contains($0.0) })?.0 else { return }
    throw ValidationError(
        "--\(flag): expected --estimator \(flagUsers[flag, default: []].joined(separator: " or ")), found \(estimator), "
            + "which has no use for it")
}

/// The same for a comparison of sets.
func checkUse(_ estimator: EstimatorOptions, _ bound: BoundOptions) throws {
    try checkUse(estimator.parameters, estimator: estimator.estimator, fit: bound.fit, saveFit: bound.saveFit)
    try checkCompanions(estimator.parameters, estimator: estimator.estimator, bound)
}

/// Throws where a bandwidth is given for a kernel that has none.
func checkBandwidth(_ divergence: DivergenceOptions) throws {
    guard divergence.bandwidth != nil, !["rbf", "laplacian"].contains(divergence.kernel) else { return }
    throw ValidationError("--bandwidth: expected --kernel rbf or laplacian, found \(divergence.kernel), which has no use for it")
}

/// Throws where a flag is given without the other one that it needs.
func checkCompanions(_ parameters: EstimatorParameters, estimator: String, _ bound: BoundOptions? = nil) throws {
    if estimator == "club-network", parameters.weights == nil {
        throw ValidationError("--estimator club-network: expected --weights FILE.safetensors with it, found none")
    }
    if let bound, bound.logProb != nil, !bound.entropyScale.usesLogProbabilities {
        throw ValidationError("--log-prob: expected --entropy-scale log-prob beside it, found \(bound.entropyScale.text)")
    }
}

/// Throws unless a confidence is between 0 and 1.
func checkConfidence(_ confidence: Double) throws {
    guard confidence > 0, confidence < 1 else {
        throw ValidationError("--confidence: expected a number between 0 and 1, found \(confidence)")
    }
}
