import RealModule
import Statistics

/// The temperature T whose softmax(scores / T) has the smallest mean negative log-likelihood (Guo et al., ICML 2017).
///
/// With b = 1/T, it is the root in ln b of the mean of E_b[z] - z_right, which increases. Newton steps within a bracket find it up to
/// rounding. A temperature T above 1 means that the model is over-confident.
package struct TemperatureFit: Sendable, Equatable {
    /// The end of `range` at which T lies, if no temperature within it is best.
    package enum Limit: String, Sendable, Equatable { case lower, upper }

    /// The range of T in all fits.
    package static let range = 0.01...100.0

    /// The temperature T.
    package let temperature: Double
    /// `lower` if all right options have the largest score, so that T falls towards 0; `upper` if a flat distribution is best; nil between.
    package let limit: Limit?
    /// The standard error of ln T over groups; nil at a limit and for fewer than two groups.
    package let logStandardError: Double?
    /// The interval of T, which is T times exp of Student's reach; nil at a limit and for fewer than two groups.
    package let interval: ClosedRange<Double>?
    /// The influence of each row on ln T, in the order of the input; 0 for rows that the fit leaves out.
    package let influences: [Double]
    /// The number of rows whose right option had no probability at all. No temperature helps them, so the fit leaves them out.
    package let leftOutCount: Int

    /// - Parameters:
    ///   - start: a temperature close to that of the fit, if one is known.
    package init(_ scores: OptionScores, _ inference: Inference, start: Double = 1) {
        let rows = (0..<scores.count).filter { scores.labelScore($0) > -.infinity }
        leftOutCount = scores.count - rows.count
        (temperature, limit) = Self.root(scores, rows, start: start)
        guard limit == nil, !rows.isEmpty else {
            (logStandardError, interval, influences) = (nil, nil, [Double](repeating: 0, count: scores.count))
            return
        }
        let inverse = 1 / temperature
        var (slopes, variance) = ([Double](repeating: 0, count: scores.count), 0.0)
        for row in rows {
            let moments = Self.moments(scores, row, inverse)
            slopes[row] = moments.mean - scores.labelScore(row)
            variance += moments.variance
        }
        let scale = inverse * variance / Double(rows.count)
        // Rows that are left out carry no influence, and the mean over all n rows requires the others to be scaled up.
        let share = Double(scores.count) / Double(rows.count)
        influences = scale > 0 ? slopes.map { $0 / scale * share } : slopes.map { _ in 0 }
        let error = scale > 0 ? inference.clusters.standardError(of: influences, mean: 0) : nil
        logStandardError = error
        if let error, error.isFinite, let reach = inference.reach {
            let factor = Double.exp(reach.interval * error)
            interval = temperature / factor...temperature * factor
        } else {
            interval = nil
        }
    }

    /// A given temperature, without an error, instead of that of a fit.
    package init(temperature: Double, like fit: TemperatureFit) {
        self.temperature = temperature
        (limit, logStandardError, interval, influences, leftOutCount) = (
            fit.limit, fit.logStandardError, nil, fit.influences, fit.leftOutCount
        )
    }

    /// The temperature for some rows only.
    static func temperature(_ scores: OptionScores, rows: [Int], start: Double) -> Double {
        root(scores, rows.filter { scores.labelScore($0) > -.infinity }, start: start).temperature
    }

    /// E_b[z] and Var_b[z] of one row.
    @inline(__always)
    private static func moments(_ scores: OptionScores, _ row: Int, _ inverse: Double) -> (mean: Double, variance: Double) {
        var (sum, first, second) = (0.0, 0.0, 0.0)
        for index in scores.options(row) {
            let score = scores.scores[index]
            if score == 0 {
                sum += 1
            } else if score > -.infinity {
                let weight = Double.exp(inverse * score)
                sum += weight
                first += weight * score
                second += weight * score * score
            }
        }
        let mean = first / sum
        return (mean, max(0, second / sum - mean * mean))
    }

    private static func root(_ scores: OptionScores, _ rows: [Int], start: Double) -> (temperature: Double, limit: Limit?) {
        guard !rows.isEmpty else { return (1, nil) }
        let right = rows.reduce(0.0) { $0 + scores.labelScore($1) }
        func slope(_ logInverse: Double) -> (value: Double, derivative: Double) {
            let inverse = Double.exp(logInverse)
            var (mean, variance) = (0.0, 0.0)
            for row in rows {
                let moments = moments(scores, row, inverse)
                mean += moments.mean
                variance += moments.variance
            }
            return (mean - right, inverse * variance)
        }
        // An end of the bracket counts only once its slope has been computed.
        var (low, high) = (-Double.log(range.upperBound), -Double.log(range.lowerBound))
        let ends = (low, high)
        var (sawLow, sawHigh) = (false, false)
        var current = min(max(-Double.log(start), low), high)
        for step in 0..<200 {
            let (value, derivative) = slope(current)
            if value == 0 {
                return current == ends.0
                    ? (range.upperBound, .upper) : current == ends.1 ? (range.lowerBound, .lower) : (.exp(-current), nil)
            }
            if value > 0 {
                if current == ends.0 { return (range.upperBound, .upper) }
                (high, sawHigh) = (current, true)
            } else {
                if current == ends.1 { return (range.lowerBound, .lower) }
                (low, sawLow) = (current, true)
            }
            // Towards an end without a root Newton's steps become ever slower, so from the eighth step on the end itself is evaluated.
            let isLost = step >= 8 && !(value > 0 ? sawLow : sawHigh)
            var next = derivative > 0 && !isLost ? current - value / derivative : .nan
            if !(next > low && next < high) {
                next = value > 0 ? (sawLow ? (low + high) / 2 : low) : (sawHigh ? (low + high) / 2 : high)
            }
            if abs(next - current) <= 1e-13 { return (.exp(-next), nil) }
            current = next
        }
        return (.exp(-current), nil)
    }
}
