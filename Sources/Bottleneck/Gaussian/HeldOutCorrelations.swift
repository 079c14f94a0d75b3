import LinearAlgebra
import RealModule

/// Correlations of paired directions on rows that the directions have not seen, with leave-one-group-out standard errors.
///
/// Each fold has its own directions, whose signs and rotations differ. Therefore products and squares are pooled, not coordinates.
package struct HeldOutCorrelations: Sendable, Equatable {
    /// sum uw / sqrt(sum u^2 sum w^2) of each direction over all held-out rows; 0 if a direction does not vary.
    package let correlations: [Double]
    /// The sums of uw, u^2 and w^2 of each group, groups x k.
    private let products: Matrix
    private let querySquares: Matrix
    private let answerSquares: Matrix

    /// The number of standard errors that a held-out correlation must exceed. With 2, directions of independent rows survive in 17 to 25 %
    /// of samples of 90 x 256, with 3 in 5.5 to 9 %.
    package static let requiredErrors = 3.0

    /// Computes the correlations of held-out coordinates u and w in groups, n x k each.
    init(_ query: Matrix, _ answer: Matrix, folds: GroupFolds) {
        let k = query.columnCount
        var sums = [Matrix](repeating: .zeros(folds.labels.count, k), count: 3)
        for row in 0..<query.rowCount {
            let group = folds.labelIndexByRow[row]
            for direction in 0..<k {
                let (u, w) = (query[row, direction], answer[row, direction])
                sums[0][group, direction] += u * w
                sums[1][group, direction] += u * u
                sums[2][group, direction] += w * w
            }
        }
        (products, querySquares, answerSquares) = (sums[0], sums[1], sums[2])
        correlations = Self.correlations(sums.map(Self.columnSums))
    }

    private static func columnSums(_ matrix: Matrix) -> [Double] {
        matrix.columnMeans.map { $0 * Double(matrix.rowCount) }
    }

    private static func correlations(_ sums: [[Double]]) -> [Double] {
        sums[0].indices.map { direction in
            let size = (sums[1][direction] * sums[2][direction]).squareRoot()
            return size > 0 ? sums[0][direction] / size : 0
        }
    }

    /// The jackknife standard error of each component of a statistic of the correlations: sqrt((G - 1)/G sum (v_g - mean)^2) over the
    /// values v_g without group g.
    func jackknife(_ statistic: ([Double]) -> [Double]) -> [Double] {
        let parts = [products, querySquares, answerSquares]
        let totals = parts.map(Self.columnSums)
        let groupCount = products.rowCount
        let values = (0..<groupCount).map { group in
            statistic(
                Self.correlations(zip(parts, totals).map { part, total in zip(total, part.row(group)).map { $0 - $1 } })
            )
        }
        guard let first = values.first else { return [] }
        return first.indices.map { index in
            let own = values.map { $0[index] }
            let mean = own.reduce(0, +) / Double(groupCount)
            let squares = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (Double(groupCount - 1) / Double(groupCount) * squares).squareRoot()
        }
    }

    /// The leading directions that are resolved, with their standard errors. The correlations are made non-increasing and cut at the first
    /// one that does not exceed `requiredErrors` standard errors.
    ///
    /// The directions are cut and not sorted, because sorting by held-out correlation would select by it.
    package var resolved: (correlations: [Double], standardErrors: [Double]) {
        let decreasing = nonIncreasing(correlations)
        let errors = jackknife { $0 }
        let count = decreasing.indices.first { decreasing[$0] <= Self.requiredErrors * errors[$0] } ?? decreasing.count
        return (Array(decreasing.prefix(count)), Array(errors.prefix(count)))
    }
}

/// The closest non-increasing sequence in least squares (pool adjacent violators; Ayer et al., Ann. Math. Statist. 26, 1955), with values
/// clipped to [0, 1).
package func nonIncreasing(_ values: [Double]) -> [Double] {
    var blocks: [(mean: Double, count: Int)] = []
    for value in values {
        blocks.append((value, 1))
        while blocks.count > 1, blocks[blocks.count - 2].mean < blocks[blocks.count - 1].mean {
            let (last, before) = (blocks.removeLast(), blocks.removeLast())
            let count = last.count + before.count
            blocks.append(
                ((before.mean * Double(before.count) + last.mean * Double(last.count)) / Double(count), count))
        }
    }
    return blocks.flatMap { block in
        [Double](repeating: min(max(block.mean, 0), 1 - 1e-12), count: block.count)
    }
}

/// -1/2 sum ln(1 - rho^2), the mutual information in nats of Gaussians with these canonical correlations.
package func gaussianInformation(_ correlations: [Double]) -> Double {
    // Subtracting from 0 makes the result 0 instead of -0 if there are no correlations.
    0 - 0.5 * correlations.reduce(0) { $0 + .log(onePlus: -$1 * $1) }
}
