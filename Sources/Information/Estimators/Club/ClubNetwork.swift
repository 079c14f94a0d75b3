import LinearAlgebra
import RealModule

/// CLUB with the published network's q, for parity with the paper only (`club-network`).
///
/// mu(x) = W2 tanh(W1 x + b1) + b2 and l(x) = tanh(V2 tanh(V1 x + c1) + c2), both from d_x to d_y through one hidden
/// layer. Source: 2006.12013 and the authors' code of 2502.00577, whose n x n x d terms are replaced by the two moments of y
/// that they need (equal to 1e-7, the difference of single and double precision). Bias: whatever the rows on which the
/// network was trained give; it is not cross-fitted. Cost: O(n d h).
package struct ClubNetwork: Sendable, Equatable {
    private let mean: TwoLayers
    private let logVariance: TwoLayers

    /// The names of the arrays that a weights file must hold; weights are d_out x d_in, biases d_out x 1.
    package static let arrayNames = ["p_mu", "p_logvar"].flatMap { part in
        ["0.weight", "0.bias", "2.weight", "2.bias"].map { "\(part).\($0)" }
    }

    /// The network with these weights, by the names of `arrayNames`.
    ///
    /// - Throws: `EstimationError.networkShape` for missing arrays or shapes that do not chain.
    package init(weights: [String: Matrix]) throws(EstimationError) {
        mean = try TwoLayers("p_mu", weights)
        logVariance = try TwoLayers("p_logvar", weights)
        guard mean.inputWidth == logVariance.inputWidth, mean.outputWidth == logVariance.outputWidth else {
            throw .networkShape(
                expected: "p_logvar from \(mean.inputWidth) to \(mean.outputWidth) columns, as p_mu",
                found: "\(logVariance.inputWidth) to \(logVariance.outputWidth)")
        }
    }

    /// EMI of every set. Queries are the mean of the modalities.
    ///
    /// - Throws: `EstimationError.networkShape` when the widths of the data are not those of the network.
    package func estimate(
        _ sets: [SampleSet], fusion: QueryFusion? = nil
    ) throws -> [EMIEstimate] {
        let pool = RowGroups(sets)
        return try zip(sets, pool.labels).map { set, labels in
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
    }
}

/// An affine map, tanh, and another affine map.
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
