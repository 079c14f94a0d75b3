import RealModule

/// What entropies and their corrections need to know of the spectrum of a positive semidefinite matrix: sums over its eigenvalues l, in
/// units of their sum, but not the eigenvalues themselves.
package struct SpectralSums: Sendable, Equatable {
    /// Eigenvalues below this part of the root of the sum of their squares are rounding.
    package static let rankTolerance = 1e-12

    /// The number of eigenvalues, zeros among them.
    package let order: Int
    /// The number of eigenvalues that are not rounding.
    package let rank: Int
    /// The von Neumann entropy -sum l ln l, in nats.
    package let entropy: Double
    /// The sum of 1/l over the eigenvalues that are not rounding; 0 where only some are, and it is not known which.
    package let inverseSum: Double
    /// The sum of 1/l^2, likewise.
    package let inverseSquareSum: Double
    /// The sum of l/(l + t) for each ridge t of `RidgeGrid`.
    package let inside: [Double]
    /// The sum of t/(l + t) for each ridge t.
    package let outside: [Double]
    /// The sum of l t/(l + t)^2 for each ridge t.
    package let slopes: [Double]

    init(
        order: Int, rank: Int, entropy: Double, inverses: (sum: Double, squares: Double), inside: [Double], outside: [Double],
        slopes: [Double]
    ) {
        (self.order, self.rank, self.entropy) = (order, rank, entropy)
        (inverseSum, inverseSquareSum) = inverses
        (self.inside, self.outside, self.slopes) = (inside, outside, slopes)
    }

    /// The sums of a matrix of zeros.
    static func zero(order: Int) -> SpectralSums {
        let zeros = [Double](repeating: 0, count: RidgeGrid.ridges.count)
        return SpectralSums(
            order: order, rank: 0, entropy: 0, inverses: (0, 0), inside: zeros,
            outside: zeros.map { _ in Double(order) }, slopes: zeros)
    }

    /// The sums over known eigenvalues, of which negative ones count as 0.
    ///
    /// Every eigenvalue that is rounding counts as 0 too, except in the entropy. Where rows are repeated, the number of zeros is known and
    /// taken off `outside`; sums without eigenvalues would lose what is left to rounding.
    /// - Parameter order: the number of eigenvalues with the zeros that were left out.
    package init(eigenvalues: [Double], order: Int? = nil) {
        let order = order ?? eigenvalues.count
        let total = eigenvalues.reduce(0) { $0 + max(0, $1) }
        guard total > 0 else {
            self = .zero(order: order)
            return
        }
        let values = eigenvalues.map { max(0, $0) / total }
        let tolerance = Self.rankTolerance * values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let positive = values.filter { $0 > tolerance }
        let zeroCount = Double(order - positive.count)
        let ridgeCount = RidgeGrid.ridges.count
        var (inside, outside, slopes) = (
            [Double](repeating: 0, count: ridgeCount), [Double](repeating: zeroCount, count: ridgeCount),
            [Double](repeating: 0, count: ridgeCount)
        )
        for (index, ridge) in RidgeGrid.ridges.enumerated() {
            for value in positive {
                let factor = 1 / (value + ridge)
                inside[index] += value * factor
                outside[index] += ridge * factor
                slopes[index] += value * ridge * factor * factor
            }
        }
        self.init(
            order: order, rank: positive.count, entropy: values.reduce(0) { $1 > 0 ? $0 - $1 * .log($1) : $0 },
            inverses: (positive.reduce(0) { $0 + 1 / $1 }, positive.reduce(0) { $0 + 1 / ($1 * $1) }), inside: inside,
            outside: outside, slopes: slopes)
    }
}
