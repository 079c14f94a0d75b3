import LinearAlgebra

/// The loss of a bilinear head over pairs, as a function of its p x q weights W:
///
///     L(W) = sum_batches sum_n [lse_j S_nj - S_nn] + [lse_i S_in - S_nn] + ridge/2 |W - W0|^2
///     S_ij = s cos(u_i, v_j) + u_i^T W v_j / temperature
///
/// in nats. L is strictly convex for ridge > 0, so it has one minimiser and a positive definite curvature, which influence functions need.
/// (Two cosine-normalised linear heads have neither.)
package struct ContrastiveObjective: Sendable {
    /// The rows u, N x p.
    let left: Matrix
    /// The rows v, N x q.
    let right: Matrix
    /// The offset s cos, of full width; nil if there is none.
    let prior: CosinePrior?
    /// The row numbers of each batch, ascending; each row's softmax covers its batch.
    let batches: [[Int]]
    /// The penalty on |W - W0|^2 for unit rows; it does not scale with N.
    let ridge: Double
    /// The divisor of u^T W v in a score; W absorbs it.
    let temperature: Double
    /// W0, at which the penalty is zero. It is zero except in tests of other parametrisations.
    let anchor: Matrix
    /// The number of threads; results do not depend on it.
    let threadCount: Int
    /// The rows of each batch, side by side.
    let batchRows: [(left: Matrix, right: Matrix)]
    /// s cos of each batch, if all batches together take little memory; nil otherwise.
    let keptOffsets: [Matrix]?

    /// The number of elements, 256 MB, that an objective may keep between evaluations: once for offsets and once for softmaxes.
    static let keptElementLimit = 1 << 25
    /// The number of rows of a batch that are processed at once. It does not depend on the number of threads, so no digit does.
    static let blockSize = 256

    /// The loss of a head over the rows in `batches`.
    ///
    /// - Parameters:
    ///   - batches: disjoint lists of ascending row numbers; rows in no list take no part.
    ///   - anchor: W0, p x q; nil means zero.
    /// - Precondition: equal row counts; `ridge >= 0`; `temperature > 0`.
    package init(
        left: Matrix, right: Matrix, prior: CosinePrior? = nil, batches: [[Int]], ridge: Double, temperature: Double = 1,
        anchor: Matrix? = nil, threadCount: Int = 1
    ) throws {
        precondition(left.rowCount == right.rowCount && ridge >= 0 && temperature > 0, "an objective of unlike sides")
        self.left = left
        self.right = right
        self.prior = prior.flatMap { $0.scale == 0 ? nil : $0 }
        self.batches = batches.filter { !$0.isEmpty }
        self.ridge = ridge
        self.temperature = temperature
        self.anchor = anchor ?? .zeros(left.columnCount, right.columnCount)
        self.threadCount = threadCount
        batchRows = self.batches.map { (left.selectingRows($0), right.selectingRows($0)) }
        let elementCount = self.batches.reduce(0) { $0 + $1.count * $1.count }
        if let prior = self.prior, elementCount <= Self.keptElementLimit {
            let rows = self.batches
            keptOffsets = try concurrentMap(count: rows.count, threadCount: threadCount) { index in
                Self.offsets(prior, rows[index], rows[index][...])
            }
        } else {
            keptOffsets = nil
        }
    }

    /// The number of rows that take part.
    package var rowCount: Int { batches.reduce(0) { $0 + $1.count } }

    /// Whether the softmaxes of all batches are kept after an evaluation, for the products with the curvature at the same point.
    var keepsSoftmaxes: Bool { batches.reduce(0) { $0 + $1.count * $1.count } <= Self.keptElementLimit }

    /// The positions in a batch, divided into blocks.
    func blocks(of batch: Int) -> [Range<Int>] {
        stride(from: 0, to: batches[batch].count, by: Self.blockSize).map {
            $0..<min($0 + Self.blockSize, batches[batch].count)
        }
    }

    /// The scores of a block of b rows with all B rows of its batch, at weights W: b x B.
    func scores(_ weights: Matrix, batch: Int, block: Range<Int>) -> Matrix {
        let (left, right) = batchRows[batch]
        var scores = left.rows(block).times(weights).timesTransposed(right)
        if let prior {
            let offset =
                keptOffsets.map { $0[batch].rows(block) }
                ?? Self.offsets(prior, batches[batch], batches[batch][block])
            scores.combine(offset) { $0 / temperature + $1 }
        } else if temperature != 1 {
            scores.combine(scores) { score, _ in score / temperature }
        }
        return scores
    }

    private static func offsets(_ prior: CosinePrior, _ columns: [Int], _ rows: ArraySlice<Int>) -> Matrix {
        let scale = prior.scale
        var cosines = prior.left.selectingRows(Array(rows)).timesTransposed(prior.right.selectingRows(columns))
        cosines.combine(cosines) { cosine, _ in scale * cosine }
        return cosines
    }

    /// Applies `transform` to each batch. Several batches run on the threads; a single batch gets all threads inside.
    func mapBatches<Result: Sendable>(_ transform: @Sendable (_ batch: Int, _ innerThreads: Int) throws -> Result) throws
        -> [Result]
    {
        let isMany = batches.count > 1
        return try concurrentMap(count: batches.count, threadCount: isMany ? threadCount : 1) {
            try transform($0, isMany ? 1 : threadCount)
        }
    }
}
