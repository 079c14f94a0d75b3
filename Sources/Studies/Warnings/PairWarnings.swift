import Information
import Statistics

/// What the inputs of two sets should make a reader careful about before anything is compared.
func pairWarnings(id: LoadedSet, ood: LoadedSet, settings: StudySettings) -> [RunWarning] {
    [ood.items.warning(id: id.rows, files: ood.rows)].compactMap { $0 }
        + normalisation(id.norms, ood.norms, isNormalising: settings.normalize)
        + [sharedRows(id.contents, ood.contents), fewRelabellings(id.set, ood.set, settings)].compactMap { $0 }
}

/// Lengths of the rows of an array, as its file has them.
package struct RowNorms: Sendable, Equatable {
    /// The array.
    package let name: String
    /// The middle one.
    package let median: Double
    /// Whether all are 1, to the precision of bfloat16.
    package let areOne: Bool

    init(name: String, _ norms: [Double]) {
        self.name = name
        self.median = Statistics.median(norms) ?? 0
        areOne = norms.allSatisfy { abs($0 - 1) < 0x1p-8 }
    }
}

/// Arrays of which one set has rows of length 1 and the other has not, or whose lengths differ by half.
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

/// Rows that both sets hold, unchanged.
private func sharedRows(_ id: [[UInt64]], _ ood: [[UInt64]]) -> RunWarning? {
    let known = Set(id)
    let shared = ood.count { known.contains($0) }
    guard Double(shared) > noticeableShare * Double(ood.count) else { return nil }
    return RunWarning(
        .sharedRows,
        "\(shared) of \(ood.count) rows are rows of the ID set in every array: nothing shifted in them")
}

/// A design that cannot give a small p-value.
private func fewRelabellings(_ id: SampleSet, _ ood: SampleSet, _ settings: StudySettings) -> RunWarning? {
    guard settings.permutations > 0 else { return nil }
    let design = ExchangeDesign(id, ood)
    guard design.smallestPValue > 0.05 else { return nil }
    return RunWarning(
        .fewRelabellings,
        "\(design.unitCount) \(design.unitCount == 1 ? "unit" : "units") of rows can change places in "
            + "\(Int(design.relabellingCount.rounded())) ways: no p-value of a divergence can come below \(rounded(design.smallestPValue))")
}
