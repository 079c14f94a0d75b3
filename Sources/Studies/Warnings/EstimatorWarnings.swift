import Information
import Statistics

/// Warns when a set is outside the range on which the estimator was measured.
func estimatorWarning(_ set: SampleSet, _ estimator: any Estimator) -> RunWarning? {
    estimator.caution(set).map { RunWarning(.outsideRange, $0) }
}

/// Warns when rows depend on each other although the estimator's small-sample correction takes them as independent.
func groupedRowsWarning(_ groups: [String]?, _ about: EstimatorDescription) -> RunWarning? {
    guard about.countsRows, let groups, Set(groups).count < groups.count else { return nil }
    return RunWarning(
        .outsideRange,
        "\(about.name) corrects its bias for \(groups.count) independent rows, and these are \(Set(groups).count) groups: where rows of a "
            + "group are alike, information is too high and its interval too low (0.1 to 0.3 nats in 40 groups of three); the p-value holds"
    )
}

/// Warns when answers are a few labels, to which an estimator for continuous answers ascribes more information than they can hold.
func scaleWarning(
    _ set: SampleSet, _ estimate: EMIEstimate, _ settings: StudySettings
) -> RunWarning? {
    let distinctCount = Set(set.referenceFingerprints).count
    let most = Discrete.entropy(ofUniform: distinctCount)
    guard 8 * distinctCount <= set.rowCount, estimate.referenceMutualInformation > most else { return nil }
    return RunWarning(
        .fewAnswers,
        "\(set.rowCount) references are \(distinctCount) different ones, which hold at most \(rounded(most)) nats, and I(X;Y) is "
            + "\(rounded(estimate.referenceMutualInformation)): \(settings.estimator) is made for answers that vary; sizes mean nothing here, "
            + "and --estimator auto keeps to nats")
}
