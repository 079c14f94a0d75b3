import RealModule

/// A spectrum's degrees of freedom on a grid of ridges t, and what they tell about the population's (`EntropyCorrection`).
struct SpectrumResolvent: Sendable {
    /// The step of ln t. The trapezoidal rule converges exponentially for a smooth function that vanishes at both ends; halving the step
    /// changes corrections by about 1e-7.
    private static let step = 1.0
    /// The ridges, ln t = -36 … 16 in units of the trace. Everything beyond contributes less than 1e-8 nats.
    private static let ridges = (-36...16).map { Double.exp(Double($0)) }
    /// Eigenvalues below this share of the largest are rounding.
    static let rankTolerance = 1e-12

    /// The positive eigenvalues, scaled to sum 1.
    let eigenvalues: [Double]
    /// The integral down to kappa_0, in nats.
    let flatCorrection: Double
    private let law: RowScales
    /// The ridges, each with 1/w - 1. They start at 1e-9 of the smallest eigenvalue, below which the integrands are equally small.
    private let curve: [(ridge: Double, excess: Double)]

    init(spectrum: [Double], law: RowScales) {
        let largest = spectrum.max() ?? 0
        let positive = spectrum.filter { $0 > Self.rankTolerance * largest }
        let smallest = positive.min() ?? 1
        let lanes = stride(from: 0, to: positive.count, by: 8).map { first in
            SIMD8<Double>((0..<8).map { first + $0 < positive.count ? positive[first + $0] : 0 })
        }
        // Each zero that fills up the last lanes counts 1 outside.
        let missing = max(0, law.rowCount - Double(positive.count)) - Double(8 * lanes.count - positive.count)
        let first = Self.ridges.firstIndex { $0 > 1e-9 * smallest } ?? 0
        var curve: [(ridge: Double, excess: Double)] = []
        curve.reserveCapacity(Self.ridges.count)
        var (sum, delta) = (0.0, 0.0)
        // Towards small ridges delta grows, so each value is a lower bound of the next.
        for ridge in Self.ridges[first...].reversed() {
            var (inside, outside, slope) = (SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero)
            for lane in lanes {
                let weight = ridge / (lane + ridge)
                let rest = lane / (lane + ridge)
                outside += weight
                inside += rest
                slope += rest * weight
            }
            let share = inside.sum() / law.rowCount
            delta = law.delta(share, complement: (outside.sum() + missing) / law.rowCount, from: delta)
            let excess = share > 0 ? delta / share - 1 : 0
            curve.append((ridge, excess))
            sum += slope.sum() * ridge * excess
        }
        eigenvalues = positive
        self.law = law
        self.curve = curve
        flatCorrection = Self.step * sum
    }

    /// rank kappa_0, b at kappa_0, and d(rank kappa_0)/dl times l^2; nil if the spectrum has fewer values than rows.
    ///
    /// As t goes to 0, with M_k = mean of l^-k and A_k = mean of c^-k over the rows, kappa = A_1/(M_1 P) (1 + t (M_2/M_1 - A_2 M_1/A_1^2
    /// + M_1)) and df = rank (1 - t M_1), P = rank/n.
    var tail: (scale: Double, slope: Double, gradient: Double)? {
        let rank = law.rank.rounded()
        guard !eigenvalues.isEmpty, Double(eigenvalues.count) >= rank else { return nil }
        let count = Double(eigenvalues.count)
        let first = eigenvalues.reduce(0) { $0 + 1 / $1 } / count
        let second = eigenvalues.reduce(0) { $0 + 1 / ($1 * $1) } / count
        let (a1, a2) = law.inverseScaleMeans
        let scaled = a1 * law.rowCount / law.rank
        let inverse = second / (first * first) + 1 - a2 / (a1 * a1)
        return (rank * scaled / first, 1 / max(inverse, 1), scaled / (first * first))
    }

    /// The derivative of the corrected entropy with respect to each eigenvalue, up to one constant for all.
    ///
    /// The corrected entropy is an integral of df dkappa along the curve (kappa(t), df(t)), and kappa follows from df. Moving the spectrum
    /// changes the entropy by the integral of (d df)/w dt, because the terms in d kappa cancel.
    func gradient(tailFactor: Double) -> [Double] {
        let tail = tail
        return eigenvalues.map { value in
            var sum = 0.0
            for (ridge, excess) in curve {
                let factor = ridge / (value + ridge)
                sum += factor * factor * excess
            }
            return Self.step * sum - .log(value) - 1 + tailFactor * (tail?.gradient ?? 0) / (value * value)
        }
    }
}
