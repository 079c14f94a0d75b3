import LinearAlgebra
import RealModule

/// How much the entropy of a population exceeds that of a sample, estimated from the sample's spectrum.
///
/// S(rho) = integral over kappa > 0 of [df(kappa) - 1/(1 + kappa)], with df(kappa) = tr rho (rho + kappa)^-1. The spectrum of n rows shows
/// the population's df at a larger ridge: df_sample(t) = df(t/w), w = 1 - df_sample(t)/n (`RowScales` for dependent rows). The integral can
/// therefore be taken over t, down to the ridge kappa_0 > 0 at which df reaches the rank of the sample. Using t/w instead of t adds
///
///   flat = integral of sum_k t l_k/(l_k + t)^2 (1/w - 1) dt.
///
/// For independent rows this is Mestre's estimator (IEEE Trans. Inform. Theory 54, 2008), 1 + n sum_k (m_k ln m_k - l_k ln l_k) minus the
/// plug-in, with m the eigenvalues of diag(l) - sqrt(l) sqrt(l)^T/n. Below kappa_0 df is not identified. `flat` keeps it at the rank, and
/// `tail` continues it with the one atom that has the value and the slope of df at kappa_0: rank kappa_0 (-ln(1 - b)/b - 1), with b = -d ln
/// df/d ln kappa. The bias that remains is common to samples of one size, so differences between them do not contain it.
struct EntropyCorrection: Sendable, Equatable {
    /// The integral down to kappa_0, in nats.
    var flat: Double
    /// rank kappa_0; 0 if df stays below the rank.
    var tailScale: Double
    /// The slope b, in [0, 1).
    var tailSlope: Double

    static let none = EntropyCorrection(flat: 0, tailScale: 0, tailSlope: 0)

    /// The mean of several corrections, field by field.
    init(meanOf corrections: [EntropyCorrection]) {
        let count = Double(max(1, corrections.count))
        flat = corrections.reduce(0) { $0 + $1.flat } / count
        tailScale = corrections.reduce(0) { $0 + $1.tailScale } / count
        tailSlope = corrections.reduce(0) { $0 + $1.tailSlope } / count
    }

    private init(flat: Double, tailScale: Double, tailSlope: Double) {
        (self.flat, self.tailScale, self.tailSlope) = (flat, tailScale, tailSlope)
    }

    /// The correction of a spectrum.
    init(_ sums: SpectralSums, law: RowScales) {
        let grid = SpectrumResolvent(sums: sums, law: law)
        flat = grid.flatCorrection
        (tailScale, tailSlope) = grid.tail.map { ($0.scale, $0.slope) } ?? (0, 0)
    }

    /// The correction with tails of slope b, in nats.
    ///
    /// - Parameter tailFactor: `tailFactor(slope:)` of a slope that all compared samples share. A separate slope for each would add the
    ///   noise of its smallest eigenvalues.
    func value(tailFactor: Double) -> Double { flat + tailFactor * tailScale }

    /// The factor -ln(1 - b)/b - 1 of the tail.
    static func tailFactor(slope: Double) -> Double {
        let slope = min(slope, 0.95)
        return slope < 1e-3 ? 0 : -.log(onePlus: -slope) / slope - 1
    }
}
