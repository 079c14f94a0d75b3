import LinearAlgebra

@testable import Attribution

/// The two heads of the golden file, fitted to the last digits.
struct GoldenHead {
    let head: BilinearHead
    let target: InfluenceTarget
    /// The validation loss at some weights.
    let validationLoss: (Matrix) throws -> Double

    /// A: one batch of 48 pairs, 6 x 5, temperature 0.5.
    static func a() throws -> GoldenHead {
        let (u, v) = (try SharedData.matrix("a_u"), try SharedData.matrix("a_v"))
        let objective = try ContrastiveObjective(
            left: u, right: v, batches: [Array(0..<48)], ridge: 0.4, temperature: 0.5)
        return try GoldenHead(objective, "a")
    }

    /// B: three batches of 60 pairs, 5 x 5, a ridge towards 3.25 I.
    static func b(threadCount: Int = 1) throws -> GoldenHead {
        let batch = try SharedData.integers("b_batch")
        let objective = try ContrastiveObjective(
            left: try SharedData.matrix("b_u"), right: try SharedData.matrix("b_v"),
            batches: (0..<3).map { number in batch.indices.filter { batch[$0] == number } }, ridge: 0.7,
            anchor: Matrix.identity(5).mapElements { 3.25 * $0 }, threadCount: threadCount)
        return try GoldenHead(objective, "b")
    }

    private init(_ objective: ContrastiveObjective, _ name: String) throws {
        let (u, v) = (try SharedData.matrix("\(name)_uv"), try SharedData.matrix("\(name)_vv"))
        let validation = try ContrastiveObjective(
            left: u, right: v, batches: [Array(0..<u.rowCount)], ridge: 0, temperature: objective.temperature)
        head = try BilinearHead(fitting: objective, tolerance: 1e-12)
        guard let target = try InfluenceTarget(meanLossOf: validation, at: head.weights) else {
            throw AttributionError.notConverged(relativeGradient: 1, steps: 0)
        }
        self.target = target
        validationLoss = { weights in
            try InfluenceTarget(meanLossOf: validation, at: weights)?.value ?? .nan
        }
    }
}
