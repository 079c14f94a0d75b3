import RealModule

/// The ridges at which sums over spectra are taken: ln t = -30, -29.4, … 10.2, in units of the trace.
///
/// An integral over ln t of a function that is analytic in |Im ln t| < pi and vanishes at both ends is the trapezoidal sum up to
/// exp(-2 pi^2/step) times its size (Trefethen and Weideman, SIAM Review 56, 2014): 5e-15 at a step of 0.6. What lies beyond the ends is
/// added from the known behaviour there (`sumBelow`, `sumAbove`).
package enum RidgeGrid {
    /// The step of ln t.
    package static let step = 0.6
    /// t, ascending.
    package static let ridges = (0..<68).map { Double.exp(-30 + step * Double($0)) }
    /// The first ridge of 1 and above, from which on sums of l/(l + t) are taken instead of t/(l + t).
    package static let firstLarge = 50

    /// The sum over the ridges below the grid of a function proportional to t there, given its value at the first.
    package static func sumBelow(_ first: Double) -> Double { first / (.exp(step) - 1) }
    /// The sum over the ridges above the grid of a function that is c/t - d/t^2 there, given its values at the last two.
    package static func sumAbove(_ last: Double, before: Double) -> Double {
        let ratio = Double.exp(step)
        let second = (ratio * last - before) / (ratio * (ratio - 1))
        return (last + second) / (ratio - 1) - second / (ratio * ratio - 1)
    }
}
