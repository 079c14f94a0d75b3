import Information
import Statistics

/// A finite world that meets every assumption of the published theorem. However it is changed, model and reference have the same marginal
/// on either side (a = b = 0).
///
/// All modalities of a query have the same value, so their conditionals are shared. Queries fall into groups, and the shift changes only
/// the weights of the groups. Within a group, reference and model have the same mean answer. Outputs therefore agree under any weights, and
/// the divergence of the queries is the only term left in the published bound.
struct AdversarialWorld {
    private let modalityCount: Int
    private let answerCount: Int
    /// The cells of each group.
    private let groups: [Range<Int>]
    /// The weight of each cell within its group.
    private let weights: [Double]
    private var idGroups: [Double]
    private var oodGroups: [Double]
    private var reference: [[Double]]
    private var model: [[Double]]

    /// A random world of two or three groups of two or three queries.
    init(using generator: inout SeededGenerator) {
        modalityCount = 1 + generator.index(below: 3)
        answerCount = 2 + generator.index(below: 3)
        let (groupCount, width) = (2 + generator.index(below: 2), 2 + generator.index(below: 2))
        groups = (0..<groupCount).map { $0 * width..<($0 + 1) * width }
        let isEven = generator.index(below: 2) == 0
        weights = (0..<groupCount).flatMap { _ in
            isEven ? [Double](repeating: 1 / Double(width), count: width) : generator.dirichlet(width, 5)
        }
        (idGroups, oodGroups) = (generator.dirichlet(groupCount, 1), generator.dirichlet(groupCount, 1))
        let answers = answerCount
        reference = (0..<groupCount * width).map { _ in generator.dirichlet(answers, 1) }
        model = reference
    }

    /// The finite world with all its quantities.
    var world: DiscreteWorld {
        func query(_ shares: [Double]) -> [Double] {
            zip(shares, groups).flatMap { share, cells in cells.map { share * weights[$0] } }
        }
        return DiscreteWorld(
            shape: [Int](repeating: weights.count, count: modalityCount), answerCount: answerCount,
            cells: weights.indices.map { [Int](repeating: $0, count: modalityCount) }, idQuery: query(idGroups),
            oodQuery: query(oodGroups), idReference: reference, oodReference: reference, model: model)
    }

    /// Makes one random change that keeps a = b = 0.
    mutating func change(using generator: inout SeededGenerator) {
        let group = groups[generator.index(below: groups.count)]
        let cells = generator.sample(2, below: group.count).map { $0 + group.lowerBound }
        let (first, second) = generator.index(below: 2) == 0 ? (cells[0], cells[1]) : (cells[1], cells[0])
        let answer = generator.index(below: answerCount)
        let other = (answer + 1 + generator.index(below: answerCount - 1)) % answerCount
        // Half of the steps go as far as they can, because extreme worlds have certain answers and empty groups.
        let step = generator.index(below: 2) == 0 ? 1 : generator.uniform()
        switch generator.index(below: 4) {
        case 0: exchange(\.reference, first, second, answer, other, step)
        case 1: exchange(\.model, first, second, answer, other, step)
        case 2: moveBoth(first, second, answer, other, step)
        default:
            let target = generator.index(below: groups.count)
            let isID = generator.index(below: 2) == 0
            moveWeight(isID ? \.idGroups : \.oodGroups, to: target, by: 0.5 * step * step)
        }
    }

    /// Makes one answer likelier at one query and less likely at another, so that the group's mean does not change.
    private mutating func exchange(
        _ rows: WritableKeyPath<Self, [[Double]]>, _ first: Int, _ second: Int, _ answer: Int, _ other: Int, _ step: Double
    ) {
        let mass = step * min(weights[first] * self[keyPath: rows][first][other], weights[second] * self[keyPath: rows][second][answer])
        move(mass, rows, first, from: other, to: answer)
        move(mass, rows, second, from: answer, to: other)
    }

    /// Moves the group's mean answer, for reference and model alike.
    private mutating func moveBoth(_ first: Int, _ second: Int, _ answer: Int, _ other: Int, _ step: Double) {
        let mass = step * min(weights[first] * reference[first][other], weights[second] * model[second][other])
        move(mass, \.reference, first, from: other, to: answer)
        move(mass, \.model, second, from: other, to: answer)
    }

    private mutating func move(
        _ mass: Double, _ rows: WritableKeyPath<Self, [[Double]]>, _ cell: Int, from source: Int, to target: Int
    ) {
        guard weights[cell] > 0 else { return }
        let probability = min(mass / weights[cell], self[keyPath: rows][cell][source])
        self[keyPath: rows][cell][source] -= probability
        self[keyPath: rows][cell][target] += probability
    }

    private mutating func moveWeight(_ shares: WritableKeyPath<Self, [Double]>, to target: Int, by step: Double) {
        let old = self[keyPath: shares]
        self[keyPath: shares] = old.indices.map { (1 - step) * old[$0] + ($0 == target ? step : 0) }
    }

    /// Climbs towards worlds in which EMID exceeds `form`.
    ///
    /// - Returns: the comparisons of all worlds on the way.
    static func climb(towards form: TalliedForm, steps: Int, using generator: inout SeededGenerator) -> BoundTally {
        var tally = BoundTally()
        var best = AdversarialWorld(using: &generator)
        for _ in 0..<20 { best.change(using: &generator) }
        var bestExcess = tally.add(best.world, meetsAssumptions: true)[form] ?? -.infinity
        for _ in 0..<steps {
            var candidate = best
            candidate.change(using: &generator)
            let excess = tally.add(candidate.world, meetsAssumptions: true)[form] ?? -.infinity
            if excess >= bestExcess { (best, bestExcess) = (candidate, excess) }
        }
        return tally
    }
}
