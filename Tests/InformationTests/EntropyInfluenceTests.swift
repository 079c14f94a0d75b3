import LinearAlgebra
import Testing

@testable import Information

@Suite struct EntropyInfluenceTests {
    /// S of rows of which one weighs 1 + epsilon, through a row scaled by the root of that.
    private func entropy(_ rows: Matrix, row: Int, weight: Double) throws -> Double {
        let scaled = rows.scalingRows(by: (0..<rows.rowCount).map { $0 == row ? weight.squareRoot() : 1 })
        return vonNeumannEntropy(ofSpectrum: try scaled.gram.symmetricEigenvalues())
    }

    @Test(arguments: [(12, 30), (30, 5)]) func influencesAreDerivatives(_ size: (Int, Int)) throws {
        var simulation = Simulation(seed: 3)
        // Rows of different lengths, so that the trace changes as well.
        let rows = simulation.normals(size.0, size.1)
        let found = try JensenShannonDivergence().entropyInfluences(rows, rows.mapElements { 2 * $0 })
        let step = 1e-4
        for row in [0, 5, size.0 - 1] {
            let slope = (try entropy(rows, row: row, weight: 1 + step) - entropy(rows, row: row, weight: 1 - step)) / (2 * step)
            #expect(abs(found.first[row] - slope) < 1e-6)
            #expect(abs(found.second[row] - slope) < 1e-6)
        }
        #expect(abs(found.first.reduce(0, +)) < 1e-12)
    }
}
