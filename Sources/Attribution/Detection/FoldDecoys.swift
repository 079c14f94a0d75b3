import LinearAlgebra
import Statistics

/// The decoys of one fold, which are pairs known to be wrong: left row i with right row j of another group, if row j does not equal i on
/// either side.
///
/// Rows of one group, and duplicates, may be true matches, so they are no decoys.
struct FoldDecoys: Sendable {
    /// The positions (i, j) in the fold.
    let pairs: [(left: Int, right: Int)]

    /// A fold of at most this many rows uses all its decoys; a larger one uses at most `shiftCount` for each row.
    static let mostRowsForAllPairs = 1_024
    /// The number of cyclic shifts that larger folds use.
    static let shiftCount = 16
    /// Rows with a cosine above this count as the same.
    static let sameRowCosine = 1 - 1e-6

    /// - Parameter rows: the row numbers of the fold.
    init(_ pairs: EmbeddedPairs, rows: [Int], seed: UInt64, fold: Int) {
        let count = rows.count
        let (left, right) = (pairs.left.selectingRows(rows), pairs.right.selectingRows(rows))
        // Labels become numbers, because a million comparisons of texts would cost more than everything else.
        var numbers: [String: Int] = [:]
        for row in rows where numbers[pairs.groups[row]] == nil { numbers[pairs.groups[row]] = numbers.count }
        let labels = rows.map { numbers[pairs.groups[$0]] ?? 0 }
        var chosen: [(left: Int, right: Int)] = []
        if count <= Self.mostRowsForAllPairs {
            let (leftCosines, rightCosines) = (left.gram, right.gram)
            for i in 0..<count {
                for j in 0..<count
                where labels[i] != labels[j] && leftCosines[i, j] <= Self.sameRowCosine
                    && rightCosines[i, j] <= Self.sameRowCosine
                { chosen.append((i, j)) }
            }
        } else {
            var generator = SeededGenerator(seed: seed, stream: "decoy shifts", index: fold)
            let order = generator.permutation(of: count)
            for shift in generator.sample(Self.shiftCount, below: count - 1).map({ $0 + 1 }) {
                let partners = (0..<count).map { order[($0 + shift) % count] }
                let leftCosines = left.selectingRows(order).rowProducts(left.selectingRows(partners))
                let rightCosines = right.selectingRows(order).rowProducts(right.selectingRows(partners))
                for (position, i) in order.enumerated()
                where labels[i] != labels[partners[position]] && leftCosines[position] <= Self.sameRowCosine
                    && rightCosines[position] <= Self.sameRowCosine
                { chosen.append((i, partners[position])) }
            }
        }
        self.pairs = chosen
    }
}
