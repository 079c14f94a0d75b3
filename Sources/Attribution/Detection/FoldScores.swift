import LinearAlgebra

/// The cross-fitted scores of one held-out fold:
///
///     t_ij = 2 S'_ij - log mean_{r not in {i, j}} exp S'_ir - log mean_{r not in {i, j}} exp S'_rj,  S' = sharpening S
///
/// with r over a background of rows.
struct FoldScores: Sendable {
    /// t_ii of the fold's rows.
    let pairs: [Double]
    /// t_ij of the fold's decoys.
    let decoys: [Double]

    /// The number of rows that are scored at once.
    private static let blockSize = 256

    /// - Parameters:
    ///   - rows: the fold's row numbers, ascending.
    ///   - background: the row numbers of the background, ascending.
    init(
        _ scorer: PairScorer, rows: [Int], decoys: FoldDecoys, background: [Int], sharpening: Double, threadCount: Int
    ) throws {
        let positions = Dictionary(uniqueKeysWithValues: background.enumerated().map { ($1, $0) })
        let places = rows.map { positions[$0] }
        let (left, right) = (scorer.left(rows), scorer.right(rows))
        let starts = Array(stride(from: 0, to: rows.count, by: Self.blockSize))
        func backgrounds(_ side: ScorerRows, _ others: ScorerRows) throws -> [Background] {
            try concurrentMap(count: starts.count, threadCount: threadCount) { index in
                let block = starts[index]..<min(starts[index] + Self.blockSize, rows.count)
                let scores = scorer.scores(side.rows(block), others, factor: sharpening)
                return block.map { Background(scores.row($0 - block.lowerBound), own: places[$0]) }
            }.flatMap { $0 }
        }
        let byLeft = try backgrounds(left, scorer.right(background))
        let byRight = try backgrounds(right, scorer.left(background))
        // A small fold computes all scores inside it at once, a larger one row by row.
        let isSmall = rows.count <= FoldDecoys.mostRowsForAllPairs
        let inside = isSmall ? scorer.scores(left, right, factor: sharpening) : nil
        let own =
            inside.map { matrix in rows.indices.map { matrix[$0, $0] } }
            ?? scorer.pairedScores(rows, rows, factor: sharpening)
        pairs = rows.indices.map { 2 * own[$0] - byLeft[$0].logMean - byRight[$0].logMean }
        let wrong =
            inside.map { matrix in decoys.pairs.map { matrix[$0.left, $0.right] } }
            ?? scorer.pairedScores(
                decoys.pairs.map { rows[$0.left] }, decoys.pairs.map { rows[$0.right] }, factor: sharpening)
        self.decoys = zip(decoys.pairs, wrong).map { pair, score in
            2 * score - byLeft[pair.left].logMean(without: places[pair.right], score: score)
                - byRight[pair.right].logMean(without: places[pair.left], score: score)
        }
    }
}

extension PairScorer {
    /// `factor` times the score of each left row with the right row at the same place of the list.
    func pairedScores(_ leftRows: [Int], _ rightRows: [Int], factor: Double) -> [Double] {
        // This works in parts, so that the copies of rows stay small.
        stride(from: 0, to: leftRows.count, by: 4_096).flatMap { start in
            let range = start..<min(start + 4_096, leftRows.count)
            return pairedScores(left(Array(leftRows[range])), right(Array(rightRows[range])), factor: factor)
        }
    }

    private func pairedScores(_ rows: ScorerRows, _ others: ScorerRows, factor: Double) -> [Double] {
        let scores = rows.head.rowProducts(others.head)
        guard let cosines = rows.cosine, let otherCosines = others.cosine else { return scores.map { factor * $0 } }
        return zip(scores, cosines.rowProducts(otherCosines)).map { factor * ($0 + priorScale * $1) }
    }
}
