import Information

/// What the numbers of a shift should make a reader careful about.
func shiftWarnings(
    _ discrepancies: Discrepancies, _ attribution: [(name: String, fraction: Double)]?
) -> [RunWarning] {
    var warnings: [RunWarning] = []
    if let p = discrepancies.joint.pValue, p > 0.05 {
        warnings.append(
            RunWarning(
                code: "discrepancy_unresolved",
                message: "the inputs of the two sets cannot be told apart at this size (p = \(rounded(p)))"
                    + (attribution == nil ? "" : ": the shares of the modalities are noise")))
    }
    let missing = (discrepancies.modalities.map(\.divergence) + [discrepancies.joint]).map(\.missingTrace).max() ?? 0
    if missing > 0.01 {
        warnings.append(
            RunWarning(
                code: "approximate_kernel",
                message: "landmark features carry \(rounded(100 * (1 - missing))) % of the kernel: divergences are low"))
    }
    return warnings
}

/// What the selected bound should make a reader careful about.
func boundWarnings(_ bound: Bound, gap: Double) -> [RunWarning] {
    guard bound.value.isFinite else {
        return [
            RunWarning(
                code: "bound_undefined",
                message: "the bound '\(bound.form.rawValue)' has no value here: the published weighting gave a negative divergence")
        ]
    }
    guard !bound.holds(gap: gap) else { return [] }
    return [
        RunWarning(
            code: "bound_below_gap",
            message: "EMID exceeds the bound: its terms are estimates, and a modality that is not in the data has no term")
    ]
}

extension Bound {
    /// Whether the bound is at least the gap, up to rounding: a set against itself has both at zero.
    public func holds(gap: Double) -> Bool {
        value >= gap - 1e-9 * max(1, abs(gap))
    }
}

/// Two decimals, for sentences.
private func rounded(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let decimals = hundredths % 100
    return "\(hundredths / 100).\(decimals < 10 ? "0" : "")\(decimals)"
}
