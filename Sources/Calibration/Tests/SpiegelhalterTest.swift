import RealModule
import Statistics

/// Spiegelhalter's test of calibration (Stat. Med. 5, 1986): is the Brier score the one that calibrated confidences would have?
package struct SpiegelhalterTest: Sendable, Equatable {
    /// The sum of (y - c)(1 - 2c) divided by its standard deviation: the square root of the sum of (1-2c)^2 c(1-c) or, with groups, of the
    /// groups' squared sums if these are larger.
    ///
    /// A few groups with few wrong answers show too little variance. With squared sums alone, 7 to 9 % of calibrated sets of 90 rows in 30
    /// groups were rejected at 5 %; with the larger of the two it was 4.2 and 4.4 %, at the same power (4,000 draws of Beta(2, 1) and
    /// Beta(8, 1)).
    package let z: Double
    /// The two-sided p-value from the normal distribution.
    package let pValue: Double

    /// - Returns: nil if every confidence is 0, 1/2 or 1, because such rows tell nothing.
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
