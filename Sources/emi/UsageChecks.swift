import ArgumentParser
import Scenarios

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

/// Throws where a flag of the fit is given for an estimator that has none.
func checkFit(_ bound: BoundOptions, estimator: String) throws {
    if bound.saveFit != nil || bound.fit != nil, !["club-kernel", "club-ridge"].contains(estimator) {
        throw ValidationError("--fit and --save-fit: expected --estimator club-kernel or club-ridge, found \(estimator)")
    }
}

/// Throws unless a confidence is between 0 and 1.
func checkConfidence(_ confidence: Double) throws {
    guard confidence > 0, confidence < 1 else {
        throw ValidationError("--confidence: expected a number between 0 and 1, found \(confidence)")
    }
}
