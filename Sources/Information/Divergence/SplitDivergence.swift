import LinearAlgebra
import RealModule

/// The divergence of two parts of the pool, with the intermediate results that debiasing and other splits of the same rows reuse.
struct SplitMeasure: Sendable {
    let split: RowSplit
    /// The entropy of the mixture of both parts, in nats.
    let mixture: Double
    let entropies: (first: Double, second: Double)
    /// The plug-in divergence, in nats.
    let value: Double
    /// The mean of the corrections of both parts' entropies.
    let correction: EntropyCorrection
    /// The correction of the mixture's entropy; nil when all splits of these rows share it.
    let mixtureCorrection: EntropyCorrection?
    /// The sum of both parts' covariances; nil when spectra are computed from Gram matrices.
    var total: Matrix?
}

/// Measures the divergence of the parts of any split of pooled rows.
struct SplitDivergence: Sendable {
    let pooled: PooledRows
    let dependence: RowDependence
    let weighting: JensenShannonDivergence.Weighting

    /// The divergence of the two parts of a split.
    ///
    /// - Parameters:
    ///   - other: the measure of another split of the same rows. If all four parts have one size and one trace, the mixture is the same.
    ///   - corrected: whether to compute the corrections of the entropies.
    func measure(
        _ split: RowSplit, like other: SplitMeasure? = nil, corrected: Bool = true
    ) throws(LinearAlgebraError) -> SplitMeasure {
        let sizes = [split.first.count, split.second.count]
        let shared = other.flatMap { other in
            sizes == [other.split.first.count, other.split.second.count] && sizes[0] == sizes[1]
                && abs(pooled.trace(split.first) / pooled.trace(split.second) - 1) < 1e-12 ? other.mixture : nil
        }
        let mixtureSpectrum: [Double]?
        let spectra: (first: [Double], second: [Double])
        var total: Matrix?
        if pooled.hasCovariances(split), let (first, second) = covariances(split, total: other?.total) {
            let sum = other?.total ?? first.adding(second)
            total = sum
            spectra = (try first.symmetricEigenvalues(), try second.symmetricEigenvalues())
            mixtureSpectrum =
                if shared != nil { nil } else if weighting == .pooled { try sum.symmetricEigenvalues() } else {
                    try equalMixture(first, second).symmetricEigenvalues()
                }
        } else {
            spectra = (try pooled.spectrum(split.first), try pooled.spectrum(split.second))
            mixtureSpectrum = if shared != nil { nil } else { try self.mixtureSpectrum(split) }
        }
        let mixture = shared ?? mixtureSpectrum.map { vonNeumannEntropy(ofSpectrum: $0) } ?? 0
        let entropies = (vonNeumannEntropy(ofSpectrum: spectra.first), vonNeumannEntropy(ofSpectrum: spectra.second))
        var (correction, mixtureCorrection) = (EntropyCorrection.none, EntropyCorrection?.none)
        if corrected {
            let laws = (dependence.law(split.first), dependence.law(split.second))
            correction = EntropyCorrection(meanOf: [
                EntropyCorrection(spectrum: normalized(spectra.first), law: laws.0),
                EntropyCorrection(spectrum: normalized(spectra.second), law: laws.1),
            ])
            mixtureCorrection = mixtureSpectrum.map {
                EntropyCorrection(spectrum: normalized($0), law: RowScales(mixing: laws.0, laws.1))
            }
        }
        return SplitMeasure(
            split: split, mixture: mixture, entropies: entropies, value: value(mixture, entropies), correction: correction,
            mixtureCorrection: mixtureCorrection, total: total)
    }

    /// The covariances of both parts. If their sum is known, that of the larger part is the sum minus that of the smaller.
    private func covariances(_ split: RowSplit, total: Matrix?) -> (Matrix, Matrix)? {
        let isFirstSmaller = split.first.count <= split.second.count
        guard let smaller = pooled.crossProduct(isFirstSmaller ? split.first : split.second),
            let larger = total.map({ $0.combining(smaller) { $0 - $1 } })
                ?? pooled.crossProduct(isFirstSmaller ? split.second : split.first)
        else { return nil }
        return isFirstSmaller ? (smaller, larger) : (larger, smaller)
    }

    /// The mixture of both parts with equal weights; a part of trace 0 gets no weight.
    private func equalMixture(_ first: Matrix, _ second: Matrix) -> Matrix {
        let weights = [first.trace, second.trace].map { $0 > 0 ? 0.5 / $0 : 0 }
        return first.combining(second) { weights[0] * $0 + weights[1] * $1 }
    }

    private func mixtureSpectrum(_ labels: RowSplit) throws(LinearAlgebraError) -> [Double] {
        let all = labels.first + labels.second
        guard weighting == .equal else { return try pooled.spectrum(all) }
        let weights = [labels.first, labels.second].flatMap { rows in
            let trace = pooled.trace(rows)
            return [Double](repeating: trace > 0 ? 0.5 / trace : 0, count: rows.count)
        }
        return try pooled.spectrum(all, weights: weights)
    }

    /// The one place that keeps a divergence in [0, ln 2], which under equal weights only rounding can leave. A value below 1e-12 is
    /// rounding and counts as 0, because the bound takes its fourth root. The published weighting is shown as it is.
    private func value(_ mixture: Double, _ halves: (first: Double, second: Double)) -> Double {
        let raw = mixture - (halves.first + halves.second) / 2
        guard weighting == .equal else { return raw }
        return raw < 1e-12 ? 0 : min(raw, .log(2))
    }

    private func normalized(_ spectrum: [Double]) -> [Double] {
        let total = spectrum.reduce(0) { $0 + max(0, $1) }
        return total > 0 ? spectrum.map { max(0, $0) / total } : []
    }
}
