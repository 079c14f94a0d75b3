import LinearAlgebra
import RealModule

@testable import Information

/// The Gaussian information of the most correlated pair of columns (`strongest-pair`): the largest -log(1 - r²)/2 over the columns
/// of x and of y.
///
/// A lower bound of I(X; Y) for Gaussian rows, as no pair tells more than all columns together. Bias: upwards, by the search over
/// the pairs. Range: n above 4. Cost: O(n d_x d_y).
struct StrongestPairInformation: RowwiseEstimator {
    static let about = EstimatorDescription(
        name: "strongest-pair", summary: "the most correlated pair of columns, as if Gaussian",
        range: "a first look, n above 4", cost: "O(n d²)", reference: "this page", scale: .shannon, sharing: .rows)

    /// How modalities combine; nil is the mean where widths agree and concatenation otherwise.
    let fusion: QueryFusion?
    /// Deals groups to the blocks of the jackknife.
    let seed: UInt64

    init(_ parameters: EstimatorParameters) {
        (fusion, seed) = (parameters.fusion, parameters.seed)
    }

    func pair(_ sets: [SampleSet], pool: RowGroups) -> RowwiseEstimation.Pair {
        ProjectedRows(plain: sets, fusion: fusion).pair(sets, pool: pool) { x, y, _ in
            RowwiseInformation(value: Self.estimate(x, y))
        }
    }

    /// I in nats of n paired rows.
    static func estimate(_ x: Matrix, _ y: Matrix) -> Double {
        let products = x.columnsStandardized.transposedTimes(y.columnsStandardized)
        let correlation = (products.elements.map(abs).max() ?? 0) / Double(x.rowCount)
        return -Double.log(onePlus: -correlation * correlation) / 2
    }
}
