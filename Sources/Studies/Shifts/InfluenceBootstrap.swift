import Information
import Statistics

/// Draws random changes of all estimates of a shift together, as another sample of rows would have changed them.
struct InfluenceBootstrap {
    /// The changes of one draw.
    struct Draw {
        /// The change of EMID.
        let gap: Double
        /// The numbers from which bounds are computed, after the change.
        let input: BoundInput
    }

    private let gap: MovedEstimate
    private let bySubset: [(subset: Int, estimate: MovedEstimate)]
    private let outputs: (id: MovedEstimate, ood: MovedEstimate)
    private let entropies: (responseID: MovedEstimate, referenceID: MovedEstimate, responseOOD: MovedEstimate, referenceOOD: MovedEstimate)
    private let groupCount: Int
    private let seed: UInt64

    init(_ found: Discrepancies, _ influences: ShiftInfluences, seed: UInt64) {
        let groups = influences.groups
        let labels = Set(groups.id + groups.ood).sorted()
        func divergence(_ estimate: DivergenceEstimate, _ first: [String], _ second: [String]) -> MovedEstimate {
            MovedEstimate(estimate, influence: estimate.influence(firstGroups: first, secondGroups: second), labels: labels)
        }
        func entropy(_ values: [Double]?, _ groups: [String]) -> MovedEstimate {
            let influence = values.map { RowInfluences(first: $0, second: []).byGroup(firstGroups: groups, secondGroups: []) }
            return MovedEstimate(influence, labels: labels)
        }
        gap = MovedEstimate(influences.gap, labels: labels)
        bySubset = found.bySubset.sorted { $0.key < $1.key }.map { ($0.key, divergence($0.value, groups.id, groups.ood)) }
        outputs = (divergence(found.outputID, groups.id, groups.id), divergence(found.outputOOD, groups.ood, groups.ood))
        let (id, ood) = influences.outputEntropies
        entropies = (
            entropy(id?.first, groups.id), entropy(id?.second, groups.id), entropy(ood?.first, groups.ood),
            entropy(ood?.second, groups.ood)
        )
        groupCount = labels.count
        self.seed = seed
    }

    /// Draws one random sign for each group, and one relabelling for each of the three designs (inputs, ID outputs, OOD outputs).
    func draw(_ index: Int, of input: BoundInput) -> Draw {
        var generator = SeededGenerator(seed: seed, stream: "bound bootstrap", index: index)
        let signs = (0..<groupCount).map { _ in Bool.random(using: &generator) ? 1.0 : -1.0 }
        let relabellings = (0..<3).map { _ in generator.index(below: 1 << 30) }
        var moved = input
        for (subset, estimate) in bySubset {
            moved.divergences[subset, default: 0] += estimate.change(signs, relabelling: relabellings[0])
        }
        moved.outputID += outputs.id.change(signs, relabelling: relabellings[1])
        moved.outputOOD += outputs.ood.change(signs, relabelling: relabellings[2])
        moved.entropiesID.response += entropies.responseID.change(signs)
        moved.entropiesID.reference += entropies.referenceID.change(signs)
        moved.entropiesOOD.response += entropies.responseOOD.change(signs)
        moved.entropiesOOD.reference += entropies.referenceOOD.change(signs)
        return Draw(gap: gap.change(signs), input: moved)
    }
}

/// How far each group, and each relabelling, moves one estimate.
private struct MovedEstimate {
    /// One change for each group label, in the order of the labels, scaled so that their squares sum to the squared standard error.
    private let byGroup: [Double]
    /// How far the estimate deviates from its mean under each relabelling, scaled to the variance that it has without a shift; empty for
    /// entropies.
    private let relabelled: [Double]

    init(_ influence: GroupInfluence?, relabelled: [Double] = [], labels: [String]) {
        let byGroup = influence?.byGroup ?? [:]
        let raw = labels.map { byGroup[$0] ?? 0 }
        let squares = raw.reduce(0) { $0 + $1 * $1 }
        let factor = squares > 0 ? (influence?.standardError ?? 0) / squares.squareRoot() : 0
        self.byGroup = raw.map { factor * $0 }
        self.relabelled = relabelled
    }

    init(_ estimate: DivergenceEstimate, influence: GroupInfluence?, labels: [String]) {
        let null = estimate.null
        let mean = null.reduce(0, +) / Double(max(1, null.count))
        let variance = null.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, null.count - 1))
        let factor = variance > 0 ? ((estimate.degenerateVariance ?? 0) / variance).squareRoot() : 0
        self.init(influence, relabelled: null.map { factor * ($0 - mean) }, labels: labels)
    }

    func change(_ signs: [Double], relabelling: Int = 0) -> Double {
        let moved = zip(byGroup, signs).reduce(0) { $0 + $1.0 * $1.1 }
        return relabelled.isEmpty ? moved : moved + relabelled[relabelling % relabelled.count]
    }
}
