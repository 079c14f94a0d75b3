import Information
import Statistics

/// Says which results of two large sets are those of a sample of their rows; nil for sets in memory.
///
/// - Parameter isByMoments: whether divergences of single arrays are those of all rows.
func sampledRows(_ id: LoadedSet, _ ood: LoadedSet, isByMoments: Bool) -> RunWarning? {
    guard let first = id.large?.sample.rowCount, let second = ood.large?.sample.rowCount else { return nil }
    return RunWarning(
        .sampledRows,
        "divergences\(isByMoments ? " of the query as a whole" : ""), R² and shares are those of \(first) and \(second) rows with the smallest hashes; EMI, EMID and their intervals are "
            + "those of all \(id.rows.rowCount) and \(ood.rows.rowCount) rows")
}

/// Warnings about the inputs of two sets, before anything is compared.
func pairWarnings(id: LoadedSet, ood: LoadedSet, settings: StudySettings) -> [RunWarning] {
    [ood.items.warning(id: id.rows, files: ood.rows)].compactMap { $0 }
        + normalisation(id.norms, ood.norms, isNormalising: settings.normalize)
        + [sharedRows(id.contents, ood.contents), fewRelabellings(id.compared, ood.compared, settings)].compactMap { $0 }
}

/// A summary of the norms of an array's rows, as they are in its file.
package struct RowNorms: Sendable, Equatable {
    /// The name of the array.
    package let name: String
    /// The median norm.
    package let median: Double
    /// Whether all norms are 1, to the precision of bfloat16.
    package let areOne: Bool

    init(name: String, _ norms: [Double]) {
        self.name = name
        self.median = Statistics.median(norms) ?? 0
        areOne = norms.allSatisfy { abs($0 - 1) < 0x1p-8 }
    }
}

/// Warns when an array has rows of norm 1 in only one of the sets, or when the median norms differ by more than a factor of 1.5.
private func normalisation(_ id: [RowNorms], _ ood: [RowNorms], isNormalising: Bool) -> [RunWarning] {
    zip(id, ood).compactMap { left, right in
        let ratio = left.median > 0 && right.median > 0 ? max(left.median / right.median, right.median / left.median) : 1
        guard left.areOne != right.areOne || ratio > 1.5 else { return nil }
        return RunWarning(
            .normalisationDiffers,
            "rows of '\(left.name)' have a median length of \(rounded(left.median)) in the ID set and of "
                + "\(rounded(right.median)) here: "
                + (isNormalising
                    ? "all were divided by their lengths, but the exports differ" : "with --no-normalize that alone is a shift"))
    }
}

/// Warns when both sets hold the same rows unchanged.
private func sharedRows(_ id: [[UInt64]], _ ood: [[UInt64]]) -> RunWarning? {
    let known = Set(id)
    let shared = ood.count { known.contains($0) }
    guard Double(shared) > noticeableShare * Double(ood.count) else { return nil }
    return RunWarning(
        .sharedRows,
        "\(shared) of \(ood.count) rows are rows of the ID set in every array: nothing shifted in them")
}

/// Warns when the design allows no small p-value.
private func fewRelabellings(_ id: SampleSet, _ ood: SampleSet, _ settings: StudySettings) -> RunWarning? {
    guard settings.permutations > 0 else { return nil }
    let design = ExchangeDesign(id, ood)
    guard design.smallestPValue > 0.05 else { return nil }
    return RunWarning(
        .fewRelabellings,
        "\(design.unitCount) \(design.unitCount == 1 ? "unit" : "units") of rows can change places in "
            + "\(Int(design.relabellingCount.rounded())) ways: no p-value of a divergence can come below \(rounded(design.smallestPValue))")
}
