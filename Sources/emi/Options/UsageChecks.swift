import ArgumentParser
import Information
import Studies

/// Throws when settings that are valid by themselves do not go together.
///
/// - Parameter saveFit: the file in which to save the fit; nil when it is not saved.
func checkUse(_ settings: StudySettings, saveFit: String? = nil) throws {
    try checkParameters(settings, saveFit: saveFit)
    if settings.logProb != nil, !settings.entropyScale.usesLogProbabilities {
        throw ValidationError("--log-prob: expected --entropy-scale log-prob beside it, found \(settings.entropyScale.text)")
    }
    try checkDivergence(settings)
}

/// Throws when a flag is given that the estimator does not use, or when a flag that it needs is missing.
func checkParameters(_ settings: StudySettings, saveFit: String? = nil) throws {
    let given = [
        ("weights", settings.weights != nil), ("alpha", settings.alpha != nil), ("renyi-kernel", settings.renyiKernel != nil),
        ("k", settings.k != nil), ("fit", settings.fit != nil), ("save-fit", saveFit != nil),
    ]
    let unused = unusedFlags(settings.estimator)
    if let flag = given.first(where: { $0.1 && unused.contains($0.0) })?.0 {
        let users = EstimatorCatalogue.all.map { $0.about }.filter { !unusedFlags($0.name).contains(flag) }.map(\.name)
        throw ValidationError(
            "--\(flag): expected --estimator \(users.joined(separator: " or ")), found \(settings.estimator), which has no use for it")
    }
    if settings.about?.parameters.contains(.weights) == true, settings.weights == nil {
        throw ValidationError("--estimator \(settings.estimator): expected --weights FILE.safetensors with it, found none")
    }
}

/// Throws when debiasing is asked for without relabellings to debias with, or a bandwidth is given for a kernel that has none.
func checkDivergence(_ settings: StudySettings) throws {
    if settings.divergence == .debiased {
        if settings.permutations == 0 {
            throw ValidationError("--divergence debiased: expected --permutations above 0, found 0: chance is measured by relabelling")
        }
        if settings.isPaperCompatible {
            throw ValidationError("--divergence debiased: expected no --compat paper, whose divergences are plug-in values")
        }
    }
    if settings.bandwidth != nil, !["rbf", "laplacian"].contains(settings.kernel) {
        throw ValidationError("--bandwidth: expected --kernel rbf or laplacian, found \(settings.kernel), which has no use for it")
    }
}

/// The flags, without dashes, that an estimator does not use; empty when the estimator is `all`.
func unusedFlags(_ estimator: String) -> Set<String> {
    guard let about = EstimatorCatalogue.named(estimator)?.about else { return [] }
    let unused = EstimatorParameter.allCases.filter { !about.parameters.contains($0) }.map(\.rawValue)
    return Set(unused + (unused.contains("fit") ? ["save-fit"] : []))
}

/// Throws unless a confidence is between 0 and 1.
func checkConfidence(_ confidence: Double) throws {
    guard confidence > 0, confidence < 1 else {
        throw ValidationError("--confidence: expected a number between 0 and 1, found \(confidence)")
    }
}

/// Throws unless a number of relabellings or pairings is between 0 and 1,000,000.
func checkPermutations(_ count: Int) throws {
    guard (0...1_000_000).contains(count) else {
        throw ValidationError("--permutations: expected 0 to 1000000, found \(count)")
    }
}
