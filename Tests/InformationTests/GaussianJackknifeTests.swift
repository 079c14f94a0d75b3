import LinearAlgebra
import Statistics
import Testing

@testable import Information

@Suite struct GaussianJackknifeTests {
    private func set(_ x: Matrix, _ response: Matrix, _ reference: Matrix) -> SampleSet {
        SampleSet(name: "set", modalities: [Modality(name: "query", rows: x)], response: response, reference: reference)
    }

    /// Subtracting a block's moments gives what the remaining rows give.
    @Test(arguments: [(60, 3, 2), (200, 8, 5), (90, 40, 40)]) func blocksAreLeftOutExactly(_ size: (Int, Int, Int)) throws {
        var simulation = Simulation(seed: UInt64(size.0))
        let x = simulation.normals(size.0, size.1).mapElements { $0 + 100 }
        let (noise, other) = (simulation.normals(size.0, size.2), simulation.normals(size.0, size.2))
        let answers = Matrix(rowCount: size.0, columnCount: size.2) { x[$0, $1] + noise[$0, $1] }
        let sets = [set(x, answers.combining(other) { $0 + $1 }, answers)]
        let (pair, leavingOut) = try GaussianInformation().functions(sets, pool: RowGroups(sets))
        let rows = Array(0..<size.0)
        let blocks = [[0], [3, 17, 20], Array(40..<50)]
        let found = try #require(try leavingOut?(rows, blocks, 2))
        for (block, parts) in zip(blocks, found) {
            let kept = rows.filter { !block.contains($0) }
            let (model, reference) = try pair(kept, kept, false)
            let known = try #require(parts)
            #expect(abs(known.model - model.value) < 1e-9 && abs(known.reference - reference.value) < 1e-9)
        }
    }

    /// What such a block leaves of the column is rounding; the estimate then looks at the rows.
    @Test func aBlockThatHoldsAllOfAColumnsVarianceIsNotSubtracted() throws {
        var simulation = Simulation(seed: 5)
        let (x, y) = (simulation.normals(40, 2), simulation.normals(40, 2))
        let spiked = Matrix(rowCount: 40, columnCount: 2) { $1 == 1 ? ($0 == 7 ? 1e6 : 1e-4 * x[$0, 1]) : x[$0, 0] }
        let sets = [set(spiked, y, y)]
        let (_, leavingOut) = try GaussianInformation().functions(sets, pool: RowGroups(sets))
        let found = try #require(try leavingOut?(Array(0..<40), [[7], [8]], 1))
        #expect(found[0] == nil && found[1] != nil)
    }
}
