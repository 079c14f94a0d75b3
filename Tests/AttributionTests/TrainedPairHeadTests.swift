import LinearAlgebra
import RealModule
import Statistics
import Testing

@testable import Attribution

@Suite("Heads of all pairs")
struct TrainedPairHeadTests {
    private let base = SyntheticPairs(rows: 120, seed: 20)
    private let moved = stride(from: 2, to: 80, by: 6).map { $0 }

    private func training() throws -> EmbeddedPairs { try base.pairs(cycling: moved).selectingRows(Array(0..<80)) }
    private func validation() throws -> EmbeddedPairs { try base.pairs().selectingRows(Array(80..<120)) }

    private func head(_ pairs: EmbeddedPairs, threads: Int = 1) throws -> TrainedPairHead {
        try TrainedPairHead(pairs, rank: 6, ridge: 0.5, tolerance: 1e-10, seed: 0, threadCount: threads)
    }

    @Test("Influence has the order of leave-one-out retraining, and its size")
    func leaveOneOut() throws {
        let (pairs, validation) = (try training(), try validation())
        let head = try head(pairs)
        let target = try head.validationTarget(validation)
        let predicted = try head.influences(on: target, tolerance: 1e-10).values
        let measured = try (0..<80).map { row in
            try head.validationTarget(validation, weights: head.refittedWeights(without: [row])).value - target.value
        }
        #expect(try #require(Correlation.spearman(predicted, measured)).coefficient >= 0.97)
        let slope = zip(predicted, measured).reduce(0) { $0 + $1.0 * $1.1 } / measured.reduce(0) { $0 + $1 * $1 }
        #expect(slope > 0.85 && slope < 1.15)
    }

    @Test("The order of rows and the number of threads move nothing, not even a digit")
    func order() throws {
        let (pairs, validation) = (try training(), try validation())
        var generator = SeededGenerator(seed: 3)
        let permutation = generator.permutation(of: 80)
        let (one, other) = (try head(pairs), try head(pairs.selectingRows(permutation), threads: 2))
        let straight = try one.influences(on: one.validationTarget(validation)).values
        let shuffled = generator.permutation(of: 40)
        let turned = try other.influences(on: other.validationTarget(validation.selectingRows(shuffled))).values
        #expect(permutation.map { straight[$0] } == turned)
    }

    @Test("Removing what harms lowers the loss about as predicted, and more than removing at random")
    func valuation() throws {
        let (pairs, validation) = (try training(), try validation())
        let value = try PairValuation(
            of: head(pairs), trainingRows: 80, validation: validation, removedShare: 0.1, isRelative: true, seed: 0)
        #expect(value.removedRows.count == 8 && value.measuredChange < min(0, value.randomChange))
        #expect(abs(value.predictedChange / value.measuredChange - 1) < 0.25)
        #expect(value.removedRows.count { moved.contains($0) } >= 5)
        let relative = try #require(value.relative)
        for (plain, scaled) in zip(value.influences, relative) { #expect(plain * scaled >= 0) }
    }

    /// An objective of sides that share one basis, in which neither side's moments are diagonal.
    private func jointObjective() throws -> ContrastiveObjective {
        let pairs = SyntheticPairs(rows: 240, leftWidth: 14, rightWidth: 14, seed: 8)
        let basis = try SecondMomentBasis(left: pairs.left, right: pairs.right, rank: 12, isJoint: true)
        return try ContrastiveObjective(
            left: pairs.left.times(basis.left.transposed), right: pairs.right.times(basis.right.transposed),
            batches: BatchPartition.batches(rowCount: 240, size: 60, seed: 2), ridge: 0.3)
    }

    @Test("The curvature is solved to the tolerance, in less than half the steps that it takes without preconditioner")
    func preconditioning() throws {
        let objective = try jointObjective()
        let head = try BilinearHead(fitting: objective, tolerance: 1e-6)
        var generator = SeededGenerator(seed: 4, stream: "right side")
        let right = generator.normals(12, 12)
        let solve = try objective.solveCurvature(at: head.point, right, tolerance: 1e-8)
        let residual = try objective.curvature(at: head.point, times: solve.solution).combining(right, -)
        #expect(residual.frobeniusNorm <= 1.01e-8 * right.frobeniusNorm)
        // Conjugate gradients without any preconditioner, as the oracle of what it is worth.
        var (solution, rest, direction, plain) = (Matrix.zeros(12, 12), right, right, 0)
        while rest.frobeniusNorm > 1e-8 * right.frobeniusNorm, plain < 500 {
            let curved = try objective.curvature(at: head.point, times: direction)
            let before = rest.inner(rest)
            let step = before / direction.inner(curved)
            solution.add(direction, times: step)
            rest.add(curved, times: -step)
            let factor = rest.inner(rest) / before
            direction = rest.combining(direction) { $0 + factor * $1 }
            plain += 1
        }
        #expect(solution.combining(solve.solution, -).frobeniusNorm < 1e-6 * solution.frobeniusNorm)
        #expect(2 * solve.iterations < plain, "\(solve.iterations) and \(plain) steps")
    }

    @Test("The scale of the cosine is where the loss is least, however many batches there are")
    func scaleOfManyBatches() throws {
        let pairs = SyntheticPairs(rows: 300, leftWidth: 10, rightWidth: 10, seed: 5)
        var generator = SeededGenerator(seed: 6, stream: "noise")
        let right = pairs.left.adding(generator.normals(300, 10).mapElements { 0.3 * $0 }).rowsNormalized
        for size in [30, 75, 300] {
            let batches = BatchPartition.batches(rowCount: 300, size: size, seed: 7)
            let scale = try CosinePrior.bestScale(left: pairs.left, right: right, batches: batches, threadCount: 1)
            func loss(_ scale: Double) -> Double {
                batches.reduce(0) { sum, rows in
                    let cosines = pairs.left.selectingRows(rows).timesTransposed(right.selectingRows(rows))
                    return sum
                        + rows.indices.reduce(0) { part, i in
                            let row = rows.indices.reduce(0) { $0 + Double.exp(scale * cosines[i, $1]) }
                            let column = rows.indices.reduce(0) { $0 + Double.exp(scale * cosines[$1, i]) }
                            return part + Double.log(row) + Double.log(column) - 2 * scale * cosines[i, i]
                        }
                }
            }
            // The slope is zero to what a difference over 2e-4 of a loss of some hundred nats can show.
            #expect(scale > 1 && abs(loss(scale + 1e-4) - loss(scale - 1e-4)) < 1e-9, "\(size)")
        }
    }

    @Test("Batches see themselves only, and a set of one batch is the whole")
    func batches() {
        #expect(BatchPartition.batches(rowCount: 4_096, seed: 0) == [Array(0..<4_096)])
        let batches = BatchPartition.batches(rowCount: 5_000, seed: 1)
        #expect(batches.count == 5 && batches.allSatisfy { $0.count == 1_000 && $0 == $0.sorted() })
        #expect(batches.flatMap { $0 }.sorted() == Array(0..<5_000))
        #expect(BatchPartition.batches(rowCount: 5_000, seed: 2) != batches)
    }

    @Test("Influences by batches of a hundred have nearly the order of those of one batch")
    func smallBatches() throws {
        let pairs = try training()
        let training = try HeadTraining(pairs, training: Array(0..<80), rank: 6, batchSize: 40, seed: 0, threadCount: 1)
        let batched = try #require(try training.head(ridge: 0.5, tolerance: 1e-9))
        #expect(batched.objective.batches.count == 2)
        let target = InfluenceTarget(
            marginOf: Array(repeating: 0.3, count: 6), chosen: [1, 0, 0, 0, 0, 0], over: [0, 1, 0, 0, 0, 0],
            weights: batched.weights, temperature: 1, offset: 0)
        let influence = try RemovalInfluence(of: batched, on: target).values()
        #expect(influence.count == 80 && influence.allSatisfy(\.isFinite))
    }

    @Test("The scale of a cosine prior is where its loss is lowest, and 0 where cosines say nothing")
    func priorScale() throws {
        let base = SyntheticPairs(rows: 60, leftWidth: 8, rightWidth: 8, seed: 30)
        let right = base.left.adding(base.right.mapElements { 0.7 * $0 }).rowsNormalized
        let batches = [Array(0..<60)]
        let scale = try CosinePrior.bestScale(left: base.left, right: right, batches: batches, threadCount: 1)
        func loss(_ scale: Double) throws -> Double {
            let prior = CosinePrior(left: base.left, right: right, scale: scale)
            let objective = try ContrastiveObjective(
                left: .zeros(60, 1), right: .zeros(60, 1), prior: prior, batches: batches, ridge: 1)
            return try #require(try objective.evaluate(.zeros(1, 1))).value
        }
        #expect(scale > 0)
        #expect(try loss(scale) < loss(scale * 0.98) && loss(scale) < loss(scale * 1.02))
        let opposite = right.mapElements { -$0 }
        #expect(try CosinePrior.bestScale(left: base.left, right: opposite, batches: batches, threadCount: 1) == 0)
    }

    @Test("A wrong answer is traced to pairs whose removal lowers its margin")
    func trace() throws {
        let pairs = try training()
        let head = try head(pairs)
        let validation = try validation()
        let answers = AnswerTrace.answers(
            of: head, queries: validation.left, candidates: validation.right, right: Array(0..<40))
        let query = try #require(answers.wrong.first)
        let trace = try AnswerTrace(
            of: head, query: query, answer: answers.answers[query], right: query, queries: validation.left,
            candidates: validation.right, causeCount: 5)
        #expect(trace.margin > 0 && trace.causes.count == 5 && trace.predictedChange < 0 && trace.measuredChange < 0)
        #expect(trace.causes.map(\.influence) == trace.causes.map(\.influence).sorted())
    }
}
