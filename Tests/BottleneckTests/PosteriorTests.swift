import Foundation
import LinearAlgebra
import Statistics
import Testing

@testable import Bottleneck

private struct Expected: Decodable {
    let kl_standard_rows, kl_prior_rows_first: [Double]
    let kl_standard, kl_standard_per_column, kl_prior, published_code_standard, published_code_learnable: Double
    let rate_with_best_diagonal_prior, marginal_kl_to_standard, information_lower, information_upper, ceiling: Double
}

@Suite(.enabled(if: Golden.exists, "../shared/bottleneck/golden is not here"))
struct GoldenPosteriorTests {
    @Test func ratesAndBoundsAreTheTwins() throws {
        let (arrays, expected) = (try Golden.arrays("posterior"), try Golden.expected("posterior", as: Expected.self))
        let posteriors = DiagonalGaussians(
            means: try #require(arrays["mean"]), logVariances: try #require(arrays["log_variance"]))
        let prior = DiagonalPrior(
            mean: try #require(arrays["prior_mean"]).elements,
            logVariance: try #require(arrays["prior_log_variance"]).elements)
        let groups = (0..<posteriors.rowCount).map(String.init)
        let found = try PosteriorRate(posteriors, groups: groups, threadCount: 2)
        #expect(areClose(found.rows, expected.kl_standard_rows))
        #expect(isClose(found.rate.value, expected.kl_standard))
        #expect(isClose(found.ratePerColumn, expected.kl_standard_per_column))
        #expect(isClose(found.published, expected.published_code_standard))
        #expect(isClose(found.rateWithBestPrior, expected.rate_with_best_diagonal_prior))
        #expect(isClose(found.marginalDivergence, expected.marginal_kl_to_standard))
        let information = try #require(found.information)
        #expect(isClose(information.lower, expected.information_lower))
        #expect(isClose(information.upper, expected.information_upper))
        #expect(isClose(information.ceiling, expected.ceiling) && information.isSaturated)
        let other = try PosteriorRate(posteriors, prior: prior, groups: groups)
        #expect(isClose(other.rate.value, expected.kl_prior))
        #expect(areClose(Array(other.rows.prefix(5)), expected.kl_prior_rows_first))
        #expect(isClose(other.published, expected.published_code_learnable))
    }
}

@Suite struct PosteriorTests {
    private static func posteriors(_ n: Int, _ d: Int, spread: Double, seed: UInt64) -> DiagonalGaussians {
        var generator = SeededGenerator(seed: seed, stream: "posterior")
        return DiagonalGaussians(
            means: generator.normals(n, d).mapElements { spread * $0 },
            logVariances: generator.normals(n, d).mapElements { 0.5 * $0 })
    }

    @Test func divergencesAreMeansOfLogRatiosOfDraws() {
        let posteriors = Self.posteriors(2, 5, spread: 1, seed: 1)
        let prior = DiagonalPrior(mean: [0.3, -1, 0, 2, 0.1], logVariance: [0.2, -0.4, 0, 1, -1])
        let exact = posteriors.divergences(from: prior)
        for row in 0..<2 {
            var generator = SeededGenerator(seed: 7, stream: "draws", index: row)
            let draws = (0..<200_000).map { _ -> Double in
                var ratio = 0.0
                for column in 0..<5 {
                    let (mean, log) = (posteriors.means[row, column], posteriors.logVariances[row, column])
                    let noise = generator.normal()
                    let z = mean + noise * exp(log / 2)
                    let distance = z - prior.mean[column]
                    ratio +=
                        0.5
                        * (prior.logVariance[column] - log - noise * noise
                            + distance * distance * exp(-prior.logVariance[column]))
                }
                return ratio
            }
            let mean = draws.reduce(0, +) / Double(draws.count)
            let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count - 1)
            // Five standard errors of the draws.
            #expect(abs(mean - exact[row]) < 5 * (variance / Double(draws.count)).squareRoot())
        }
    }

    @Test func aPosteriorThatIsItsPriorCostsNothing() {
        let posteriors = DiagonalGaussians(
            means: Matrix(rows: [[0.5, -2]]), logVariances: Matrix(rows: [[-1, 3]]))
        #expect(posteriors.divergences(from: DiagonalPrior(mean: [0.5, -2], logVariance: [-1, 3])) == [0])
        // (e^l - 1 - l)/2 near 0 is l^2/4, below what the plain sum of terms near 1 could hold.
        let near = DiagonalGaussians(means: Matrix(rows: [[0]]), logVariances: Matrix(rows: [[1e-7]]))
        #expect(abs(near.divergences(from: .standard(1))[0] / 2.5e-15 - 1) < 0.05)
    }

    @Test func noDiagonalPriorIsBetterThanTheMixturesMoments() throws {
        let posteriors = Self.posteriors(40, 6, spread: 2, seed: 2)
        let best = try PosteriorRate(posteriors, groups: (0..<40).map(String.init)).rateWithBestPrior
        let moments = DiagonalPrior(bestFor: posteriors)
        for shift in [-0.1, 0.1] {
            let mean = DiagonalPrior(mean: moments.mean.map { $0 + shift }, logVariance: moments.logVariance)
            let variance = DiagonalPrior(mean: moments.mean, logVariance: moments.logVariance.map { $0 + shift })
            for prior in [mean, variance] { #expect(posteriors.divergences(from: prior).reduce(0, +) / 40 > best) }
        }
    }

    @Test func boundsHoldTheInformationOfTwoComponents() throws {
        // Z = +-a + N(0, 1): I(X; Z) by quadrature of the mixture's density.
        for (distance, isNearCeiling) in [(0.5, false), (1.0, false), (2.0, false), (6.0, true)] {
            let step = 1e-3
            let information = stride(from: -16.0, through: 16, by: step).reduce(0.0) { sum, z in
                let left = exp(-0.5 * (z - distance) * (z - distance)) / (2 * Double.pi).squareRoot()
                let right = exp(-0.5 * (z + distance) * (z + distance)) / (2 * Double.pi).squareRoot()
                let mean = 0.5 * (left + right)
                func term(_ p: Double) -> Double { p > 0 && mean > 0 ? 0.5 * p * log(p / mean) : 0 }
                return sum + step * (term(left) + term(right))
            }
            let found = try MixtureInformation(
                DiagonalGaussians(means: Matrix(rows: [[distance], [-distance]]), logVariances: .zeros(2, 1)))
            #expect(found.lower <= information + 1e-9 && information <= found.upper + 1e-9)
            #expect(found.isSaturated == (isNearCeiling || found.lower > log(2) - 0.3))
        }
    }

    @Test func theLogarithmOfAProductSurvivesManyColumns() throws {
        // 3,000 columns of variance e^20 would overflow a product, those of e^-20 vanish.
        for log in [20.0, -20] {
            let posteriors = DiagonalGaussians(
                means: .zeros(3, 3_000), logVariances: Matrix.zeros(3, 3_000).mapElements { _ in log })
            let found = try MixtureInformation(posteriors)
            #expect(abs(found.lower) < 1e-9 && abs(found.upper) < 1e-9)
        }
    }

    @Test func thePublishedLossIsNoDivergence() {
        let half = DiagonalGaussians(means: .zeros(1, 1), logVariances: Matrix(rows: [[log(0.5)]]))
        #expect(abs(half.publishedLoss() + 0.0767132) < 1e-6)
        #expect(half.divergences(from: .standard(1))[0] > 0.09)
    }
}
