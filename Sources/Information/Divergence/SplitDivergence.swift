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

    /// The divergence of the two parts of each split. Many splits in one call are faster than many calls.
    ///
    /// - Parameters:
    ///   - others: for each split the measure of another split of the same rows. If all four parts have one size and one trace, the
    ///     mixture is the same.
    ///   - corrected: whether to compute the corrections of the entropies.
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    func measure(
        _ splits: [RowSplit], like others: [SplitMeasure]? = nil, corrected: Bool = true
    ) throws(LinearAlgebraError) -> [SplitMeasure] {
        var covariances: [Covariances?] = []
        for (index, split) in splits.enumerated() {
            covariances.append(pooled.hasCovariances(split) ? Covariances(split, of: pooled, total: others?[index].total) : nil)
        }
        let shared = splits.enumerated().map { index, split in others.flatMap { sharedMixture(split, $0[index]) } }
        let laws = corrected ? splits.map { (dependence.law($0.first), dependence.law($0.second)) } : []
        // Where rows are repeated, the number of zeros is known, and sums without eigenvalues lose what is left of complements.
        let isRepeated = laws.contains { $0.0.hasRepeatedRows || $0.1.hasRepeatedRows }
        let parts = try sums(
            splits.indices.flatMap { index in
                [(splits[index].first, covariances[index]?.first), (splits[index].second, covariances[index]?.second)]
            }, roots: nil, fromEigenvalues: isRepeated)
        let wanted = splits.indices.filter { shared[$0] == nil }
        let mixed = try sums(
            wanted.map { index in
                (splits[index].first + splits[index].second, covariances[index].map { weighting == .pooled ? $0.total : $0.equalMixture })
            }, roots: weighting == .pooled ? nil : wanted.map { roots(splits[$0]) }, fromEigenvalues: isRepeated)
        let mixtures = Dictionary(uniqueKeysWithValues: zip(wanted, mixed))
        return splits.indices.map { index in
            let split = splits[index]
            let sums = (parts[2 * index], parts[2 * index + 1])
            let mixture = shared[index] ?? mixtures[index]?.entropy ?? 0
            let entropies = (sums.0.entropy, sums.1.entropy)
            var (correction, mixtureCorrection) = (EntropyCorrection.none, EntropyCorrection?.none)
            if corrected {
                let (first, second) = laws[index]
                correction = EntropyCorrection(meanOf: [
                    EntropyCorrection(sums.0, law: first), EntropyCorrection(sums.1, law: second),
                ])
                mixtureCorrection = mixtures[index].map { EntropyCorrection($0, law: RowScales(mixing: first, second)) }
            }
            return SplitMeasure(
                split: split, mixture: mixture, entropies: entropies, value: value(mixture, entropies), correction: correction,
                mixtureCorrection: mixtureCorrection, total: covariances[index]?.total)
        }
    }

    /// The divergence of the two parts of one split.
    func measure(_ split: RowSplit, corrected: Bool = true) throws(LinearAlgebraError) -> SplitMeasure {
        try measure([split], corrected: corrected)[0]
    }

    /// The entropy of the mixture of `other`, if it is that of the split too.
    private func sharedMixture(_ split: RowSplit, _ other: SplitMeasure) -> Double? {
        let sizes = [split.first.count, split.second.count]
        guard sizes == [other.split.first.count, other.split.second.count], sizes[0] == sizes[1],
            abs(pooled.trace(split.first) / pooled.trace(split.second) - 1) < 1e-12
        else { return nil }
        return other.mixture
    }

    /// The sums over the spectra of some subsets of rows, each with its covariance where that is known.
    ///
    /// - Parameter roots: the roots of the weights of the rows; covariances have them already.
    private func sums(
        _ subsets: [(rows: [Int], covariance: Matrix?)], roots: [[Double]]?, fromEigenvalues: Bool
    ) throws(LinearAlgebraError) -> [SpectralSums] {
        if !fromEigenvalues, subsets.allSatisfy({ $0.covariance == nil }) {
            return try pooled.spectralSums(subsets.map(\.rows), roots: roots)
        }
        var matrices: [Matrix] = []
        for (index, subset) in subsets.enumerated() {
            if let covariance = subset.covariance {
                matrices.append(covariance)
            } else {
                matrices.append(try pooled.smallerSide(subset.rows, roots: roots?[index]) ?? .zeros(0, 0))
            }
        }
        guard fromEigenvalues else { return try SpectralSums.of(matrices) }
        var sums: [SpectralSums] = []
        for matrix in matrices { sums.append(SpectralSums(eigenvalues: try matrix.symmetricEigenvalues())) }
        return sums
    }

    /// The roots of the weights of the rows of both parts, which sum to one half in each; a part of trace 0 gets no weight.
    private func roots(_ split: RowSplit) -> [Double] {
        [split.first, split.second].flatMap { rows in
            let trace = pooled.trace(rows)
            return [Double](repeating: trace > 0 ? (0.5 / trace).squareRoot() : 0, count: rows.count)
        }
    }

    /// The one place that keeps a divergence in [0, ln 2], which under equal weights only rounding can leave. A value below 1e-12 is
    /// rounding and counts as 0, because the bound takes its fourth root. The published weighting is shown as it is.
    private func value(_ mixture: Double, _ halves: (first: Double, second: Double)) -> Double {
        let raw = mixture - (halves.first + halves.second) / 2
        guard weighting == .equal else { return raw }
        return raw < 1e-12 ? 0 : min(raw, .log(2))
    }
}

/// The covariances of both parts of a split.
private struct Covariances {
    let first: Matrix
    let second: Matrix
    let total: Matrix

    /// If the sum is known, that of the larger part is the sum minus that of the smaller.
    init?(_ split: RowSplit, of pooled: PooledRows, total known: Matrix?) {
        let isFirstSmaller = split.first.count <= split.second.count
        guard let smaller = pooled.crossProduct(isFirstSmaller ? split.first : split.second),
            let larger = known.map({ $0.combining(smaller) { $0 - $1 } })
                ?? pooled.crossProduct(isFirstSmaller ? split.second : split.first)
        else { return nil }
        (first, second) = isFirstSmaller ? (smaller, larger) : (larger, smaller)
        total = known ?? first.adding(second)
    }

    /// The mixture of both parts with equal weights; a part of trace 0 gets no weight.
    var equalMixture: Matrix {
        let weights = [first.trace, second.trace].map { $0 > 0 ? 0.5 / $0 : 0 }
        return first.combining(second) { weights[0] * $0 + weights[1] * $1 }
    }
}
