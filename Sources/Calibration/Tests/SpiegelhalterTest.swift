import RealModule
import Statistics

/// Spiegelhalter's test of calibration (Stat. Med. 5, 1986): whether the Brier score is what calibrated confidences
/// would have.
package struct SpiegelhalterTest: Sendable, Equatable {
    /// The sum of (y - c)(1 - 2c) over its standard deviation; that is sqrt of the sum of (1-2c)^2 c(1-c) where rows
    /// are independent, and of the squared sums of groups otherwise.
    package let z: Double
    /// Two-sided, by the normal distribution.
    package let pValue: Double

    /// - Returns: nil where no row can tell: each confidence is 0, 1/2 or 1.
    init?(_ rows: PreparedRows) {
        let confidence = rows.rows.confidence
        let terms = confidence.indices.map { rows.residuals[$0] * (1 - 2 * confidence[$0]) }
        let variance =
            if rows.inference.clusters.areGiven {
                rows.inference.clusters.sums(terms).reduce(0) { $0 + $1 * $1 }
            } else {
                confidence.reduce(0) { $0 + (1 - 2 * $1) * (1 - 2 * $1) * $1 * (1 - $1) }
            }
        guard variance > 0 else { return nil }
        z = terms.reduce(0, +) / variance.squareRoot()
        pValue = StudentDistribution(degreesOfFreedom: .infinity).twoSidedTail(z)
    }
}
