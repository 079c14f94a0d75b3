import LinearAlgebra
import RealModule
import Statistics
import Testing

@testable import Information

/// What is not finite is an error or absent: never a trap, never NaN.
@Suite struct FiniteEstimateTests {
    @Test(arguments: [0.5, 3, 1_000, 1e300, 1.7e308]) func largeOrdersOfMatrixRenyiReachTheirLimit(_ alpha: Double) throws {
        let estimator = MatrixRenyiInformation(alpha: alpha)
        // Equal weights have entropy ln n at every order.
        let equal = Matrix(rowCount: 5, columnCount: 5) { $0 == $1 ? 1 : 0 }
        #expect(abs(try estimator.entropy(equal).value - .log(5)) < 1e-13)
        // Weights 3/4 and 1/4: the logarithm of the sum of powers, by its larger term.
        let unequal = Matrix(rows: [[3, 0], [0, 1]])
        let expected = alpha / (1 - alpha) * Double.log(0.75) + .log(1 + .pow(1.0 / 3, alpha)) / (1 - alpha)
        #expect(abs(try estimator.entropy(unequal).value - expected) < 1e-13)
        var simulation = Simulation(seed: 1)
        let set = simulation.set("set", rows: 30)
        let estimate = try #require(try estimator.estimate([set]).first)
        #expect(estimate.value.isFinite && estimate.uncertainValue(IntervalMethod()).interval != nil)
    }

    @Test func ordersNextToOneAreTheLimit() throws {
        let gram = Matrix(rows: [[1, 0.5, 0.1], [0.5, 1, 0.2], [0.1, 0.2, 1]])
        let limit = try MatrixRenyiInformation(alpha: 1).entropy(gram).value
        for alpha in [1.nextUp, 1 + 1e-12, 1 - 1e-9, 1 + 1e-6] {
            #expect(abs(try MatrixRenyiInformation(alpha: alpha).entropy(gram).value - limit) < 1e-6, "\(alpha)")
        }
    }

    @Test func anErrorThatIsNotFiniteIsAbsent() {
        for influences in [["a": Double.infinity, "b": 1], ["a": .nan, "b": 1], ["a": 1e300, "b": 1e300]] {
            let value = UncertainValue(value: 1, influence: GroupInfluence(byGroup: influences))
            #expect(value.standardError == nil && value.interval == nil)
        }
        #expect(UncertainValue(value: .nan, influence: GroupInfluence(byGroup: ["a": 1, "b": 1])).interval == nil)
    }

    @Test func anEstimateThatOverflowsIsAnError() throws {
        func array(_ rows: Int, _ columns: Int, _ value: Double) -> Matrix {
            Matrix(rowCount: rows, columnCount: columns) { _, _ in value }
        }
        var weights: [String: Matrix] = [:]
        for part in ["p_mu", "p_logvar"] {
            weights["\(part).0.weight"] = array(2, 3, 1)
            weights["\(part).0.bias"] = array(2, 1, 0)
            weights["\(part).2.weight"] = array(3, 2, part == "p_mu" ? 1e308 : 0)
            weights["\(part).2.bias"] = array(3, 1, 0)
        }
        var simulation = Simulation(seed: 2)
        let set = simulation.set("huge", rows: 12, width: 3)
        let estimator = try ClubNetwork(weights: weights)
        #expect(throws: EstimationError.notFinite(estimator: "club-network", set: "huge")) {
            try estimator.estimate([set])
        }
    }

    @Test func aNullValueThatIsNoNumberIsNoEvidence() {
        #expect(permutationPValue(observed: 1, null: [0, .nan, 2]) == 0.75)
    }

    @Test func columnsThatFollowFromOthersAreNamed() throws {
        var simulation = Simulation(seed: 3)
        let set = simulation.set("set", rows: 60, width: 3)
        let (x, y) = (set.modalities[0].rows, set.reference)
        let repeated = Matrix(rowCount: 60, columnCount: 4) { x[$0, $1 % 3] }
        #expect(throws: EstimationError.dependentColumns(set: "set", arrays: ["query"], column: 3)) {
            try GaussianInformation.estimate(repeated, y)
        }
        let constant = Matrix(rowCount: 60, columnCount: 2) { $1 == 0 ? 7 : y[$0, 1] }
        #expect(throws: EstimationError.dependentColumns(set: "set", arrays: ["reference"], column: 0)) {
            try GaussianInformation.estimate(x, constant)
        }
        // Rounding may leave a pivot just above zero: the sum of two columns is refused as their copy is.
        for answers in [x, Matrix(rowCount: 60, columnCount: 1) { row, _ in x[row, 0] + 0.3 * x[row, 1] }] {
            #expect(throws: EstimationError.dependentColumns(set: "set", arrays: ["query", "reference"], column: nil)) {
                try GaussianInformation.estimate(x, answers)
            }
        }
    }

    @Test(arguments: [1e-300, 1e-100, 1e100, 1e300]) func kernelsReachTheirLimits(_ bandwidth: Double) {
        let rows = Matrix(rows: [[1, 2], [3, 5], [1, 2]])
        for kernel in [Kernel.rbf(bandwidth: bandwidth), .laplacian(bandwidth: bandwidth)] {
            let gram = kernel.gram(rows)
            #expect(gram[0, 0] == 1 && gram[0, 2] == 1 && gram[0, 1] == (bandwidth < 1 ? 0 : 1))
        }
    }
}
