import Information
import Statistics

/// The influence of groups of rows on the estimates of one shift.
struct ShiftInfluences: Sendable {
    /// The influence of each group on EMID.
    let gap: GroupInfluence
    /// The group of each row of the ID set and of the OOD set, under the labels that `gap` uses.
    let groups: (id: [String], ood: [String])
    /// The influence of each row on the entropies of response and reference, in each set; nil when nothing gets an interval.
    let outputEntropies: (id: RowInfluences?, ood: RowInfluences?)
}

/// Intervals of a shift's bounds and of the divergences that enter them, in nats.
///
/// A divergence has an analytic interval. A bound, as a function of divergences and entropies, has corners and an infinite slope at 0,
/// so its interval and that of the slack come from a bootstrap of influences: in each draw every group gets one random sign, which
/// moves EMID, the divergences and the entropies together, and one relabelling adds the variation that all divergences of inputs
/// have even without a shift.
package struct ShiftIntervals: Sendable {
    /// The debiased divergence of each subset of modalities; the key is the subset as a bit mask.
    private let bySubset: [Int: UncertainValue]
    /// The debiased divergence between response and reference in the ID set.
    package let outputID: UncertainValue?
    /// The debiased divergence between response and reference in the OOD set.
    package let outputOOD: UncertainValue?
    /// The interval of each form of the bound that is made of entropies.
    package let bounds: [BoundForm: ClosedRange<Double>]
    /// The interval of the selected bound minus EMID; nil when that form is not made of entropies.
    package let slack: ClosedRange<Double>?

    /// The debiased divergence of the joint query.
    package var joint: UncertainValue? { bySubset.max { $0.key < $1.key }?.value }

    /// The debiased divergence of one modality, given its place in their order.
    package func modality(_ index: Int) -> UncertainValue? { bySubset[1 << index] }

    /// The number of bootstrap draws.
    private static let drawCount = 500

    /// Nil when there were no relabellings.
    init?(_ found: Discrepancies, input: BoundInput, gap: UncertainValue, influences: ShiftInfluences) {
        let settings = input.settings
        let groups = influences.groups
        func uncertain(_ estimate: DivergenceEstimate, _ first: [String], _ second: [String]) -> UncertainValue? {
            estimate.uncertainExcess(firstGroups: first, secondGroups: second, confidence: settings.confidence)
        }
        guard found.joint.rowInfluences != nil else { return nil }
        bySubset = found.bySubset.compactMapValues { uncertain($0, groups.id, groups.ood) }
        outputID = uncertain(found.outputID, groups.id, groups.id)
        outputOOD = uncertain(found.outputOOD, groups.ood, groups.ood)

        let bootstrap = InfluenceBootstrap(found, influences, seed: settings.seed)
        var values: [BoundForm: [Double]] = [:]
        var slacks: [Double] = []
        let selected = BoundForm.entropyForms.first { $0 == settings.effectiveBound }
        for index in 0..<Self.drawCount {
            let draw = bootstrap.draw(index, of: input)
            let terms = draw.input.terms
            for form in BoundForm.entropyForms { values[form, default: []].append(terms.bound(form).value) }
            if let selected { slacks.append(terms.bound(selected).value - (gap.value + draw.gap)) }
        }
        let terms = input.terms
        func interval(_ values: [Double], around value: Double) -> ClosedRange<Double>? {
            guard value.isFinite, values.allSatisfy(\.isFinite),
                let range = centralInterval(values, confidence: settings.confidence)
            else { return nil }
            // Values are cut at 0, so the estimate can lie outside the range of all draws.
            return min(range.lowerBound, value)...max(range.upperBound, value)
        }
        bounds = Dictionary(
            uniqueKeysWithValues: BoundForm.entropyForms.compactMap { form in
                interval(values[form] ?? [], around: terms.bound(form).value).map { (form, $0) }
            })
        slack = selected.flatMap { form in
            gap.standardError == nil ? nil : interval(slacks, around: terms.bound(form).value - gap.value)
        }
    }
}
