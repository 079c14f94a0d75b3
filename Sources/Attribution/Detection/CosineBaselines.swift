import LinearAlgebra
import RealModule

/// What plain cosines tell about pairs in one space, which reports print beside every other score.
struct CosineBaselines: Sendable {
    private let pairs: EmbeddedPairs
    private let background: [Int]
    private let threadCount: Int

    /// The temperature of the softmax.
    private static let temperature = 0.05
    private static let blockSize = 256

    /// - Returns: nil if the sides have different widths.
    init?(_ pairs: EmbeddedPairs, background: [Int], threadCount: Int) {
        guard pairs.hasCosines else { return nil }
        self.pairs = pairs
        self.background = background
        self.threadCount = threadCount
    }

    /// The cosine of each pair.
    func cosine() -> [Double] { pairs.left.rowProducts(pairs.right) }

    /// The cosine of each left row with the right row at the same place of the list.
    func cosines(_ leftRows: [Int], _ rightRows: [Int]) -> [Double] {
        stride(from: 0, to: leftRows.count, by: 4_096).flatMap { start in
            let range = start..<min(start + 4_096, leftRows.count)
            return pairs.left.selectingRows(Array(leftRows[range]))
                .rowProducts(pairs.right.selectingRows(Array(rightRows[range])))
        }
    }

    /// The log softmax of cosine/0.05, over the background of each row's right sides plus over that of each column's left sides; the row's
    /// own partner counts among them.
    func softmaxCosine() throws -> [Double] {
        let own = cosine()
        let byLeft = try logSums(pairs.left, pairs.right, own)
        let byRight = try logSums(pairs.right, pairs.left, own)
        return own.indices.map { 2 * own[$0] / Self.temperature - byLeft[$0] - byRight[$0] }
    }

    private func logSums(_ side: Matrix, _ other: Matrix, _ own: [Double]) throws -> [Double] {
        let others = other.selectingRows(background)
        let inBackground = Set(background)
        let starts = Array(stride(from: 0, to: side.rowCount, by: Self.blockSize))
        return try concurrentMap(count: starts.count, threadCount: threadCount) { index in
            let block = starts[index]..<min(starts[index] + Self.blockSize, side.rowCount)
            let cosines = side.rows(block).timesTransposed(others)
            return block.map { row in
                // Cosines are at most 1, so subtracting the largest is unnecessary: exp(-40) is the smallest term.
                var sum = cosines.row(row - block.lowerBound).reduce(0) { $0 + .exp(($1 - 1) / Self.temperature) }
                if !inBackground.contains(row) { sum += .exp((own[row] - 1) / Self.temperature) }
                return .log(sum) + 1 / Self.temperature
            }
        }.flatMap { $0 }
    }
}

extension PairScorer {
    /// For each row, the other row of the background whose right side fits the row's left side best, by S_nj - lse_i S_ij.
    func bestPartners(_ rows: [Int], among background: [Int], threadCount: Int) throws -> [MisalignmentDetection.Partner?] {
        let (allLeft, allRight) = (left(background), right(background))
        let starts = Array(stride(from: 0, to: background.count, by: 256))
        let columnLogSums = try concurrentMap(count: starts.count, threadCount: threadCount) { index in
            let block = starts[index]..<min(starts[index] + 256, background.count)
            let scores = scores(allRight.rows(block), allLeft)
            return block.indices.map { Self.logSumExp(scores.row($0 - block.lowerBound)) }
        }.flatMap { $0 }
        return try concurrentMap(count: rows.count, threadCount: threadCount) { index in
            let scores = scores(left([rows[index]]), allRight)
            var best: MisalignmentDetection.Partner?
            for (position, row) in background.enumerated() where row != rows[index] {
                let score = scores[0, position] - columnLogSums[position]
                if score > best?.score ?? -.infinity { best = .init(row: row, score: score) }
            }
            return best
        }
    }

    private static func logSumExp(_ values: ArraySlice<Double>) -> Double {
        let largest = values.reduce(-Double.infinity) { max($0, $1) }
        return largest + .log(values.reduce(0) { $0 + .exp($1 - largest) })
    }
}
