import LinearAlgebra
import Statistics
import Testing

@testable import Bottleneck

private struct Expected: Decodable {
    struct Minimal: Decodable {
        let beta: Double?
        let rank: Int
        let rate, relevance: Double
    }
    struct Point: Decodable {
        let beta, rate, relevance: Double
        let rank: Int
    }
    let ridge, information, information_se: Double
    let kept: Int
    let rho, rho_se, critical_beta: [Double]
    let minimal: Minimal
    let plane: [Point]
    let in_sample_rho_ridge_0_01, held_out_rho_ridge_0_01, held_out_rho_se_ridge_0_01: [Double]
    let encoded_gram_00, encoded_gram_01, encoded_trace, encoded_gram_frobenius: Double
}

@Suite(.enabled(if: Golden.exists, "../shared/bottleneck/golden is not here"))
struct GoldenBottleneckTests {
    @Test(arguments: ["tall", "wide", "independent"], [1, 2])
    func theBottleneckIsTheTwins(_ name: String, _ threadCount: Int) throws {
        let (arrays, expected) = (try Golden.arrays(name), try Golden.expected(name, as: Expected.self))
        let (x, y) = (try #require(arrays["x"]), try #require(arrays["y"]))
        let groups = Golden.labels(try #require(arrays["group"]))
        let found = try GaussianBottleneck(x, y, groups: groups, threadCount: threadCount)
        #expect(found.ridge == expected.ridge)
        #expect(found.correlations.count == expected.kept)
        #expect(areClose(found.correlations, expected.rho))
        #expect(areClose(found.standardErrors, expected.rho_se))
        #expect(areClose(found.plane.criticalBetas, expected.critical_beta))
        #expect(isClose(found.information.value, expected.information))
        #expect(isClose(try #require(found.information.standardError), expected.information_se))
        #expect(found.minimal?.rank ?? 0 == expected.minimal.rank)
        #expect(isClose(found.minimal?.rate ?? 0, expected.minimal.rate))
        #expect(isClose(found.minimal?.relevance ?? 0, expected.minimal.relevance))
        for point in expected.plane {
            let own = found.plane.point(beta: point.beta)
            #expect(isClose(own.rate, point.rate) && isClose(own.relevance, point.relevance) && own.rank == point.rank)
            #expect(own.relevance.sign == .plus && own.rate.sign == .plus)
        }
        let encoded = found.minimal.map { found.encode(x, beta: $0.beta) } ?? .zeros(x.rowCount, 0)
        let gram = encoded.gram
        #expect(isClose(gram[0, 0], expected.encoded_gram_00) && isClose(gram[0, 1], expected.encoded_gram_01))
        #expect(isClose(gram.trace, expected.encoded_trace))
        #expect(isClose(gram.squaredRowNorms.reduce(0, +).squareRoot(), expected.encoded_gram_frobenius))
    }

    @Test(arguments: ["tall", "wide", "independent"])
    func correlationsHeldOutAndInSampleAreTheTwins(_ name: String) throws {
        let (arrays, expected) = (try Golden.arrays(name), try Golden.expected(name, as: Expected.self))
        let (x, y) = (try #require(arrays["x"]), try #require(arrays["y"]))
        let groups = Golden.labels(try #require(arrays["group"]))
        let directions = try CanonicalDirections(x, y, ridge: 0.01, limit: 32)
        let own = expected.in_sample_rho_ridge_0_01
        #expect(areClose(Array(directions.correlations.prefix(own.count)), own))
        var settings = GaussianBottleneck.Settings()
        settings.ridges = [0.01]
        let heldOut = try CrossFittedAxes(x, y, groups: groups, threadCount: 1).best(settings, threadCount: 1).heldOut
        let rho = expected.held_out_rho_ridge_0_01
        #expect(areClose(Array(heldOut.correlations.prefix(rho.count)), rho))
        #expect(areClose(Array(heldOut.jackknife { $0 }.prefix(rho.count)), expected.held_out_rho_se_ridge_0_01))
    }
}

@Suite struct BottleneckTruthTests {
    init() { BLAS.useOneThreadPerCall() }

    /// Gaussian pairs with these canonical correlations, in rotated coordinates of d columns each side; rows in
    /// groups of two that share nothing.
    static func pairs(_ n: Int, _ d: Int, _ correlations: [Double], index: Int) -> (
        x: Matrix, y: Matrix, groups: [String]
    ) {
        var generator = SeededGenerator(seed: 21, stream: "pairs", index: index)
        let x = generator.normals(n, d)
        var y = generator.normals(n, d)
        for (column, rho) in correlations.enumerated() {
            for row in 0..<n { y[row, column] = rho * x[row, column] + (1 - rho * rho).squareRoot() * y[row, column] }
        }
        // Any invertible turn leaves the information what it was.
        let (a, b) = (generator.normals(d, d), generator.normals(d, d))
        return (x.times(a), y.times(b), (0..<n).map { "\($0 / 2)" })
    }

    @Test func theInformationOfGaussiansIsFoundFromBelow() throws {
        let rho = [0.9, 0.7, 0.5, 0.3]
        let truth = gaussianInformation(rho)
        #expect(abs(truth - 1.358) < 1e-3)
        let values = try (0..<4).map { index in
            let (x, y, groups) = Self.pairs(1_000, 8, rho, index: index)
            return try GaussianBottleneck(x, y, groups: groups, threadCount: 2).information.value
        }
        let mean = values.reduce(0, +) / 4
        #expect(mean > 0.93 * truth && mean < 1.03 * truth)
    }

    @Test func independentRowsHoldNothing() throws {
        var kept = 0
        for index in 0..<40 {
            let (x, y, groups) = Self.pairs(60, 40, [], index: 100 + index)
            let found = try GaussianBottleneck(x, y, groups: groups, threadCount: 2)
            if found.information.value > 0 { kept += 1 }
        }
        // 5.5 to 9 % in the twin's measurements.
        #expect(kept <= 9)
        let (x, y, _) = Self.pairs(60, 40, [], index: 100)
        let inSample = try CanonicalDirections(x, y, ridge: 1e-4, limit: 32).correlations
        #expect(gaussianInformation(inSample) > 10)
    }

    @Test func thePermutationTestKeepsItsLevelAndHasPower() throws {
        let pValues = try (0..<60).compactMap { index in
            let (x, y, groups) = Self.pairs(48, 10, [], index: 200 + index)
            return try GaussianBottleneck.permutationPValue(
                x, y, groups: groups, pairingCount: 39, seed: 1, threadCount: 2)
        }
        #expect(pValues.count == 60)
        // 5 % of 60 is 3; four binomial standard errors more.
        #expect(pValues.count { $0 <= 0.05 } <= 9)
        let (x, y, groups) = Self.pairs(80, 6, [0.8], index: 300)
        let p = try GaussianBottleneck.permutationPValue(
            x, y, groups: groups, pairingCount: 39, seed: 1, threadCount: 2)
        #expect(p == 1.0 / 40)
    }

    @Test func theOrderOfRowsAndTheThreadsMoveNoDecision() throws {
        let (x, y, groups) = Self.pairs(120, 9, [0.8, 0.5], index: 1)
        let found = try GaussianBottleneck(x, y, groups: groups)
        let threaded = try GaussianBottleneck(x, y, groups: groups, threadCount: 2)
        #expect(threaded.correlations == found.correlations && threaded.information == found.information)
        var generator = SeededGenerator(seed: 4)
        let order = generator.permutation(of: 120)
        let turned = try GaussianBottleneck(
            x.selectingRows(order), y.selectingRows(order), groups: order.map { groups[$0] })
        #expect(turned.ridge == found.ridge && areClose(turned.correlations, found.correlations, 1e-10))
    }

    @Test func theCurveIsThatOfChechikAndOthers() {
        // With unit spread and one direction: I(X;Z) and I(Z;Y) of Z = a X + noise by hand.
        let plane = InformationPlane(correlations: [0.8])
        #expect(abs(plane.criticalBetas[0] - 1.5625) < 1e-12)
        #expect(plane.point(beta: 1.5).rate == 0 && plane.point(beta: 1.5).rank == 0)
        let a2 = (4 * 0.64 - 1) / 0.36
        let point = plane.point(beta: 4)
        #expect(abs(point.rate - 0.5 * .log(1 + a2)) < 1e-14)
        // Z and Y are correlated by rho a / sqrt(1 + a^2).
        #expect(abs(point.relevance + 0.5 * .log(1 - 0.64 * a2 / (1 + a2))) < 1e-14)
        // The slope of the curve is 1/beta.
        let (low, high) = (plane.point(beta: 4 - 1e-5), plane.point(beta: 4 + 1e-5))
        #expect(abs((high.relevance - low.relevance) / (high.rate - low.rate) - 0.25) < 1e-6)
        #expect(plane.point(beta: 1e12).relevance <= plane.plateau)
        #expect(InformationPlane(correlations: []).minimalSufficient(slack: 0) == nil)
    }

    @Test func twoGroupsAreTooFew() {
        #expect(throws: BottleneckError.tooFewGroups(found: 2)) {
            try GaussianBottleneck(.identity(4), .identity(4), groups: ["a", "a", "b", "b"])
        }
    }

    @Test func constantColumnsHoldNothing() throws {
        let constant = Matrix(rowCount: 12, columnCount: 3) { _, column in Double(column) }
        var generator = SeededGenerator(seed: 2)
        let found = try GaussianBottleneck(constant, generator.normals(12, 2), groups: (0..<12).map { "\($0)" })
        #expect(found.information.value == 0 && found.minimal == nil && found.directions.count == 0)
    }
}
