import RealModule
import Testing

@testable import LinearAlgebra

/// Residuals from one inverse against regressions that are fitted without the rows.
@Suite struct LeftOutResidualsTests {
    private struct Regression {
        let kernel: Matrix
        let roots: [Double]
        let labels: [Double]
        let folds: [[Int]]

        init(rows: Int, folds count: Int, seed: UInt64) {
            let distances = randomMatrix(rows, 5, seed: seed).squaredDistances
            kernel = distances.mapElements { .exp(-$0 / 4) }
            let roots = (0..<rows).map { (1 / Double(rows + $0 % 3)).squareRoot() }
            self.roots = roots
            labels = roots.indices.map { $0.isMultiple(of: 3) ? roots[$0] : -roots[$0] }
            // Folds of unlike sizes, whose rows lie apart; none is empty.
            folds = (0..<count).map { fold in (0..<rows).filter { ($0 < count ? $0 : ($0 * $0 + $0 / 2) % count) == fold } }
        }

        /// The residuals at `judged` of the fit on all other rows but `judged`.
        func residuals(_ judged: [Int], ridge: Double) throws -> [Double] {
            let fitted = roots.indices.filter { !judged.contains($0) }
            func weighted(_ rows: [Int], _ columns: [Int]) -> Matrix {
                Matrix(rowCount: rows.count, columnCount: columns.count) {
                    kernel[rows[$0], columns[$1]] * roots[rows[$0]] * roots[columns[$1]]
                        + (rows[$0] == columns[$1] ? ridge : 0)
                }
            }
            guard !fitted.isEmpty else { return judged.map { labels[$0] } }
            let right = Matrix(rowCount: fitted.count, columnCount: 1, elements: fitted.map { labels[$0] })
            let weights = try weighted(fitted, fitted).choleskyDecomposition().solve(right)
            let predicted = weighted(judged, fitted).times(weights.elements)
            return zip(judged, predicted).map { labels[$0] - $1 }
        }
    }

    @Test(arguments: [(7, 3), (12, 1), (12, 2), (23, 5), (60, 6), (181, 6)])
    func residualsAreThoseOfFitsWithoutTheRows(rows: Int, folds: Int) throws {
        let regression = Regression(rows: rows, folds: folds, seed: UInt64(rows))
        #expect(regression.folds.flatMap { $0 }.sorted() == Array(0..<rows))
        let ridges = [0.003, 0.03, 0.3]
        let found = try LeftOutResiduals.of(
            ridges.map { (regression.kernel, $0) }, roots: regression.roots, labels: regression.labels, folds: regression.folds)
        for (ridge, losses) in zip(ridges, found) {
            for f in regression.folds.indices {
                let alone = try regression.residuals(regression.folds[f], ridge: ridge)
                #expect(losses.residuals[f].count == alone.count)
                for (a, b) in zip(losses.residuals[f], alone) { #expect(abs(a - b) < 1e-12) }
                #expect(losses.inner[f][f] == 0)
                for h in regression.folds.indices where h != f {
                    let both = try regression.residuals(regression.folds[h] + regression.folds[f], ridge: ridge)
                    let expected = both.prefix(regression.folds[h].count).reduce(0) { $0 + $1 * $1 }
                    #expect(abs(losses.inner[f][h] - expected) < 1e-12)
                }
            }
        }
    }

    @Test func aResultDependsNeitherOnTheOthersNorOnTheWidthOfVectors() throws {
        let regression = Regression(rows: 41, folds: 4, seed: 5)
        let other = Regression(rows: 41, folds: 4, seed: 6)
        let cases = (0..<11).map { (matrix: $0.isMultiple(of: 2) ? regression.kernel : other.kernel, ridge: 0.01 * Double($0 + 1)) }
        func residuals(_ cases: [(matrix: Matrix, ridge: Double)], _ instructions: VectorInstructions) throws -> [LeftOutResiduals] {
            try LeftOutResiduals.of(
                cases, roots: regression.roots, labels: regression.labels, folds: regression.folds,
                instructions: instructions)
        }
        for instructions in VectorInstructions.available {
            let together = try residuals(cases, instructions)
            #expect(try cases.flatMap { try residuals([$0], instructions) } == together)
            if instructions != .plain { #expect(try residuals(cases, .best) == together) }
        }
    }

    @Test(arguments: [Double.nan, .infinity, -50])
    func matricesThatAreNotPositiveDefiniteAreNamed(element: Double) throws {
        let regression = Regression(rows: 9, folds: 3, seed: 1)
        var kernel = regression.kernel
        kernel[4, 4] = element
        #expect(throws: LinearAlgebraError.self) {
            try LeftOutResiduals.of(
                [(regression.kernel, 0.1), (kernel, 0.1)], roots: regression.roots, labels: regression.labels, folds: regression.folds)
        }
    }

    @Test func noKernelsGiveNoResiduals() throws {
        #expect(try LeftOutResiduals.of([], roots: [1, 1], labels: [1, -1], folds: [[0], [1]]).isEmpty)
    }
}
