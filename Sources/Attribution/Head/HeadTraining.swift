import LinearAlgebra
import Statistics

/// Everything to which a head is fitted: the axes, the scale of the cosine prior, and the training pairs in those axes.
struct HeadTraining: Sendable {
    let basis: SecondMomentBasis
    let priorScale: Double
    private let left: Matrix
    private let right: Matrix
    private let prior: CosinePrior?
    private let batches: [[Int]]
    private let threadCount: Int

    /// - Parameters:
    ///   - training: the row numbers of the training pairs, ascending.
    ///   - batchSize: the largest batch; nil for the default of `BatchPartition`.
    init(
        _ pairs: EmbeddedPairs, training: [Int], rank: Int, batchSize: Int? = nil, seed: UInt64, threadCount: Int
    ) throws {
        let (left, right) = (pairs.left.selectingRows(training), pairs.right.selectingRows(training))
        batches = BatchPartition.batches(rowCount: training.count, size: batchSize, seed: seed)
        priorScale =
            pairs.hasCosines
            ? try CosinePrior.bestScale(left: left, right: right, batches: batches, threadCount: threadCount) : 0
        basis = try SecondMomentBasis(
            left: left, right: right, rank: rank, isJoint: priorScale > 0, threadCount: threadCount)
        self.left = left.times(basis.left.transposed, threadCount: threadCount)
        self.right = right.times(basis.right.transposed, threadCount: threadCount)
        prior = priorScale > 0 ? CosinePrior(left: left, right: right, scale: priorScale) : nil
        self.threadCount = threadCount
    }

    /// The head at one ridge; nil for an infinite ridge, which means W = 0.
    func head(ridge: Double, tolerance: Double) throws -> BilinearHead? {
        guard ridge < .infinity else { return nil }
        let objective = try ContrastiveObjective(
            left: left, right: right, prior: prior, batches: batches, ridge: ridge, threadCount: threadCount)
        return try BilinearHead(fitting: objective, tolerance: tolerance)
    }
}
