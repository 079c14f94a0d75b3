import RealModule

/// Student's t distribution.
package struct StudentDistribution: Sendable {
    /// The degrees of freedom, at least 1; infinity gives the normal distribution.
    package let degreesOfFreedom: Double

    /// The distribution with the given degrees of freedom; smaller values than 1 count as 1.
    package init(degreesOfFreedom: Double) {
        self.degreesOfFreedom = max(1, degreesOfFreedom)
    }

    /// P(|T| > |t|).
    package func twoSidedTail(_ t: Double) -> Double {
        guard degreesOfFreedom.isFinite else { return .erfc(abs(t) / 2.0.squareRoot()) }
        return SpecialFunctions.incompleteBeta(
            degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5)
    }

    /// The density at t.
    private func density(_ t: Double) -> Double {
        guard degreesOfFreedom.isFinite else { return .exp(-t * t / 2) / (2 * .pi).squareRoot() }
        let half = degreesOfFreedom / 2
        let scale: Double = .logGamma(half + 0.5) - .logGamma(half) - .log(degreesOfFreedom * .pi) / 2
        return .exp(scale - (half + 0.5) * .log(onePlus: t * t / degreesOfFreedom))
    }

    /// The t > 0 with P(|T| <= t) = `confidence`, to full precision: Newton's steps, and bisection where one leaves the bracket.
    package func twoSidedQuantile(_ confidence: Double) -> Double {
        precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
        var (low, high) = (0.0, Double.infinity)
        var t = 1.0
        while true {
            let excess = twoSidedTail(t) - (1 - confidence)
            if excess > 0 { low = t } else { high = t }
            var next = t + excess / (2 * density(t))
            if !(next > low && next < high) { next = high.isFinite ? (low + high) / 2 : 2 * t }
            guard next > low, next < high, abs(next - t) > 2 * t.ulp else { return next }
            t = next
        }
    }
}
