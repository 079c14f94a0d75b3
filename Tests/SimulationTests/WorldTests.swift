import Information
import LinearAlgebra
import RealModule
import Statistics
import Testing

@testable import emi_simulation

@Suite struct WorldTests {
    static let designs = SimulationDesign.allCases

    @Test(arguments: designs) func theGaussianWorldHasItsInformation(_ design: SimulationDesign) throws {
        let world = GaussianWorld(width: 2, reference: 0.75, model: 0.5)
        var generator = SeededGenerator(seed: 1, stream: "test")
        let (first, second) = gaussianPair(
            (world, GaussianWorld(width: 2, reference: 0.75, model: 0.3)), counts: (20_000, 20_000), design: design,
            using: &generator)
        let estimates = try GaussianInformation().estimate([first, second])
        // The standard deviation of I of one coordinate is rho/sqrt(n), times sqrt(2) for pairs of rows that share half: 0.0075 x 1.4 a
        // coordinate at most; four of them over two coordinates.
        let tolerance = 4 * 0.75 * (2 * 2 / 20_000.0).squareRoot()
        for (estimate, model) in zip(estimates, [0.5, 0.3]) {
            #expect(abs(estimate.modelMutualInformation - information(model)) < tolerance)
            #expect(abs(estimate.referenceMutualInformation - information(0.75)) < tolerance)
        }
        #expect(abs(world.effectiveMutualInformation - (information(0.5) - information(0.75))) < 1e-12)
    }

    /// I of two coordinates.
    private func information(_ correlation: Double) -> Double { -.log(1 - correlation * correlation) }

    @Test func thePairHasItsInformation() throws {
        var generator = SeededGenerator(seed: 4, stream: "test")
        let set = GaussianPair.set(rowCount: 20_000, width: 3, using: &generator)
        let value = try GaussianInformation().estimate([set])[0].referenceMutualInformation
        // The standard deviation of I is 0.6 sqrt(3/n).
        #expect(abs(value + 1.5 * .log(1 - 0.36)) < 4 * 0.6 * (3 / 20_000.0).squareRoot())
    }

    @Test func aFittedQHasTheSameValueOnExpectedAnswers() throws {
        let world = GaussianWorld(width: 2, reference: 0.75, model: 0.5)
        var generator = SeededGenerator(seed: 2, stream: "test")
        let items = GaussianItems("fitted", count: 200, width: 2, design: .rows, using: &generator)
        let fit = try #require(try ClubRidge().prepare([world.set("fitted", items, using: &generator)]) as? CrossFit)
        let fresh = GaussianItems("drawn", count: 20_000, width: 2, design: .rows, using: &generator)
        let judge = CrossFit(
            fits: [fit.fits[0]], foldByLabel: [:], labelByKey: [:], modalityNames: fit.modalityNames)
        let estimates = try judge.estimate([
            world.set("drawn", fresh, using: &generator), world.expectedSet("expected", count: 20_000, using: &generator),
        ])
        let error = try #require(estimates[0].influence.standardError)
        // The expected rows have an error of their own, smaller than that of drawn ones.
        #expect(abs(estimates[0].value - estimates[1].value) < 4 * 1.5 * error)
        #expect(error < 0.05 * abs(estimates[0].value))
    }

    @Test func jitterLeavesTheLawOfARowAndPartOfTheItem() {
        let world = GaussianWorld(width: 1, reference: 0.75, model: 0.5)
        var generator = SeededGenerator(seed: 3, stream: "test")
        let (first, second) = gaussianPair(
            (world, world), counts: (20_000, 20_000), design: .items, jitter: 0.5, using: &generator)
        let (a, b) = (first.modalities[0].rows.column(0), second.modalities[0].rows.column(0))
        func moment(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).map { $0 * $1 }.mean }
        // The standard deviations of the moments are sqrt(2/n) and sqrt((1 + 0.25)/n).
        #expect(abs(moment(a, a) - 1) < 4 * (2 / 20_000.0).squareRoot())
        #expect(abs(moment(a, b) - 0.5) < 4 * (1.25 / 20_000.0).squareRoot())
        #expect(first.identifiers == second.identifiers)
    }

    @Test func groupsAreOfThreeRowsAndShareTheirImage() {
        let world = GaussianWorld(width: 2, reference: 0.75, model: 0.5)
        var generator = SeededGenerator(seed: 4, stream: "test")
        let (first, second) = gaussianPair((world, world), counts: (90, 30), design: .groups, using: &generator)
        #expect(Set(first.groups ?? []).count == 30)
        #expect(Set(second.groups ?? []).count == 10)
        #expect(Set(first.groups ?? []).isDisjoint(with: second.groups ?? []))
        let visual = first.modalities[0].rows
        #expect((0..<90).allSatisfy { visual.row($0).elementsEqual(visual.row($0 / 3 * 3)) })
        #expect(!first.modalities[1].rows.row(0).elementsEqual(first.modalities[1].rows.row(1)))
    }

    @Test func aBatchHas61ScenariosThatShareTheirConditions() {
        let world = GaussianWorld(width: 2, reference: 0.75, model: 0.5)
        var generator = SeededGenerator(seed: 5, stream: "test")
        let batch = NullBatch(world, rowCount: 12, using: &generator)
        #expect(batch.scenarios.count == 61)
        #expect(batch.scenarios.count { $0.set.identifiers == batch.id.identifiers } == 40)
        #expect(Set(batch.scenarios.map(\.visualCondition)).count == 10)
        let domain = batch.scenarios.filter { $0.visualCondition == "domain 1" }
        #expect(domain.count == 7)
        #expect(domain.allSatisfy { $0.set.modalities[0] == domain[0].set.modalities[0] })
        #expect(domain.dropFirst().allSatisfy { $0.set.modalities[1] != domain[0].set.modalities[1] })
    }

    @Test func blobsHaveTheCovariancesOfThePublishedCode() {
        var generator = SeededGenerator(seed: 6, stream: "test")
        let rows = TwoSampleWorld.blobs.sample(rowsPerMode: 20_000, isShifted: true, using: &generator)
        // Modes overlap: a row does not tell which it is of, but moments about the middle do. L^T L of a mode at (r, c) is
        // [[0.03 + k^2/0.03, k sqrt(1 - k^2/0.0009)], [., 0.03 - k^2/0.03]], and third moments of a Gaussian about its mean are 0.
        let covariances = [-0.02, -0.022, -0.024, -0.026, 0, 0.02, 0.022, 0.024, 0.026]
        var expected = (0.0, 0.0)
        for (mode, k) in covariances.enumerated() {
            let (r, c) = (Double(mode / 3) - 1, Double(mode % 3) - 1)
            let shared = k * (1 - k * k / 0.0009).squareRoot()
            expected.0 += (c * (0.03 + k * k / 0.03) + 2 * r * shared) / 9
            expected.1 += (r * (0.03 - k * k / 0.03) + 2 * c * shared) / 9
        }
        let centred = (0..<rows.rowCount).map { (rows[$0, 0] - 1, rows[$0, 1] - 1) }
        for (cubes, value) in [
            (centred.map { $0.0 * $0.0 * $0.1 }, expected.0), (centred.map { $0.0 * $0.1 * $0.1 }, expected.1),
        ] {
            #expect(abs(cubes.mean - value) < 4 * cubes.standardDeviation / Double(cubes.count).squareRoot())
        }
        #expect(abs(rows.columnMeans[0] - 1) < 0.01)
    }

    @Test func mixturesHaveOppositeCovariances() {
        var generator = SeededGenerator(seed: 7, stream: "test")
        let rows = TwoSampleWorld.hdgm.sample(rowsPerMode: 20_000, isShifted: true, using: &generator)
        func covariance(_ range: Range<Int>, _ mean: Double) -> Double {
            range.map { (rows[$0, 0] - mean) * (rows[$0, 1] - mean) }.mean
        }
        // The standard deviation of a product is at most sqrt(1.25).
        #expect(abs(covariance(0..<20_000, 0) - 0.5) < 4 * (1.25 / 20_000.0).squareRoot())
        #expect(abs(covariance(20_000..<40_000, 0.5) + 0.5) < 4 * (1.25 / 20_000.0).squareRoot())
    }
}
