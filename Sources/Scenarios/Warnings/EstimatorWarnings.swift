import Information

/// The warning that a set is outside what the estimator was measured on.
func estimatorWarning(_ set: SampleSet, _ settings: RunSettings) -> RunWarning? {
    let rows = set.rowCount
    let width = set.modalities.map(\.rows.columnCount).max() ?? 0
    let message: String? =
        switch settings.estimator {
        case "club-kernel", "club-ridge":
            rows < 60 ? "\(settings.estimator) learns q from references; its intervals were checked from 60 rows on, here are \(rows)" : nil
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
