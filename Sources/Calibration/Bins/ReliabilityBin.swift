import RealModule
import Statistics

/// One bin of a reliability diagram.
package struct ReliabilityBin: Sendable, Equatable {
    /// The lowest and the highest confidence in the bin.
    package let low: Double
    package let high: Double
    /// The number of rows.
    package let count: Int
    /// The mean of c and of y.
    package let confidence: Double
    package let accuracy: Double
    /// The interval of the accuracy: Clopper and Pearson's (Biometrika 26, 1934) for independent rows, otherwise Wilson's at the number
    /// of independent rows that the groups are worth.
    package let interval: ClosedRange<Double>
    /// The range in which the accuracy of a calibrated model would lie: quantiles of the binomial distribution at the mean of c (Bröcker
    /// and Smith, Weather Forecast. 22, 2007).
    package let band: ClosedRange<Double>

    static func bins(_ rows: PreparedRows, _ binning: Binning) -> [ReliabilityBin] {
        let table = BinTable(rows.rows, residuals: rows.residuals, binning, byGroup: rows.byGroup)
        let confidence = rows.inference.confidence
        let normal = StudentDistribution(degreesOfFreedom: .infinity).twoSidedQuantile(confidence)
        return (0..<table.count).map { bin in
            let size = table.size(bin)
            let mean = table.confidence[bin] / size
            let accuracy = min(1, max(0, (table.confidence[bin] + table.residual[bin]) / size))
            // The number of independent rows that the groups of the bin are worth.
            let clustered =
                table.groups[bin] > 1
                ? table.centredSquares[bin] * table.groups[bin] / (table.groups[bin] - 1) : 0
            let inflation =
                rows.inference.clusters.areGiven && table.variance[bin] > 0
                ? max(1, clustered / table.variance[bin]) : 1
            let worth = max(1, size / inflation)
            let isExact = !rows.inference.clusters.areGiven && rows.rows.isBinary && size <= Binomial.largestExact
            let interval =
                isExact
                ? Binomial.interval(successes: accuracy * size, count: size, confidence: confidence)
                : wilsonInterval(accuracy, effectiveCount: worth, quantile: normal)
            return ReliabilityBin(
                low: rows.rows.confidence[table.bounds[bin]], high: rows.rows.confidence[table.bounds[bin + 1] - 1],
                count: Int(size), confidence: mean, accuracy: accuracy, interval: interval,
                band: Binomial.band(probability: mean, count: worth, confidence: confidence, normalQuantile: normal))
        }
    }
}

/// Quantiles and exact intervals of the binomial distribution.
enum Binomial {
    /// Above this count the normal distribution is used instead, because the continued fraction of the incomplete beta function needs
    /// about sqrt(n) steps.
    static let largestExact = 20_000.0

    /// Clopper and Pearson's interval of a probability.
    static func interval(successes: Double, count: Double, confidence: Double) -> ClosedRange<Double> {
        let tail = (1 - confidence) / 2
        let k = successes.rounded()
        let low = k == 0 ? 0 : root { SpecialFunctions.incompleteBeta($0, k, count - k + 1) - tail }
        let high = k == count ? 1 : root { SpecialFunctions.incompleteBeta($0, k + 1, count - k) - (1 - tail) }
        return low...max(low, high)
    }

    /// The shares of successes between which the central `confidence` of draws lie.
    static func band(
        probability: Double, count: Double, confidence: Double, normalQuantile: Double
    ) -> ClosedRange<Double> {
        let p = min(max(probability, 0), 1)
        let size = count.rounded()
        guard p > 0, p < 1 else { return p...p }
        if size > largestExact {
            let half = normalQuantile * (p * (1 - p) / size).squareRoot()
            return max(0, p - half)...min(1, p + half)
        }
        let tail = (1 - confidence) / 2
        return quantile(tail, p, size) / size...quantile(1 - tail, p, size) / size
    }

    /// The smallest k with P(X <= k) >= `share`.
    private static func quantile(_ share: Double, _ p: Double, _ count: Double) -> Double {
        var (low, high) = (-1.0, count)
        while high - low > 1 {
            let middle = ((low + high) / 2).rounded(.down)
            // P(X <= k) = I_{1-p}(n - k, k + 1).
            let below = SpecialFunctions.incompleteBeta(1 - p, count - middle, middle + 1)
            if below >= share { high = middle } else { low = middle }
        }
        return high
    }

    /// The root in [0, 1] of an increasing function, by bisection.
    private static func root(_ function: (Double) -> Double) -> Double {
        var (low, high) = (0.0, 1.0)
        while true {
            let middle = (low + high) / 2
            guard middle > low, middle < high, high - low > 1e-14 else { return middle }
            if function(middle) < 0 { low = middle } else { high = middle }
        }
    }
}
