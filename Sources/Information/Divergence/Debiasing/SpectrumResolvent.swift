import LinearAlgebra
import RealModule

/// A spectrum's degrees of freedom on a grid of ridges t, and what they tell about the population's (`EntropyCorrection`).
struct SpectrumResolvent: Sendable {
    /// The integral down to kappa_0, in nats.
    let flatCorrection: Double
    private let sums: SpectralSums
    private let law: RowScales
    /// 1/w - 1 at each ridge of `RidgeGrid`.
    private let excesses: [Double]

    init(sums: SpectralSums, law: RowScales) {
        // The zeros that the sums leave out count 1 outside each.
        let missing = max(0, law.rowCount - Double(sums.order))
        let ridges = RidgeGrid.ridges
        var excesses = [Double](repeating: 0, count: ridges.count)
        var (sum, delta) = (0.0, 0.0)
        var terms = excesses
        // Towards small ridges delta grows, so each value is a lower bound of the next.
        for index in ridges.indices.reversed() {
            let share = sums.inside[index] / law.rowCount
            delta = law.delta(share, complement: (sums.outside[index] + missing) / law.rowCount, from: delta)
            let excess = share > 0 ? delta / share - 1 : 0
            excesses[index] = excess
            terms[index] = sums.slopes[index] * ridges[index] * excess
            sum += terms[index]
        }
        self.sums = sums
        self.law = law
        self.excesses = excesses
        flatCorrection =
            RidgeGrid.step
            * (sum + RidgeGrid.sumBelow(terms[0])
                + RidgeGrid.sumAbove(terms[ridges.count - 1], before: terms[ridges.count - 2]))
    }

    /// rank kappa_0, b at kappa_0, and d(rank kappa_0)/dl times l^2; nil if the spectrum has fewer values than rows.
    ///
    /// As t goes to 0, with M_k = mean of l^-k and A_k = mean of c^-k over the rows, kappa = A_1/(M_1 P) (1 + t (M_2/M_1 - A_2 M_1/A_1^2
    /// + M_1)) and df = rank (1 - t M_1), P = rank/n.
    var tail: (scale: Double, slope: Double, gradient: Double)? {
        let rank = law.rank.rounded()
        guard sums.rank > 0, Double(sums.rank) >= rank else { return nil }
        let count = Double(sums.rank)
        let first = sums.inverseSum / count
        let second = sums.inverseSquareSum / count
        let (a1, a2) = law.inverseScaleMeans
        let scaled = a1 * law.rowCount / law.rank
        let inverse = second / (first * first) + 1 - a2 / (a1 * a1)
        return (rank * scaled / first, 1 / max(inverse, 1), scaled / (first * first))
    }

    /// The derivative of the corrected entropy with respect to each eigenvalue, up to one constant for all.
    ///
    /// The corrected entropy is an integral of df dkappa along the curve (kappa(t), df(t)), and kappa follows from df. Moving the spectrum
    /// changes the entropy by the integral of (d df)/w dt, because the terms in d kappa cancel.
    /// - Parameter eigenvalues: the positive eigenvalues, scaled to sum 1.
    func gradient(of eigenvalues: [Double], tailFactor: Double) -> [Double] {
        let tail = tail
        return eigenvalues.map { value in
            var sum = 0.0
            for (ridge, excess) in zip(RidgeGrid.ridges, excesses) {
                let factor = ridge / (value + ridge)
                sum += factor * factor * excess
            }
            return RidgeGrid.step * sum - .log(value) - 1 + tailFactor * (tail?.gradient ?? 0) / (value * value)
        }
    }
}
