import LinearAlgebra
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
