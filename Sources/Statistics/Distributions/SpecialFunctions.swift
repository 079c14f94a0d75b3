import RealModule

/// Functions of mathematical statistics that the standard library lacks.
package enum SpecialFunctions {
    /// The digamma function psi(x) for x > 0: recurrence up to 10, then the asymptotic series
    /// (Abramowitz and Stegun 6.3.5 and 6.3.18); relative error below 1e-14.
    package static func digamma(_ x: Double) -> Double {
        precondition(x > 0, "digamma of \(x)")
        var (x, shift) = (x, 0.0)
        while x < 10 {
            shift -= 1 / x
            x += 1
        }
        let r = 1 / (x * x)
        let series = r * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r * (1.0 / 240 - r * (1.0 / 132 - r * 691 / 32760)))))
        return shift + .log(x) - 0.5 / x - series
    }

    /// The regularised incomplete beta function I_x(a, b), by its continued fraction with Lentz's method
    /// (Abramowitz and Stegun 26.5.8).
    package static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
        let scale = Double.exp(
            .logGamma(a + b) - .logGamma(a) - .logGamma(b) + a * .log(x) + b * .log(onePlus: -x))
        let tiny = 1e-300
        func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / away(1 - (a + b) * x / (a + 1))
        var fraction = d
        for step in 1...500 {
            let m = Double(step)
            for numerator in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 / away(1 + numerator * d)
                c = away(1 + numerator / c)
                fraction *= c * d
            }
            if abs(c * d - 1) < 1e-15 { break }
        }
        return scale * fraction / a
    }
}
