import LinearAlgebra
import RealModule

/// Measures of the number of directions in which rows vary.
package enum EffectiveRank {
    /// RankMe (2210.02885): exp of the entropy of the singular values' shares, with the published 1e-7 added to each share. The rows are
    /// not centred.
    ///
    /// - Returns: 0 for rows of zeros.
    /// - Throws: `LinearAlgebraError` for elements that are not finite.
    package static func rankMe(_ rows: Matrix) throws(LinearAlgebraError) -> Double {
        let product = rows.columnCount <= rows.rowCount ? rows.crossProduct : rows.gram
        let values = try product.symmetricEigenvalues().map { max(0, $0).squareRoot() }
        let total = values.reduce(0, +)
        guard total > 0 else { return 0 }
        return .exp(
            -values.reduce(0) { sum, value in
                let share = value / total + 1e-7
                return sum + share * .log(share)
            })
    }

    /// The participation ratio of the covariance, (sum e)^2 / sum e^2: the number of equally strong directions with the same spread.
    ///
    /// - Returns: nil if the rows do not vary.
    package static func participation(_ rows: Matrix) -> Double? {
        let centred = rows.subtractingFromRows(rows.columnMeans)
        let product = rows.columnCount <= rows.rowCount ? centred.crossProduct : centred.gram
        let squares = product.squaredRowNorms.reduce(0, +)
        let rounding = 1e-14 * rows.squaredRowNorms.reduce(0, +)
        return product.trace > rounding && squares > 0 ? product.trace * product.trace / squares : nil
    }
}
