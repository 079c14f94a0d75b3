import Information
import RealModule
import Statistics

/// What the two sides of a random finite world have in common.
enum WorldFamily: CaseIterable {
    /// Nothing: both queries and references differ.
    case free
    /// The references given the query.
    case sharedReferences
    /// Most of the queries, because Q is P with some of its mass redrawn, and the references given the query.
    case smallShift
    /// Everything that the simplified theorem assumes: the modalities' conditionals and the references given the query.
    ///
    /// The values of the modalities fall into blocks that share nothing, and only the weights of the blocks change, because on connected
    /// supports shared conditionals would force P = Q.
    case sharedConditionals
}

extension DiscreteWorld {
    /// The concentrations of Dirichlet draws: nearly certain, sparse, uniform over the simplex, nearly uniform.
    private static let concentrations = [0.05, 0.2, 1, 5]

    /// Draws a random world of random size: one to three modalities of two to four values each, and two to six answers.
    static func random(_ family: WorldFamily, using generator: inout SeededGenerator) -> DiscreteWorld {
        let answerCount = 2 + generator.index(below: 5)
        let modalityCount = 1 + generator.index(below: 3)
        let blockCount = family == .sharedConditionals ? 2 + generator.index(below: 2) : 1
        let widths = (0..<modalityCount).map { _ in 2 + generator.index(below: modalityCount == 3 ? 2 : 3) }
        let blockCells = grid(widths)
        let cells = (0..<blockCount).flatMap { block in
            blockCells.map { cell in zip(cell, widths).map { $0 + block * $1 } }
        }
        let concentration = { (generator: inout SeededGenerator) in concentrations[generator.index(below: concentrations.count)] }
        let (ofQueries, ofReferences, ofModel) = (
            concentration(&generator), concentration(&generator), concentration(&generator)
        )

        let idQuery: [Double]
        let oodQuery: [Double]
        switch family {
        case .sharedConditionals:
            let inside = (0..<blockCount).map { _ in generator.dirichlet(blockCells.count, ofQueries) }
            let weights = (0..<2).map { _ in generator.dirichlet(blockCount, concentration(&generator)) }
            func query(_ weights: [Double]) -> [Double] { zip(weights, inside).flatMap { weight, p in p.map { weight * $0 } } }
            (idQuery, oodQuery) = (query(weights[0]), query(weights[1]))
        case .smallShift:
            let (p, other) = (generator.dirichlet(cells.count, ofQueries), generator.dirichlet(cells.count, ofQueries))
            let moved = Double.pow(10, -4 * generator.uniform())
            (idQuery, oodQuery) = (p, zip(p, other).map { (1 - moved) * $0 + moved * $1 })
        case .free, .sharedReferences:
            (idQuery, oodQuery) = (
                generator.dirichlet(cells.count, ofQueries), generator.dirichlet(cells.count, concentration(&generator))
            )
        }
        let idReference = cells.map { _ in generator.dirichlet(answerCount, ofReferences) }
        let oodReference = family == .free ? cells.map { _ in generator.dirichlet(answerCount, ofReferences) } : idReference
        return DiscreteWorld(
            shape: widths.map { $0 * blockCount }, answerCount: answerCount, cells: cells, idQuery: idQuery, oodQuery: oodQuery,
            idReference: idReference, oodReference: oodReference,
            model: cells.map { _ in generator.dirichlet(answerCount, ofModel) })
    }

    /// All cells of a grid.
    private static func grid(_ widths: [Int]) -> [[Int]] {
        widths.reduce([[]]) { cells, width in cells.flatMap { cell in (0..<width).map { cell + [$0] } } }
    }
}

extension SeededGenerator {
    /// Draws from the symmetric Dirichlet distribution; one outcome becomes certain if all weights underflow.
    mutating func dirichlet(_ count: Int, _ concentration: Double) -> [Double] {
        let weights = (0..<count).map { _ in gamma(shape: concentration) }
        let sum = weights.reduce(0, +)
        guard sum > 0 else {
            let certain = index(below: count)
            return (0..<count).map { $0 == certain ? 1 : 0 }
        }
        return weights.map { $0 / sum }
    }
}
