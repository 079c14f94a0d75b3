import LinearAlgebra
import RealModule

/// CLUB with the q of the published network, only for parity with the paper (`club-network`).
///
/// mu(x) = W2 tanh(W1 x + b1) + b2 and l(x) = tanh(V2 tanh(V1 x + c1) + c2), both from d_x to d_y through one hidden layer. Source:
/// 2006.12013 and the authors' code of 2502.00577; the two moments of y replace its n x n x d terms (equal to 1e-7, the difference of
/// single and double precision). Bias: it depends on the rows on which the network was trained, because nothing is cross-fitted. Cost: O(n
/// d h).
package struct ClubNetwork: Estimator, Equatable {
    package static let about = EstimatorDescription(
        name: "club-network", summary: "CLUB with a trained network, for parity with the paper",
        range: "the widths of the weights", cost: "O(n d h)", reference: "arXiv 2502.00577", scale: .club, parameters: [.weights],
        sharing: .nothing, relabelsCheaply: true)

    private let mean: TwoLayers
    private let logVariance: TwoLayers
    /// How modalities are combined; nil takes the mean if widths agree.
    private let fusion: QueryFusion?

    /// The names of the arrays that a weights file must hold; weights are d_out x d_in, biases d_out x 1.
    package static let arrayNames = ["p_mu", "p_logvar"].flatMap { part in
        ["0.weight", "0.bias", "2.weight", "2.bias"].map { "\(part).\($0)" }
    }

    /// The network with the given weights, named as in `arrayNames`.
    ///
    /// - Throws: `EstimationError.networkShape` for missing arrays or shapes that do not chain.
    package init(weights: [String: Matrix], fusion: QueryFusion? = nil) throws(EstimationError) {
        self.fusion = fusion
        mean = try TwoLayers("p_mu", weights)
        logVariance = try TwoLayers("p_logvar", weights)
        guard mean.inputWidth == logVariance.inputWidth, mean.outputWidth == logVariance.outputWidth else {
            throw .networkShape(
                expected: "p_logvar from \(mean.inputWidth) to \(mean.outputWidth) columns, as p_mu",
                found: "\(logVariance.inputWidth) to \(logVariance.outputWidth)")
        }
    }

    package init(_ parameters: EstimatorParameters) throws {
        guard let weights = parameters.weights else {
            throw EstimationError.parameter(estimator: "club-network", parameter: .weights, expected: "weights", found: "none")
        }
        try self.init(weights: weights, fusion: parameters.fusion)
    }

    /// Rows are judged one by one, so any number of them suffices.
    package func check(_ set: SampleSet) {}

    package func prepare(releasing sets: inout [SampleSet], threadCount: Int) -> any PreparedEstimator {
        let labels = RowGroups(sets).labels
        sets = []
        return Prepared(network: self, labels: labels)
    }

    /// EMI of a set whose rows have the groups `labels`.
    ///
    /// - Throws: `EstimationError.networkShape` if the data and the network differ in width.
    private func estimate(_ set: SampleSet, labels: [String]) throws(EstimationError) -> EMIEstimate {
        let query = set.fusedQuery(fusion)
        guard query.columnCount == mean.inputWidth, set.reference.columnCount == mean.outputWidth else {
            throw EstimationError.networkShape(
                expected: "queries of \(mean.inputWidth) and answers of \(mean.outputWidth) columns, as in the weights",
                found: "\(query.columnCount) and \(set.reference.columnCount)")
        }
        let precision = logVariance.output(query).mapElements { .exp(-.tanh($0)) }
        return CovarianceForm(
            directions: mean.output(query).multipliedElementwise(by: precision)
                .beside(precision.mapElements { -$0 / 2 }),
            model: set.response.besideItsSquares, reference: set.reference.besideItsSquares
        ).estimate(groups: labels)
    }

    /// The network with the groups of the sets of a run.
    private struct Prepared: PreparedEstimator {
        let network: ClubNetwork
        let labels: [[String]]

        func estimate(_ set: SampleSet, at position: Int?, threadCount: Int) throws -> EMIEstimate {
            try network.estimate(set, labels: position.map { labels[$0] } ?? RowGroups([set]).labels[0])
        }
    }
}

/// An affine map, tanh, and a second affine map.
private struct TwoLayers: Sendable, Equatable {
    let first: Matrix
    let firstBias: [Double]
    let second: Matrix
    let secondBias: [Double]

    var inputWidth: Int { first.columnCount }
    var outputWidth: Int { second.rowCount }

    init(_ part: String, _ weights: [String: Matrix]) throws(EstimationError) {
        func array(_ name: String) throws(EstimationError) -> Matrix {
            guard let found = weights["\(part).\(name)"] else {
                throw .networkShape(
                    expected: "an array '\(part).\(name)' in the weights",
                    found: weights.keys.sorted().joined(separator: ", "))
            }
            return found
        }
        first = try array("0.weight")
        firstBias = try array("0.bias").elements
        second = try array("2.weight")
        secondBias = try array("2.bias").elements
        guard firstBias.count == first.rowCount, second.columnCount == first.rowCount,
            secondBias.count == second.rowCount
        else {
            throw .networkShape(
                expected: "layers of '\(part)' that chain",
                found: "weights \(first.rowCount)x\(first.columnCount) and \(second.rowCount)x\(second.columnCount), "
                    + "biases \(firstBias.count) and \(secondBias.count)")
        }
    }

    func output(_ input: Matrix) -> Matrix {
        let hidden = input.timesTransposed(first).subtractingFromRows(firstBias.map { -$0 }).mapElements { .tanh($0) }
        return hidden.timesTransposed(second).subtractingFromRows(secondBias.map { -$0 })
    }
}

extension Matrix {
    fileprivate var besideItsSquares: Matrix { beside(multipliedElementwise(by: self)) }
}
