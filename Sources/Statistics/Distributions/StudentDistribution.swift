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

    /// The t > 0 with P(|T| <= t) = `confidence`, to full precision by bisection.
    package func twoSidedQuantile(_ confidence: Double) -> Double {
        precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
        var (low, high) = (0.0, 1.0)
        while twoSidedTail(high) > 1 - confidence { high *= 2 }
        while true {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { return middle }
            if twoSidedTail(middle) > 1 - confidence { low = middle } else { high = middle }
        }
    }
}
