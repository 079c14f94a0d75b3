import LinearAlgebra
import RealModule

/// Gaussians with diagonal covariances, one per row, as a variational bottleneck exports them (deep VIB, 1612.00410).
package struct DiagonalGaussians: Sendable, Equatable {
    /// The means, n x d.
    package let means: Matrix
    /// The natural logarithms of the variances, n x d.
    package let logVariances: Matrix

    /// Gaussians with the given means and log-variances.
    ///
    /// - Precondition: equal shapes, at least one row and one column.
    package init(means: Matrix, logVariances: Matrix) {
        precondition(
            means.rowCount == logVariances.rowCount && means.columnCount == logVariances.columnCount
                && means.rowCount > 0
                && means.columnCount > 0, "means and log-variances of different shapes, or none")
        (self.means, self.logVariances) = (means, logVariances)
    }

    /// The number of Gaussians.
    package var rowCount: Int { means.rowCount }
    /// The number of columns d.
    package var columnCount: Int { means.columnCount }
}

/// One Gaussian with a diagonal covariance: the prior of a bottleneck.
package struct DiagonalPrior: Sendable, Equatable {
    /// The d means.
    package let mean: [Double]
    /// The natural logarithms of the d variances.
    package let logVariance: [Double]

    /// A prior with d columns.
    ///
    /// - Precondition: equal counts.
    package init(mean: [Double], logVariance: [Double]) {
        precondition(
            mean.count == logVariance.count, "a prior with \(mean.count) means and \(logVariance.count) variances")
        (self.mean, self.logVariance) = (mean, logVariance)
    }

    /// The standard normal distribution N(0, 1) in d columns.
    package static func standard(_ columnCount: Int) -> DiagonalPrior {
        let zeros = [Double](repeating: 0, count: columnCount)
        return DiagonalPrior(mean: zeros, logVariance: zeros)
    }

    /// The diagonal Gaussian with the smallest mean KL from `posteriors`, which has the moments of their mixture.
    package init(bestFor posteriors: DiagonalGaussians) {
        let mean = posteriors.means.columnMeans
        let deviations = posteriors.means.subtractingFromRows(mean)
        let second = posteriors.logVariances.mapElements { .exp($0) }.combining(deviations) { $0 + $1 * $1 }
        self.init(mean: mean, logVariance: second.columnMeans.map { .log($0) })
    }
}

extension DiagonalGaussians {
    /// KL(N(m, e^l) || N(m0, e^l0)) of each row in nats, summed over columns: 1/2 sum [l0 - l + (e^l + (m - m0)^2) e^-l0 - 1]. It is exact
    /// and never clamped.
    ///
    /// - Precondition: the prior has the same number of columns.
    package func divergences(from prior: DiagonalPrior) -> [Double] {
        precondition(prior.mean.count == columnCount, "a prior of \(prior.mean.count) columns for \(columnCount)")
        let precision = prior.logVariance.map { Double.exp(-$0) }
        return (0..<rowCount).map { row in
            var sum = 0.0
            for column in 0..<columnCount {
                let (mean, log) = (means[row, column] - prior.mean[column], logVariances[row, column])
                // The code computes e^(l - l0) - 1 - (l - l0) with expm1, because the terms cancel for a posterior near its prior.
                let ratio = log - prior.logVariance[column]
                sum += (.expMinusOne(ratio) - ratio) + mean * mean * precision[column]
            }
            return 0.5 * sum
        }
    }

    /// What the published code of Vittle logs as its `ib_loss` (deeplearning-wisc/vittle at 1ea2e09, `vib_kld_loss` and `vib_kld_loss_lp`),
    /// per column. It halves the log-variance in one place, so it is not a KL: its minimum is -0.0767 at a variance of 1/2, while the KL is
    /// 0 at a variance of 1. Use it only to compare with their logs.
    package func publishedLoss(prior: DiagonalPrior? = nil) -> Double {
        var sum = 0.0
        for row in 0..<rowCount {
            for column in 0..<columnCount {
                let (mean, log) = (means[row, column], logVariances[row, column])
                if let prior {
                    let (distance, own) = (mean - prior.mean[column], prior.logVariance[column])
                    sum += 1 + log / 2 - own / 2 - (distance * distance + .exp(log)) * .exp(-own)
                } else {
                    sum += 1 + log / 2 - mean * mean - .exp(log)
                }
            }
        }
        return -0.5 * sum / Double(rowCount * columnCount)
    }
}
