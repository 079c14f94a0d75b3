import LinearAlgebra
import RealModule
import Statistics
import Testing

@testable import Information

/// Estimates of I(X; Y) against its true value.
@Suite struct InformationEstimateTests {
    /// `width` pairs of columns of this correlation each.
    private func pairs(_ rows: Int, _ width: Int, correlation: Double, seed: UInt64) -> (x: Matrix, y: Matrix) {
        var simulation = Simulation(seed: seed)
        let x = simulation.normals(rows, width)
        let rest = (1 - correlation * correlation).squareRoot()
        return (x, x.combining(simulation.normals(rows, width)) { correlation * $0 + rest * $1 })
    }

    private func set(_ x: Matrix, _ y: Matrix, groups: [String]? = nil) -> SampleSet {
        SampleSet(name: "set", modalities: [Modality(name: "x", rows: x)], response: y, reference: y, groups: groups)
    }

    private func labels(_ count: Int) -> [String] { (0..<count).map(String.init) }

    @Test func quantilesOfStudentAreThoseOfTables() {
        // scipy.stats.t.ppf and norm.ppf.
        let expected: [(Double, Double, Double)] = [
            (1, 0.975, 12.706204736174694), (2.5, 0.9, 1.7302509288071766), (0.5, 0.99, 1028.4910104716198),
            (.infinity, 0.975, 1.959963984540054), (.infinity, 1e-4, -3.7190164854556804), (7, 0.5, 0),
        ]
        for (nu, p, t) in expected {
            let found = StudentQuantiles(degreesOfFreedom: nu)([p])[0]
            #expect(abs(found - t) <= 1e-7 * max(1, abs(t)), "\(nu), \(p): \(found)")
        }
    }

    @Test func gammaDrawsHaveTheirMoments() {
        for shape in [0.5, 1, 4.5] {
            var generator = SeededGenerator(seed: 1, stream: "gamma")
            let draws = (0..<20_000).map { _ in generator.gamma(shape: shape) }
            let variance = draws.map { ($0 - shape) * ($0 - shape) }.mean
            #expect(abs(draws.mean - shape) < 4 * (shape / 20_000).squareRoot())
            #expect(abs(variance - shape) < 0.1 * shape)
        }
    }

    @Test func normalScoresDoNotSeeIncreasingMaps() throws {
        let (x, y) = pairs(200, 2, correlation: 0.6, seed: 1)
        let plain = try CopulaInformation.estimate(x, y)
        let bent = try CopulaInformation.estimate(x.mapElements { .exp($0) }, y.mapElements { $0 * $0 * $0 })
        #expect(abs(plain - bent) < 1e-12)
        #expect(abs(plain + .log(1 - 0.36)) < 0.15)
    }

    @Test func aStudentCopulaFindsWhatTailsShare() throws {
        // Student columns of nu = 2 without correlations: 0.1931 nats for 2 + 2 columns.
        var simulation = Simulation(seed: 3)
        var generator = SeededGenerator(seed: 3, stream: "scales")
        let scales = (0..<1_500).map { _ in (1 / generator.gamma(shape: 1)).squareRoot() }
        let (x, y) = (simulation.normals(1_500, 2).scalingRows(by: scales), simulation.normals(1_500, 2).scalingRows(by: scales))
        let copula = try StudentCopula(x, y)
        #expect(abs(copula.degreesOfFreedom - 2) < 0.3)
        #expect(abs(try copula.information() - 0.1931) < 0.04)
        #expect(abs(try copula.logRatios().mean - 0.1931) < 0.04)
        #expect(abs(try CopulaInformation.estimate(x, y)) < 0.02)
        // Gaussian columns keep the Gaussian copula.
        let gaussian = pairs(500, 2, correlation: 0.5, seed: 4)
        #expect(try StudentCopula(gaussian.x, gaussian.y).degreesOfFreedom == .infinity)
    }

    @Test func samplesOfACopulaHaveItsInformation() throws {
        let (x, y) = pairs(800, 2, correlation: 0.7, seed: 5)
        let copula = try StudentCopula(x, y)
        var generator = SeededGenerator(seed: 5, stream: "sample")
        let sample = try copula.sample(4_000, using: &generator)
        #expect(abs(try CopulaInformation.estimate(sample.x, sample.y) - copula.information()) < 0.06)
    }

    @Test func autoKeepsTheCopulaWhereItIsRight() throws {
        let (x, y) = pairs(600, 2, correlation: 0.7, seed: 6)
        let outcome = try AutoInformation().choose(x, y, groups: labels(600))
        #expect(outcome.choice.part == .copula && outcome.choice.degreesOfFreedom == .infinity)
        #expect(abs(outcome.contributions.mean + .log(1 - 0.49)) < 0.1)
        #expect(outcome.choice.values.map(\.name) == ["copula", "neighbours", "features"])
    }

    @Test func autoTakesNeighboursWhereACopulaIsBlind() throws {
        // y follows the distance of x from 0, which no rank correlation shows; the truth, by integration, is 1.1410 nats.
        var simulation = Simulation(seed: 7)
        let x = simulation.normals(800, 1)
        let y = x.combining(simulation.normals(800, 1)) { $0 * $0 + 0.3 * $1 }
        let outcome = try AutoInformation().choose(x, y, groups: labels(800))
        #expect(outcome.choice.part == .neighbours)
        #expect(abs(try CopulaInformation.estimate(x, y)) < 0.05)
        #expect(abs(outcome.contributions.mean - 1.1410) < 0.12, "\(outcome.contributions.mean)")
    }

    @Test func autoTakesFeaturesOfManyColumnsThatTurn() throws {
        // Eight columns of which two turn by an angle that grows with their radius: neighbours are lost, functions are not.
        let (x, y) = pairs(900, 4, correlation: 0.9, seed: 8)
        let turned = Matrix(rowCount: 900, columnCount: 4) { i, j in
            let angle = 2 * (x[i, 0] * x[i, 0] + x[i, 1] * x[i, 1]).squareRoot()
            let (cosine, sine) = (Double.cos(angle), Double.sin(angle))
            return [cosine * x[i, 0] - sine * x[i, 1], sine * x[i, 0] + cosine * x[i, 1], x[i, 2], x[i, 3]][j]
        }
        let plain = try AutoInformation().choose(x, y, groups: labels(900)).contributions.mean
        let outcome = try AutoInformation().choose(turned, y, groups: labels(900))
        let truth = -2 * Double.log(1 - 0.81)
        #expect(abs(plain - truth) < 0.15)
        // A lower bound all the same: three functions a side.
        #expect(outcome.contributions.mean > 0.5 * truth && outcome.contributions.mean < truth)
        #expect(outcome.contributions.mean >= (outcome.choice.values.map(\.value).max() ?? 0) - 0.2)
    }

    @Test func wideDataKeepsItsOrder() throws {
        // 5 of 120 columns carry 0, 0.5, 1 and 2 nats at n = 90.
        let estimators: [any Estimator] = [AutoInformation(), CopulaInformation(), GaussianInformation()]
        var values = [[Double]](repeating: [], count: estimators.count)
        for (step, truth) in [0, 0.5, 1, 2].enumerated() {
            let correlation = (1 - Double.exp(-0.4 * truth)).squareRoot()
            let signal = pairs(90, 5, correlation: correlation, seed: UInt64(20 + step))
            var simulation = Simulation(seed: UInt64(30 + step))
            func wide(_ signal: Matrix) -> Matrix {
                signal.mapElements { 3 * $0 }.beside(simulation.normals(90, 115).mapElements { 0.3 * $0 })
            }
            let set = set(wide(signal.x), wide(signal.y))
            for (index, estimator) in estimators.enumerated() {
                values[index].append(try estimator.estimate([set])[0].referenceMutualInformation)
            }
        }
        for found in values {
            #expect(zip(found, found.dropFirst()).allSatisfy { $0 < $1 }, "\(found)")
            #expect(abs(found[0]) < 0.25 && abs(found[3] - 2) < 0.6, "\(found)")
        }
    }

    @Test func theContrastiveBoundStaysBelow() throws {
        for (width, correlation) in [(1, 0.0), (1, 0.8), (3, 0.7)] {
            let (x, y) = pairs(500, width, correlation: correlation, seed: UInt64(40 + width))
            let truth = -0.5 * Double(width) * .log(1 - correlation * correlation)
            let terms = try ContrastiveInformation().contributions(x, y, groups: labels(500))
            #expect(terms.mean < truth + 0.05 && terms.mean > 0.6 * truth - 0.05, "\(terms.mean), truth \(truth)")
        }
        #expect(throws: EstimationError.tooFewGroups(found: 4, needed: 5)) {
            let (x, y) = pairs(8, 1, correlation: 0, seed: 1)
            return try ContrastiveInformation().contributions(x, y, groups: (0..<8).map { "\($0 % 4)" })
        }
    }

    @Test func theBracketHoldsTheTruthOfGaussianPairs() throws {
        let (x, y) = pairs(400, 2, correlation: 0.7, seed: 50)
        let bracket = InformationBracket(set(x, y), seed: 0)
        let truth = -Double.log(1 - 0.49)
        #expect(try #require(bracket.lower) < truth)
        #expect(try #require(bracket.upper) > truth)
    }

    @Test func noFoldSeesItsGroup() throws {
        // Each row twice under one label: functions fitted to one would know the other.
        let trials = 4
        var value = 0.0
        for trial in 0..<trials {
            let (x, y) = pairs(250, 2, correlation: 0, seed: UInt64(60 + trial))
            let twice = (0..<500).map { $0 / 2 }
            let terms = try ContrastiveInformation().contributions(
                x.selectingRows(twice), y.selectingRows(twice), groups: twice.map(String.init))
            value += terms.mean / Double(trials)
        }
        #expect(value < 0.05, "\(value)")
    }

    @Test(
        arguments: [
            KraskovInformation(), AutoInformation(), ContrastiveInformation(),
            MatrixRenyiInformation(), MatrixRenyiInformation(alpha: 2, kernel: .laplacian(bandwidth: nil)),
            MatrixRenyiInformation(alpha: 1.01, kernel: .linear),
        ] as [any RowwiseEstimator]) func contributionsHaveTheEstimateAsTheirMean(_ estimator: any RowwiseEstimator) throws
    {
        var simulation = Simulation(seed: 70)
        let set = simulation.set("set", rows: 80, width: 2, mix: 0.6)
        let pair = try estimator.pair([set], pool: RowGroups([set]))
        let rows = Array(0..<80)
        let (detailed, plain) = (try pair(rows, rows, true), try pair(rows, rows, false))
        #expect(abs(detailed.reference.value - plain.reference.value) < 1e-10)
        #expect(try #require(detailed.model.contributions).count == 80)
        #expect(abs(detailed.model.value - plain.model.value) < 1e-10)
    }

    @Test func influencesOfMatrixEntropiesAreDerivatives() throws {
        // What a row of more weight does to the entropy, by finite differences of a weighted Gram matrix.
        var simulation = Simulation(seed: 71)
        let gram = Kernel.rbf(bandwidth: 1).gram(simulation.normals(12, 2))
        for alpha in [1.0, 1.5, 2] {
            let estimator = MatrixRenyiInformation(alpha: alpha)
            let entropy = try estimator.entropy(gram, detailed: true)
            let contributions = try #require(entropy.contributions)
            for row in [0, 5] {
                let step = 1e-5
                func weighted(_ sign: Double) throws -> Double {
                    let roots = (0..<12).map { ($0 == row ? 1 + sign * step * 12 : 1).squareRoot() }
                    return try estimator.entropy(gram.scalingRows(by: roots).scalingColumns(by: roots)).value
                }
                let derivative = (try weighted(1) - weighted(-1)) / (2 * step)
                #expect(abs(derivative - (contributions[row] - entropy.value)) < 1e-4 * max(1, abs(derivative)))
            }
        }
    }

    @Test func columnsThatFollowFromOthersAreNamed() throws {
        let (x, y) = pairs(50, 2, correlation: 0.5, seed: 80)
        let flat = Matrix(rowCount: 50, columnCount: 2) { i, j in j == 0 ? x[i, 0] : 1 }
        for estimator in [AutoInformation(), CopulaInformation()] as [any Estimator] {
            #expect(throws: EstimationError.dependentColumns(estimator: estimator.name, set: "set", arrays: ["x"], column: 1)) {
                try estimator.estimate([set(flat, y)])
            }
            #expect(throws: EstimationError.tooFewRows(estimator: estimator.name, set: "set", needed: 4, found: 3)) {
                try estimator.estimate([set(x.selectingRows([0, 1, 2]), y.selectingRows([0, 1, 2]))])
            }
        }
    }
}
