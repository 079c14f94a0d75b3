import Information
import Statistics

/// The warning that a set is outside what the estimator was measured on.
func estimatorWarning(_ set: SampleSet, _ estimator: any Estimator) -> RunWarning? {
    estimator.caution(set).map { RunWarning(.outsideRange, $0) }
}

/// The warning that rows depend on each other, of estimators whose correction of small samples counts rows.
func groupedRowsWarning(_ groups: [String]?, _ about: EstimatorDescription) -> RunWarning? {
    guard about.countsRows, let groups, Set(groups).count < groups.count else { return nil }
    return RunWarning(
        .outsideRange,
        "\(about.name) corrects its bias for \(groups.count) independent rows, and these are \(Set(groups).count) groups: where rows of a "
            + "group are alike, information is too high and its interval too low (0.1 to 0.3 nats in 40 groups of three); the p-value holds"
    )
}

/// The warning that answers are a few labels, which an estimator for continuous answers gives more information than they can hold.
func scaleWarning(
    _ set: SampleSet, _ estimate: EMIEstimate, _ settings: StudySettings
) -> RunWarning? {
    let distinctCount = Set(set.reference.rowFingerprints).count
    let most = Discrete.entropy(ofUniform: distinctCount)
    guard 8 * distinctCount <= set.rowCount, estimate.referenceMutualInformation > most else { return nil }
    return RunWarning(
        .fewAnswers,
        "\(set.rowCount) references are \(distinctCount) different ones, which hold at most \(rounded(most)) nats, and I(X;Y) is "
            + "\(rounded(estimate.referenceMutualInformation)): \(settings.estimator) is made for answers that vary; sizes mean nothing here, "
            + "and --estimator auto keeps to nats")
}
