import LinearAlgebra
import RealModule
import Statistics

/// Quantiles of Student's t distribution with any degrees of freedom above 0; infinity gives the normal distribution.
struct StudentQuantiles: Sendable {
    let degreesOfFreedom: Double

    /// The t with P(T <= t) = p for each p of `probabilities`; equal ones are computed once.
    ///
    /// Newton's method solves for ln t with ln P(T > t), starting each quantile at its neighbour's, because in these coordinates the tail
    /// is nearly a straight line. The relative error is below 1e-10.
    /// - Precondition: 0 < p < 1.
    func callAsFunction(_ probabilities: [Double]) -> [Double] {
        let tails = Set(probabilities.map { min($0, 1 - $0) }).sorted(by: >)
        var quantiles: [Double: Double] = [:]
        quantiles.reserveCapacity(tails.count)
        var start = 0.01
        for tail in tails {
            guard tail < 0.5 else {
                quantiles[tail] = 0
                continue
            }
            start = upperQuantile(tail: tail, start: start)
            quantiles[tail] = start
        }
        return probabilities.map { p in
            let quantile = quantiles[min(p, 1 - p)] ?? 0
            return p < 0.5 ? -quantile : quantile
        }
    }

    private func upperQuantile(tail: Double, start: Double) -> Double {
        let target = Double.log(2 * tail)
        var logarithm = Double.log(start)
        for _ in 0..<100 {
            let t = Double.exp(logarithm)
            let both = twoSidedTail(t)
            guard both > 0 else {
                logarithm -= 1
                continue
            }
            // d ln tail / d ln t = -2 f(t) t / tail.
            let slope = -2 * .exp(logDensity(t)) * t / both
            let step = max(-2, min(2, (target - .log(both)) / slope))
            logarithm += step
            if abs(step) < 1e-11 { break }
        }
        return .exp(logarithm)
    }

    /// P(|T| > t).
    private func twoSidedTail(_ t: Double) -> Double {
        guard degreesOfFreedom.isFinite else { return .erfc(t / 2.0.squareRoot()) }
        return SpecialFunctions.incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5)
    }

    /// The logarithm of the density.
    func logDensity(_ t: Double) -> Double {
        let nu = degreesOfFreedom
        guard nu.isFinite else { return -0.5 * t * t - 0.5 * .log(2 * .pi) }
        return .logGamma((nu + 1) / 2) - .logGamma(nu / 2) - 0.5 * .log(nu * .pi) - (nu + 1) / 2 * .log(onePlus: t * t / nu)
    }
}

extension Matrix {
    /// The ranks of the elements in their columns as probabilities, (rank - 1/2)/n.
    var columnProbabilities: Matrix {
        let n = Double(rowCount)
        return columnRanks.mapElements { ($0 - 0.5) / n }
    }

    /// The normal scores of the columns: the normal quantiles of their ranks, where equal elements share the mean rank.
    var normalScores: Matrix {
        Matrix(
            rowCount: rowCount, columnCount: columnCount,
            elements: StudentQuantiles(degreesOfFreedom: .infinity)(columnProbabilities.elements))
    }
}
