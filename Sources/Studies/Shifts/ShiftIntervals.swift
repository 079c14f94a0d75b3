import Information
import Statistics

/// How groups of rows move the estimates of one shift.
struct ShiftInfluences: Sendable {
    /// EMID.
    let gap: GroupInfluence
    /// The group of each row of the ID and of the OOD set, by the labels of `gap`.
    let groups: (id: [String], ood: [String])
    /// Entropies of response and reference in either set.
    let outputEntropies: (id: RowInfluences?, ood: RowInfluences?)
}

/// Intervals of all that a bound is made of, and of the bound, in nats.
///
/// A divergence has an analytic one. A bound is a function of divergences and entropies with corners and an infinite slope at 0: its
/// interval, and that of the slack, come from a bootstrap of influences in which one random sign a group moves EMID, the
/// divergences and the entropies together, and one relabelling gives all divergences of inputs what they vary by without a shift.
package struct ShiftIntervals: Sendable {
    /// The debiased divergences by subset of modalities, a bit mask.
    private let bySubset: [Int: UncertainValue]
    /// Those of the outputs of the ID set.
    package let outputID: UncertainValue?
    /// Those of the outputs of the OOD set.
    package let outputOOD: UncertainValue?
    /// By form of entropies.
    package let bounds: [BoundForm: ClosedRange<Double>]
    /// Of the selected bound less EMID; nil for one that is not made of entropies.
    package let slack: ClosedRange<Double>?

    /// Those of the joint query.
    package var joint: UncertainValue? { bySubset.max { $0.key < $1.key }?.value }

    /// Those of one modality, by its place.
    package func modality(_ index: Int) -> UncertainValue? { bySubset[1 << index] }

    /// Draws of the bootstrap.
    private static let drawCount = 500

    /// Nil without relabellings.
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
            // Where values are cut at 0 the estimate can lie beyond all of them.
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
