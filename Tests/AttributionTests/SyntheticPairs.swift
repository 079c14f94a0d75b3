import LinearAlgebra
import Statistics

@testable import Attribution

/// Pairs whose sides share some hidden directions under different maps: no cosine between them means anything.
struct SyntheticPairs {
    let left: Matrix
    let right: Matrix

    init(rows: Int, leftWidth: Int = 14, rightWidth: Int = 11, hidden: Int = 6, noise: Double = 0.4, seed: UInt64) {
        var generator = SeededGenerator(seed: seed, stream: "synthetic pairs")
        let (a, b) = (generator.normals(hidden, leftWidth), generator.normals(hidden, rightWidth))
        let truth = generator.normals(rows, hidden)
        func side(_ map: Matrix, _ generator: inout SeededGenerator) -> Matrix {
            let scale = noise * Double(hidden).squareRoot()
            return truth.times(map).adding(generator.normals(rows, map.columnCount).mapElements { $0 * scale }).rowsNormalized
        }
        left = side(a, &generator)
        right = side(b, &generator)
    }

    /// Pairs of which some have right sides of each other, in a cycle.
    func pairs(cycling rows: [Int] = [], groups: [String]? = nil) throws -> EmbeddedPairs {
        var order = Array(0..<left.rowCount)
        for (position, row) in rows.enumerated() { order[row] = rows[(position + 1) % rows.count] }
        return try EmbeddedPairs(
            left: left, right: right.selectingRows(order), identifiers: order.indices.map { "pair \(10_000 + $0)" },
            groups: groups)
    }
}

/// A random rotation of d axes.
func rotation(_ order: Int, seed: UInt64) throws -> Matrix {
    var generator = SeededGenerator(seed: seed, stream: "rotation")
    let random = generator.normals(order, order)
    return try random.adding(random.transposed).symmetricEigendecomposition().vectors
}
