import LinearAlgebra
import RealModule

/// Bounds of I(X; Z) in nats, for X uniform over the rows and Z | X a diagonal Gaussian. They use pairwise distances between the components
/// of a mixture (Kolchinsky and Tracey, 1706.02419): the Bhattacharyya distance for the lower bound and the Kullback-Leibler divergence for
/// the upper.
///
/// Both are at most ln n. If posteriors do not overlap, rows can be told apart, and n rows show no more than ln n even if there is much
/// more information. With many columns this is the rule, and `isSaturated` says so.
package struct MixtureInformation: Sendable, Equatable {
    /// The lower bound.
    package let lower: Double
    /// The upper bound.
    package let upper: Double
    /// ln n, the largest value that n rows can show.
    package let ceiling: Double

    /// A value within this many nats of ln n says little more than that there are n rows.
    private static let saturationMargin = 0.3

    /// Whether the lower bound is so close to ln n that more rows would show more information.
    package var isSaturated: Bool { lower > ceiling - Self.saturationMargin }

    /// - Throws: only what the work on the threads throws, no matter what the data is. The cost is O(n^2 d).
    package init(_ posteriors: DiagonalGaussians, threadCount: Int = 1) throws {
        let n = posteriors.rowCount
        let variances = posteriors.logVariances.mapElements { .exp($0) }
        let inverses = posteriors.logVariances.mapElements { .exp(-$0) }
        let logSums = (0..<n).map { posteriors.logVariances.row($0).reduce(0, +) }
        let terms = try concurrentMap(count: n, threadCount: threadCount) { row in
            Self.terms(row, posteriors.means, variances, inverses, logSums)
        }
        ceiling = .log(Double(n))
        // Rounding can push a sum of logarithms slightly beyond its limits.
        lower = max(0, min(terms.reduce(0) { $0 + $1.lower } / Double(n), ceiling))
        upper = max(lower, min(terms.reduce(0) { $0 + $1.upper } / Double(n), ceiling))
    }

    /// -ln of the mean of exp(-distance) from one component to all components, for both distances.
    private static func terms(
        _ row: Int, _ means: Matrix, _ variances: Matrix, _ inverses: Matrix, _ logSums: [Double]
    ) -> (lower: Double, upper: Double) {
        let (n, d) = (means.rowCount, means.columnCount)
        var (near, far) = ([Double](), [Double]())
        for other in 0..<n {
            var (squares, distances, ratios) = (0.0, 0.0, 0.0)
            var (significand, exponent) = (1.0, 0)
            for column in 0..<d {
                let difference = means[row, column] - means[other, column]
                let (own, its) = (variances[row, column], variances[other, column])
                let middle = 0.5 * (own + its)
                squares += difference * difference / middle
                distances += difference * difference * inverses[other, column]
                ratios += own * inverses[other, column]
                // sum ln(middle) takes a single logarithm: significands are multiplied and exponents added.
                significand *= middle.significand
                exponent += Int(middle.exponent)
                if significand > 1e200 {
                    exponent += Int(significand.exponent)
                    significand = significand.significand
                }
            }
            let logMiddle = Double.log(significand) + Double(exponent) * .log(2)
            near.append(-(0.125 * squares + 0.5 * logMiddle - 0.25 * (logSums[row] + logSums[other])))
            far.append(-0.5 * (logSums[other] - logSums[row] + ratios + distances - Double(d)))
        }
        return (-logMeanExponential(near), -logMeanExponential(far))
    }
}

/// ln((1/n) sum e^x), without overflow.
func logMeanExponential(_ values: [Double]) -> Double {
    guard let largest = values.max(), largest.isFinite else { return values.max() ?? 0 }
    return largest + .log(values.reduce(0) { $0 + .exp($1 - largest) } / Double(values.count))
}
