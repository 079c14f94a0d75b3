import LinearAlgebra
import Statistics
import Testing

@testable import Information

@Suite struct ContrastiveErrorTests {
    /// Terms of five folds of equal size, with these means of the folds and the same spread of +-1 within each.
    private func scale(_ foldMeans: [Double], perFold: Int = 20) -> (scale: Double, byRows: Double) {
        let terms = foldMeans.flatMap { mean in (0..<perFold).map { mean + ($0.isMultiple(of: 2) ? 1 : -1) } }
        let groups = terms.indices.map { "\($0)" }
        let error = GroupInfluence(contributions: terms, groups: groups).standardError ?? .nan
        return (ContrastiveInformation.errorScale(terms, groups: groups, foldMeans: foldMeans), error * error)
    }

    @Test func criticsThatAgreeAddNothing() {
        #expect(scale([0.5, 0.5, 0.5, 0.5, 0.5]).scale == 1)
        #expect(scale([0.5, 0.51, 0.49, 0.5, 0.5]).scale == 1)
        #expect(ContrastiveInformation.errorScale([0, 0, 0, 0, 0], groups: ["a", "b", "c", "d", "e"], foldMeans: [0, 0, 0, 0, 0]) == 1)
    }

    @Test func criticsThatDifferAddTheirVariance() {
        let means = [-2.0, -1, 0, 1, 2]
        let (scale, byRows) = scale(means)
        // s^2 = 2.5; max(w, s^2/5) + (s^2 - 5 w)/3, over w.
        let expected = (max(byRows, 0.5) + (2.5 - 5 * byRows) / 3) / byRows
        #expect(abs(scale * scale - expected) < 1e-9 && scale > 5)
    }

    @Test func theScaleMovesTheErrorAndNotTheEstimate() throws {
        var generator = SeededGenerator(seed: 3, stream: "test")
        let x = generator.normals(200, 1)
        let noise = generator.normals(200, 1)
        let y = x.combining(noise) { 0.6 * $0 + 0.8 * $1 }
        let set = SampleSet(name: "pair", modalities: [Modality(name: "x", rows: x)], response: y, reference: y)
        let estimator = ContrastiveInformation()
        let judged = try estimator.judge(x, y, groups: RowGroups([set]).labels[0])
        let estimate = try estimator.estimate([set])[0]
        #expect(estimate.referenceMutualInformation == judged.terms.mean)
        let plain = try #require(GroupInfluence(contributions: judged.terms, groups: RowGroups([set]).labels[0]).standardError)
        let error = try #require(estimate.referenceInfluence.standardError)
        #expect(abs(error - plain * judged.errorScale) < 1e-12 * error && judged.errorScale >= 1)
        #expect(estimate.value == 0 && estimate.influence.standardError == 0)
    }
}
