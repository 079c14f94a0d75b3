import RealModule
import Statistics

/// Spiegelhalter's test of calibration (Stat. Med. 5, 1986): whether the Brier score is what calibrated confidences
/// would have.
package struct SpiegelhalterTest: Sendable, Equatable {
    /// The sum of (y - c)(1 - 2c) over its standard deviation: sqrt of the sum of (1-2c)^2 c(1-c), or with groups of
    /// their squared sums where those are larger.
    ///
    /// A few groups with few wrong answers show too little variance: by squared sums alone 7 to 9 % of calibrated sets
    /// of 90 rows in 30 groups were rejected at 5 %, by the larger of the two 4.2 and 4.4 %, with the same power
    /// (4,000 draws of Beta(2, 1) and Beta(8, 1)).
    package let z: Double
    /// Two-sided, by the normal distribution.
    package let pValue: Double

    /// - Returns: nil where no row can tell: each confidence is 0, 1/2 or 1.
    init?(_ rows: PreparedRows) {
        let confidence = rows.rows.confidence
        let terms = confidence.indices.map { rows.residuals[$0] * (1 - 2 * confidence[$0]) }
        let independent = confidence.reduce(0) { $0 + (1 - 2 * $1) * (1 - 2 * $1) * $1 * (1 - $1) }
        let clusters = rows.inference.clusters
        let variance = clusters.areGiven ? max(independent, clusters.sums(terms).reduce(0) { $0 + $1 * $1 }) : independent
        guard variance > 0 else { return nil }
        z = terms.reduce(0, +) / variance.squareRoot()
        pValue = StudentDistribution(degreesOfFreedom: .infinity).twoSidedTail(z)
    }
}
