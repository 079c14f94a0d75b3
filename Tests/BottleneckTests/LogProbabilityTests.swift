import LinearAlgebra
import Statistics
import Testing

@testable import Bottleneck

private struct Expected: Decodable {
    let model_mi, reference_mi, emi, se: Double
}

@Suite struct LogProbabilityTests {
    @Test(.enabled(if: Golden.exists, "../shared/bottleneck/golden is not here"))
    func theEstimateIsTheTwins() throws {
        let (arrays, expected) = (try Golden.arrays("logprob"), try Golden.expected("logprob", as: Expected.self))
        let (response, reference) = (try #require(arrays["response"]), try #require(arrays["reference"]))
        let groups = (0..<20).map { "\($0)" }
        let found = try LogProbabilityEMI(model: response, reference: reference, groups: groups)
        #expect(isClose(found.model.information.value, expected.model_mi))
        #expect(isClose(found.reference.information.value, expected.reference_mi))
        #expect(isClose(found.value.value, expected.emi))
        // The twin's error is that of the rows as queries alone.
        let rows = GroupInfluence(contributions: found.contributions, groups: groups)
        #expect(isClose(try #require(rows.standardError), expected.se))
    }

    /// Answers that vary in how likely they are anyway, whatever the query; queries too; a matched pair has `gain`
    /// more.
    private static func matrix(_ n: Int, index: Int) -> Matrix {
        var generator = SeededGenerator(seed: 11, stream: "log-probabilities", index: index)
        let (queries, answers, noise) = (generator.normals(n, 1), generator.normals(n, 1), generator.normals(n, n))
        let gains = generator.normals(n, 1)
        return Matrix(rowCount: n, columnCount: n) { i, j in
            -20 + queries[i, 0] + 2 * answers[j, 0] + 0.5 * noise[i, j] + (i == j ? 1.5 + gains[i, 0] : 0)
        }
    }

    @Test func theErrorIsThatOfNewItems() throws {
        let (n, repetitions) = (40, 400)
        let found = try (0..<repetitions).map { index in
            try LogProbabilityInformation(Self.matrix(n, index: index), groups: (0..<n).map(String.init))
        }
        let values = found.map(\.information.value)
        let mean = values.reduce(0, +) / Double(repetitions)
        let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(repetitions - 1)).squareRoot()
        let error = found.compactMap(\.information.standardError).reduce(0, +) / Double(repetitions)
        let asQueries =
            found.compactMap {
                GroupInfluence(contributions: $0.contributions, groups: (0..<n).map(String.init)).standardError
            }.reduce(0, +) / Double(repetitions)
        #expect(abs(mean - 1.5) < 0.05)
        #expect(abs(error / spread - 1) < 0.15)
        // What the answers share is on the diagonal and off it: the error of queries alone has it once, and is far
        // too large.
        #expect(asQueries / spread > 1.5)
    }

    @Test func aSampleOfPairsIsEnough() throws {
        let n = 60
        let full = Self.matrix(n, index: 0)
        var generator = SeededGenerator(seed: 5, stream: "sampled pairs")
        var sampled = full
        for i in 0..<n {
            for j in 0..<n where i != j && generator.uniform() > 0.2 { sampled[i, j] = .nan }
        }
        let groups = (0..<n).map(String.init)
        let all = try LogProbabilityInformation(full, groups: groups)
        let some = try LogProbabilityInformation(sampled, groups: groups)
        #expect(some.negativeCount < all.negativeCount / 3)
        let error = try #require(some.information.standardError)
        #expect(abs(some.information.value - all.information.value) < 3 * error)
        let areFinite = some.contributions.allSatisfy { $0.isFinite }
        #expect(areFinite)
    }

    /// R-EMID scores a thousand random pairs, few for each item. A pair belongs to two items, and its own noise counts once.
    @Test func theErrorOfFewPairsIsThatOfNewItemsAndPairs() throws {
        let (n, repetitions) = (120, 300)
        var (values, errors, influences): ([Double], [Double], [Double]) = ([], [], [])
        for index in 0..<repetitions {
            var generator = SeededGenerator(seed: 3, stream: "few pairs", index: index)
            var matrix = Self.matrix(n, index: index)
            for i in 0..<n {
                for j in 0..<n where i != j && generator.uniform() > 1 / Double(n) { matrix[i, j] = .nan }
            }
            let found = try LogProbabilityInformation(matrix, groups: (0..<n).map(String.init))
            values.append(found.information.value)
            errors.append(try #require(found.information.standardError))
            // As if both items of a pair had it for themselves.
            let scored = (0..<n).flatMap { i in (0..<n).filter { $0 != i && !matrix[i, $0].isNaN }.map { (i, $0) } }
            let mean = scored.reduce(0) { $0 + matrix[$1.0, $1.1] } / Double(scored.count)
            var both = (0..<n).map { matrix[$0, $0] }
            for (i, j) in scored {
                for item in [i, j] { both[item] -= Double(n) / Double(scored.count) * (matrix[i, j] - mean) }
            }
            influences.append(
                try #require(GroupInfluence(contributions: both, groups: (0..<n).map(String.init)).standardError))
        }
        let mean = values.reduce(0, +) / Double(repetitions)
        let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(repetitions - 1)).squareRoot()
        #expect(abs(mean - 1.5) < 0.05)
        #expect(abs(errors.reduce(0, +) / Double(repetitions) / spread - 1) < 0.12)
        // The spread itself is known to 4 %.
        #expect(influences.reduce(0, +) / Double(repetitions) / spread > 1.15)
    }

    @Test func anAnswerThatBothModelsGiveCancels() throws {
        let matrix = Self.matrix(30, index: 1)
        let groups = (0..<30).map { "image \($0 / 2)" }
        let found = try LogProbabilityEMI(model: matrix, reference: matrix, groups: groups)
        #expect(found.value.value == 0 && found.value.standardError == 0)
        // Two groups have no error.
        let two = try LogProbabilityInformation(matrix, groups: (0..<30).map { "half \($0 % 2)" })
        #expect(two.information.standardError == nil && two.information.interval == nil)
    }

    @Test func transposingChangesNothing() throws {
        let matrix = Self.matrix(25, index: 2)
        let groups = (0..<25).map { "\($0 / 2)" }
        let turned = Matrix(rowCount: 25, columnCount: 25) { matrix[$1, $0] }
        let (one, other) = (
            try LogProbabilityInformation(matrix, groups: groups).information,
            try LogProbabilityInformation(turned, groups: groups).information
        )
        #expect(abs(one.value - other.value) < 1e-12)
        #expect(abs(try #require(one.standardError) - (try #require(other.standardError))) < 1e-12)
    }

    @Test func whatCannotBeAMatrixOfLogProbabilitiesIsRefused() {
        func error(_ matrix: Matrix) -> LogProbabilityError? {
            do {
                _ = try LogProbabilityInformation(matrix, groups: (0..<matrix.rowCount).map(String.init))
                return nil
            } catch { return error }
        }
        #expect(error(.zeros(2, 3)) == .notSquare(rows: 2, columns: 3))
        #expect(error(Matrix(rows: [[0, 0], [0, .nan]])) == .unscoredPair(row: 1))
        #expect(error(Matrix(rows: [[0, -.infinity], [0, 0]])) == .infinite(row: 0, column: 1))
        #expect(error(Matrix(rows: [[-1, .nan], [.nan, -1]])) == .noNegatives)
    }
}
