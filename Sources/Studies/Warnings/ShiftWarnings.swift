import Information
import Statistics

/// Warnings about the numbers of a shift.
func shiftWarnings(
    _ discrepancies: Discrepancies, _ attribution: [(name: String, fraction: Double)]?, separation: UncertainValue?, modalityCount: Int
) -> [RunWarning] {
    var warnings: [RunWarning] = []
    let joint = discrepancies.joint
    // A divergence of mean embeddings can miss differences that tell the sets apart row by row.
    let areToldApart = (separation?.interval?.lowerBound ?? 0) > 0
    if let p = joint.pValue, p > 0.05, !areToldApart {
        warnings.append(
            RunWarning(
                .discrepancyUnresolved,
                "the inputs of the two sets cannot be told apart at this size (p = \(rounded(p)))"
                    + (attribution == nil ? "" : ": the shares of the modalities are noise")))
    } else if let chance = joint.nullMean, let excess = joint.excess, chance > max(0.05, excess) {
        warnings.append(
            RunWarning(
                .smallSample,
                "\(rounded(chance)) of the \(rounded(joint.plugIn)) nats between the queries are what chance gives at this size: "
                    + "read excess, not jsd"))
    }
    if attribution != nil, modalityCount > BoundInput.exactShareLimit {
        warnings.append(
            RunWarning(
                .sampledShares,
                "the shares of \(modalityCount) modalities are a mean over random orders, not over all of them: close ones may change places"
            ))
    }
    let missing = (discrepancies.modalities.map(\.divergence) + [joint]).map(\.missingTrace).max() ?? 0
    if missing > 0.01 {
        warnings.append(
            RunWarning(
                .approximateKernel,
                "landmark features carry \(rounded(100 * (1 - missing))) % of the kernel: divergences are low"))
    }
    return warnings
}

/// Says that EMID is not the difference of the two EMI, which depend on the sizes of their sets.
func sizeWarnings(_ gap: EMIDEstimate, id: EMIEstimate, ood: EMIEstimate) -> [RunWarning] {
    guard let count = gap.comparedGroupCount else { return [] }
    return [
        RunWarning(
            .unlikeSizes,
            "the sets have \(id.groupCount) and \(ood.groupCount) groups of rows: for EMID the answers of both are compared with \(count) "
                + "groups of references, so it is not the difference of the two EMI, \(rounded(id.value - ood.value)) nats")
    ]
}

/// Warns when the interval and the permutation test of a gap clearly contradict each other.
func gapWarnings(_ gap: EMIDEstimate, confidence: Double) -> [RunWarning] {
    guard let p = gap.pValue, let interval = gap.gap.interval else { return [] }
    let level = 1 - confidence
    let isOutside = !interval.contains(0)
    guard isOutside ? p > 2 * level : p < level / 2 else { return [] }
    return [
        RunWarning(
            .intervalAndTestDisagree,
            "the interval of EMID \(isOutside ? "leaves 0 out" : "holds 0"), and the permutation test has p = \(rounded(p)): "
                + "take the gap as unresolved")
    ]
}

/// Warnings about the selected bound.
///
/// - Parameter bounds: all forms of the bound that have a value.
func boundWarnings(_ bounds: [Bound], _ settings: StudySettings, gap: Double) -> [RunWarning] {
    let form = settings.effectiveBound
    guard let bound = bounds.first(where: { $0.form == form }) else {
        let reason =
            form.scale == .channel
            ? "it needs a debiased divergence, which --permutations 0 does not give" : "the published weighting gave a negative divergence"
        return [RunWarning(.boundUndefined, "the bound '\(form.rawValue)' has no value here: \(reason)")]
    }
    guard settings.comparesGap(with: form), !bound.holds(gap: gap) else { return [] }
    return [
        RunWarning(
            .boundBelowGap,
            "EMID exceeds the bound: its terms are estimates, and a modality that is not in the data has no term")
    ]
}

extension Bound {
    /// Whether the bound is at least the gap, up to rounding, since both are zero for a set against itself.
    package func holds(gap: Double) -> Bool {
        value >= gap - 1e-9 * max(1, abs(gap))
    }
}

/// A number for sentences, with two decimals below a million.
func rounded(_ value: Double) -> String {
    guard abs(value) < 1e6 else { return "\(value)" }
    let hundredths = Int((value * 100).rounded())
    let decimals = abs(hundredths) % 100
    return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(decimals < 10 ? "0" : "")\(decimals)"
}
