import Information
import Statistics

/// The warning that a set is outside what the estimator was measured on.
func estimatorWarning(_ set: SampleSet, _ settings: StudySettings) -> RunWarning? {
    let rows = set.rowCount
    let groupCount = (set.groups ?? set.identifiers).map { Set($0).count } ?? rows
    let width = set.modalities.map(\.rows.columnCount).max() ?? 0
    let message: String? =
        switch settings.estimator {
        case "club-kernel", "club-ridge":
            rows < 60 ? "\(settings.estimator) learns q from references; its intervals were checked from 60 rows on, here are \(rows)"
                : groupCount < 30
                    ? "\(settings.estimator) learns q from references; its intervals hold from 30 groups on, in 20 they held the truth in 90 % "
                        + "and not 95 %, here are \(groupCount)" : nil
        case "gaussian":
            2 * (width + set.reference.columnCount) > rows
                ? "gaussian reads \(rows) rows of \(width) and \(set.reference.columnCount) columns through a few principal "
                    + "directions, and does not see what lies outside" : nil
        case "matrix-renyi":
            rows < 200 ? "matrix-renyi is biased upwards in small sets, here of \(rows) rows: compare sets of one size only" : nil
        default: nil
        }
    return message.map { RunWarning(.outsideRange, $0) }
}

/// The warning that rows depend on each other, of estimators whose correction of small samples counts rows.
func groupedRowsWarning(_ groups: [String]?, _ settings: StudySettings) -> RunWarning? {
    guard ["gaussian", "copula", "auto"].contains(settings.estimator), let groups, Set(groups).count < groups.count else { return nil }
    return RunWarning(
        .outsideRange,
        "\(settings.estimator) corrects its bias for \(groups.count) independent rows, and these are \(Set(groups).count) groups: where rows of a "
            + "group are alike, information is too high and its interval too low (0.1 to 0.3 nats in 40 groups of three); the p-value holds")
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
