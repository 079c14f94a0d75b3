import LinearAlgebra
import RealModule

/// Measures the divergence of the parts of any split of pooled buckets.
struct MomentMeter: Sendable {
    let pool: MomentPool
    let weighting: JensenShannonDivergence.Weighting

    /// The divergence of a split, and what of it others can reuse.
    struct Measure: Sendable {
        let split: RowSplit
        /// The plug-in value, in nats.
        let value: Double
        let entropies: (first: Double, second: Double)
        let outcome: Outcome
    }

    /// The mixture of one split with its logarithm, by which those of other splits of the same buckets are measured.
    struct Mixture: Sendable {
        /// Parts that differ more in their traces than this make mixtures that differ too much.
        private static let tolerance = 0.03

        private let logarithm: Matrix
        private let traceRatio: Double

        /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
        init(_ split: RowSplit, in pool: MomentPool) throws {
            let traces = (pool.trace(split.first), pool.trace(split.second))
            let mixture = equalMixture((pool.product(split.first), traces.0), (pool.product(split.second), traces.1))
            let eigen = try mixture.symmetricEigendecomposition()
            let floor = 1e-13 * (eigen.values.last ?? 0)
            // No part of the buckets has anything where all of them have nothing.
            let logarithms = eigen.values.map { $0 > floor ? Double.log($0) : 0 }
            logarithm = eigen.vectors.transposedTimes(eigen.vectors.scalingRows(by: logarithms))
            traceRatio = traces.1 > 0 ? traces.0 / traces.1 : .infinity
        }

        /// The entropy of the equal mixture of two other parts that hold the same buckets; nil where their sizes differ too much.
        ///
        /// Of parts of one size the mixtures are one. Where sizes differ by a share e, -tr(rho log rho_0) is above the entropy of rho by the
        /// relative entropy, which is of the order of e^2 times the divergence: below a thousandth of it.
        func entropy(_ first: (sum: PackedSum, trace: Double), _ second: (sum: PackedSum, trace: Double)) -> Double? {
            let ratio = second.trace > 0 ? first.trace / second.trace : .infinity
            guard abs(ratio - 1) < Self.tolerance, abs(traceRatio - 1) < Self.tolerance else { return nil }
            return -(first.sum.inner(logarithm) / first.trace + second.sum.inner(logarithm) / second.trace) / 2
        }
    }

    /// The divergence of the two parts of a split.
    ///
    /// - Parameters:
    ///   - mixture: that of another split of the same buckets.
    ///   - corrected: whether to compute the corrections of the entropies.
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    func measure(_ split: RowSplit, like mixture: Mixture? = nil, corrected: Bool = true) throws -> Measure {
        let (first, second) = (pool.product(split.first), pool.product(split.second))
        let traces = (pool.trace(split.first), pool.trace(split.second))
        let spectra = (try first.matrix.symmetricEigenvalues(), try second.matrix.symmetricEigenvalues())
        let entropies = (vonNeumannEntropy(ofSpectrum: spectra.0), vonNeumannEntropy(ofSpectrum: spectra.1))
        let shared = weighting == .equal ? mixture?.entropy((first, traces.0), (second, traces.1)) : nil
        var mixed: [Double]?
        if shared == nil {
            var sum = first
            sum.add(second)
            mixed = try (weighting == .pooled ? sum.matrix : equalMixture((first, traces.0), (second, traces.1))).symmetricEigenvalues()
        }
        let whole = shared ?? mixed.map { vonNeumannEntropy(ofSpectrum: $0) } ?? 0
        let raw = whole - (entropies.0 + entropies.1) / 2
        // As in `SplitDivergence`: below 1e-12 is rounding; the published weighting is shown as it is.
        let value = weighting == .pooled ? raw : raw < 1e-12 ? 0 : min(raw, .log(2))
        guard corrected else {
            return Measure(
                split: split, value: value, entropies: entropies, outcome: Outcome(value: value, parts: .none, mixture: nil))
        }
        let laws = (pool.law(split.first), pool.law(split.second))
        let parts = EntropyCorrection(meanOf: [
            EntropyCorrection(SpectralSums(eigenvalues: normalized(spectra.0)), law: laws.0),
            EntropyCorrection(SpectralSums(eigenvalues: normalized(spectra.1)), law: laws.1),
        ])
        let correction = mixed.map {
            EntropyCorrection(SpectralSums(eigenvalues: normalized($0)), law: RowScales(mixing: laws.0, laws.1))
        }
        return Measure(
            split: split, value: value, entropies: entropies, outcome: Outcome(value: value, parts: parts, mixture: correction))
    }

    private func normalized(_ spectrum: [Double]) -> [Double] {
        let total = spectrum.reduce(0) { $0 + max(0, $1) }
        return total > 0 ? spectrum.map { max(0, $0) / total } : []
    }
}

/// The mixture of two sums with equal weights; a sum of trace 0 gets no weight.
private func equalMixture(_ first: (sum: PackedSum, trace: Double), _ second: (sum: PackedSum, trace: Double)) -> Matrix {
    var sum = PackedSum(order: first.sum.order)
    for part in [first, second] where part.trace > 0 { sum.add(part.sum, times: 0.5 / part.trace) }
    return sum.matrix
}
