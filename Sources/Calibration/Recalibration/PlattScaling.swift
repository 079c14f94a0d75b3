import RealModule

/// Logistic recalibration of a confidence, sigmoid(slope logit(c) + intercept), with Platt's targets (1999): (R + 1)/(R
/// + 2) for the R right rows and 1/(W + 2) for the W wrong ones, which keep the fit finite.
package struct PlattScaling: Sendable, Equatable {
    package let slope: Double
    package let intercept: Double

    /// Parameters of a fit made before.
    package init(slope: Double, intercept: Double) { (self.slope, self.intercept) = (slope, intercept) }

    /// The fit of confidences to outcomes, by Newton steps with halving.
    ///
    /// - Returns: nil where all rows are right or all wrong, and where confidence does not vary.
    package init?(confidence: [Double], outcome: [Double]) {
        let right = outcome.reduce(0, +)
        let wrong = Double(outcome.count) - right
        guard right > 0, wrong > 0, let first = confidence.first, confidence.contains(where: { $0 != first }) else {
            return nil
        }
        let logits = confidence.map(Self.logit)
        let targets = outcome.map { $0 * (right + 1) / (right + 2) + (1 - $0) / (wrong + 2) }
        var (slope, intercept) = (0.0, 0.0)
        var current = Self.loss(logits, targets, slope, intercept)
        for _ in 0..<100 {
            var (g0, g1, h00, h01, h11) = (0.0, 0.0, 1e-12, 0.0, 1e-12)
            for (x, t) in zip(logits, targets) {
                let q = Self.sigmoid(slope * x + intercept)
                let (error, weight) = (q - t, q * (1 - q))
                g0 += x * error
                g1 += error
                h00 += x * x * weight
                h01 += x * weight
                h11 += weight
            }
            let determinant = h00 * h11 - h01 * h01
            guard determinant > 0 else { break }
            let (step0, step1) = ((h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant)
            var scale = 1.0
            var next = Self.loss(logits, targets, slope - step0, intercept - step1)
            while !(next <= current + 1e-12 * abs(current)), scale > 1e-6 {
                scale /= 2
                next = Self.loss(logits, targets, slope - scale * step0, intercept - scale * step1)
            }
            slope -= scale * step0
            intercept -= scale * step1
            current = next
            if max(abs(scale * step0), abs(scale * step1)) < 1e-12 { break }
        }
        (self.slope, self.intercept) = (slope, intercept)
    }

    /// The recalibrated confidence.
    package func callAsFunction(_ confidence: Double) -> Double {
        Self.sigmoid(slope * Self.logit(confidence) + intercept)
    }

    /// ln(c / (1-c)), c cut to [1e-12, 1 - 1e-12].
    private static func logit(_ confidence: Double) -> Double {
        let c = min(max(confidence, 1e-12), 1 - 1e-12)
        return .log(c) - .log(onePlus: -c)
    }

    private static func sigmoid(_ x: Double) -> Double { 1 / (1 + .exp(-x)) }

    /// -sum of t ln q + (1-t) ln(1-q), without ln 0.
    private static func loss(_ logits: [Double], _ targets: [Double], _ slope: Double, _ intercept: Double) -> Double {
        zip(logits, targets).reduce(0) { sum, row in
            let x = slope * row.0 + intercept
            // ln(1 + e^x) - t x.
            return sum + max(x, 0) + .log(onePlus: .exp(-abs(x))) - row.1 * x
        }
    }
}
