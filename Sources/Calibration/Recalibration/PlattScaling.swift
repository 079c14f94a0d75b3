import RealModule

/// Logistic recalibration of a confidence, sigmoid(slope logit(c) + intercept), with Platt's targets (1999), which keep the fit finite: (R
/// + 1)/(R + 2) for the R right rows and 1/(W + 2) for the W wrong ones.
package struct PlattScaling: Sendable, Equatable {
    /// The parameters of the logistic map.
    package let slope: Double
    package let intercept: Double

    /// A scaling with known parameters.
    package init(slope: Double, intercept: Double) { (self.slope, self.intercept) = (slope, intercept) }

    /// Fits the scaling of confidences to outcomes.
    ///
    /// - Returns: nil if all rows are right or all are wrong, or if the confidence does not vary.
    package init?(confidence: [Double], outcome: [Double]) {
        let fit = PlattFit(confidence: confidence, outcome: outcome)
        guard let scaling = fit.scaling(from: Self(slope: 0, intercept: 0), where: { _ in true }) else { return nil }
        self = scaling
    }

    /// The recalibrated value of a confidence.
    package func callAsFunction(_ confidence: Double) -> Double {
        1 / (1 + .exp(-(slope * Self.logit(confidence) + intercept)))
    }

    /// ln(c / (1-c)), with c clipped to [1e-12, 1 - 1e-12].
    fileprivate static func logit(_ confidence: Double) -> Double {
        let c = min(max(confidence, 1e-12), 1 - 1e-12)
        return .log(c) - .log(onePlus: -c)
    }
}

/// The rows to which Platt scalings are fitted, all of them or those of some folds, by Newton steps with halving.
struct PlattFit {
    private let logits: [Double]
    private let outcome: [Double]

    init(confidence: [Double], outcome: [Double]) {
        logits = confidence.map(PlattScaling.logit)
        self.outcome = outcome
    }

    /// Fits a scaling to the included rows.
    ///
    /// - Parameter start: the parameters with which the steps begin.
    /// - Returns: nil if those rows are all right or all wrong, or if their confidence does not vary.
    func scaling(from start: PlattScaling, where isIncluded: (Int) -> Bool) -> PlattScaling? {
        var (right, count, first, varies) = (0.0, 0.0, Double?.none, false)
        for row in logits.indices where isIncluded(row) {
            right += outcome[row]
            count += 1
            if let first { varies = varies || logits[row] != first } else { first = logits[row] }
        }
        guard right > 0, right < count, varies else { return nil }
        let targets = (wrong: 1 / (count - right + 2), right: (right + 1) / (right + 2))
        var (slope, intercept) = (start.slope, start.intercept)
        var current = Pass(self, targets, slope, intercept, isIncluded)
        for _ in 0..<100 {
            guard let (step0, step1) = current.step else { break }
            var scale = 1.0
            var next = Pass(self, targets, slope - step0, intercept - step1, isIncluded)
            while !(next.loss <= current.loss + 1e-12 * abs(current.loss)), scale > 1e-6 {
                scale /= 2
                next = Pass(self, targets, slope - scale * step0, intercept - scale * step1, isIncluded)
            }
            slope -= scale * step0
            intercept -= scale * step1
            current = next
            if max(abs(scale * step0), abs(scale * step1)) < 1e-12 { break }
        }
        return PlattScaling(slope: slope, intercept: intercept)
    }

    /// The loss, -sum of t ln q + (1-t) ln(1-q), with its derivatives in slope and intercept, from a single pass over the rows.
    private struct Pass {
        private(set) var loss = 0.0
        private var (g0, g1, h00, h01, h11) = (0.0, 0.0, 1e-12, 0.0, 1e-12)

        init(
            _ rows: PlattFit, _ targets: (wrong: Double, right: Double), _ slope: Double, _ intercept: Double,
            _ isIncluded: (Int) -> Bool
        ) {
            // One logarithm serves 512 rows: it is that of the product of their 1 + e^-|x|, which is at most 2^512.
            var (product, factors) = (1.0, 0)
            for row in rows.logits.indices where isIncluded(row) {
                let z = rows.logits[row]
                let target = targets.wrong + rows.outcome[row] * (targets.right - targets.wrong)
                let x = slope * z + intercept
                let small = Double.exp(-abs(x))
                let q = x >= 0 ? 1 / (1 + small) : small / (1 + small)
                // The row's loss is ln(1 + e^x) - t x.
                loss += max(x, 0) - target * x
                product *= 1 + small
                factors += 1
                if factors == 512 {
                    loss += .log(product)
                    (product, factors) = (1, 0)
                }
                let (error, weight) = (q - target, q * (1 - q))
                g0 += z * error
                g1 += error
                h00 += z * z * weight
                h01 += z * weight
                h11 += weight
            }
            loss += .log(product)
        }

        /// Newton's step; nil if the curvature has no inverse.
        var step: (Double, Double)? {
            let determinant = h00 * h11 - h01 * h01
            guard determinant > 0 else { return nil }
            return ((h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant)
        }
    }
}
