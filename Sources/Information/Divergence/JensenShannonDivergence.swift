import LinearAlgebra
import RealModule

/// The representation Jensen-Shannon divergence of two samples, in nats (2305.16446).
///
/// JSD(X, Y) = S((rho_X + rho_Y)/2) - S(rho_X)/2 - S(rho_Y)/2 with rho = (1/n) sum_i phi(x_i) phi(x_i)^T divided by its
/// trace and S the von Neumann entropy. Both samples weigh the same in the mixture, whatever their sizes; the value lies in
/// [0, ln 2]. One-hot rows under the linear kernel give the classical divergence.
///
/// The plug-in value is biased upwards by a lot when samples are small: two samples of 90 rows of *one* distribution in 256
/// dimensions give about 0.33. `excess` subtracts the mean over random relabellings of the pooled rows.
public struct JensenShannonDivergence: Sendable {
    /// The kernel; the joint query has the product of the modalities' kernels.
    public var kernel: Kernel
    /// How the two samples weigh in the mixture.
    public var weighting: Weighting
    /// Seeds the landmarks and the bandwidth's sample in large data.
    public var seed: UInt64

    /// How the two samples weigh in the mixture.
    public enum Weighting: String, Sendable, Codable {
        /// One half each: the definition.
        case equal
        /// By their numbers of rows, while the entropies stay unweighted, as in the authors' published code: with unequal
        /// sizes the value can leave [0, ln 2]. For comparison only.
        case pooled
    }

    /// A divergence under `kernel`.
    public init(kernel: Kernel = .linear, weighting: Weighting = .equal, seed: UInt64 = 0) {
        self.kernel = kernel
        self.weighting = weighting
        self.seed = seed
    }

    /// The divergence of two samples given as rows of each modality (n x d_k and m x d_k), with its null law over
    /// `relabellings`.
    ///
    /// - Parameter balancedDraws: for samples of different sizes, the draws on which the excess is measured.
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    /// - Precondition: the same modalities, of the same widths, on both sides; the draws are those of one design.
    public func estimate<Relabellings, Draws>(
        _ first: [Matrix], _ second: [Matrix], relabellings: Relabellings = [Relabelling](),
        balancedDraws: Draws = [BalancedDraw](), threadCount: Int = 1
    ) throws -> DivergenceEstimate
    where
        Relabellings: RandomAccessCollection<Relabelling> & Sendable, Relabellings.Index == Int,
        Draws: RandomAccessCollection<BalancedDraw> & Sendable, Draws.Index == Int
    {
        precondition(first.count == second.count && !first.isEmpty, "samples with different modalities")
        let (n, m) = (first[0].rowCount, second[0].rowCount)
        let pooled = try PooledRows(
            rows: zip(first, second).map { $0.stacked(on: $1) }, kernel: kernel, smallestSubset: min(n, m), seed: seed)
        let whole = try measured(RowSplit(first: Array(0..<n), second: Array(n..<(n + m))), pooled)
        let drawn = relabellings.first?.drawn ?? []
        let observed = drawn.isEmpty ? [whole] : try drawn.map { try measured($0, pooled) }
        let null = try concurrentMap(count: relabellings.count, threadCount: threadCount) { index in
            let dealt = relabellings[relabellings.startIndex + index].dealt
            return mean(try zip(dealt, observed).map { try measured($0, pooled, like: $1).value })
        }
        let balancedExcesses = try concurrentMap(count: balancedDraws.count, threadCount: threadCount) { index in
            let draw = balancedDraws[balancedDraws.startIndex + index]
            let own = try measured(draw.drawn, pooled)
            return own.value - (try measured(draw.relabelled, pooled, like: own).value)
        }
        return DivergenceEstimate(
            plugIn: whole.value, observed: mean(observed.map(\.value)), null: null, balancedExcesses: balancedExcesses,
            meanDiscrepancy: try MaximumMeanDiscrepancy(
                pooled, firstCount: n, relabellings: relabellings, threadCount: threadCount),
            firstEntropy: whole.entropies.first, secondEntropy: whole.entropies.second,
            missingTrace: pooled.missingTrace)
    }

    /// A divergence with what other splits of the same rows can use of it.
    private struct Measured {
        let split: RowSplit
        let mixture: Double
        let entropies: (first: Double, second: Double)
        let value: Double
        /// The sum of the covariances of both parts, where spectra are those of covariances.
        var total: Matrix?
    }

    /// The divergence of the two parts of a split.
    ///
    /// - Parameter other: a split of the same rows. Where all four parts have one size and one trace the mixture is the same.
    private func measured(
        _ split: RowSplit, _ pooled: PooledRows, like other: Measured? = nil
    ) throws(LinearAlgebraError) -> Measured {
        let sizes = [split.first.count, split.second.count]
        let shared = other.flatMap { other in
            sizes == [other.split.first.count, other.split.second.count] && sizes[0] == sizes[1]
                && abs(pooled.trace(split.first) / pooled.trace(split.second) - 1) < 1e-12 ? other.mixture : nil
        }
        if pooled.hasCovariances(split), let (first, second) = covariances(split, pooled, total: other?.total) {
            let total = other?.total ?? first.adding(second)
            let entropies = (first: try entropy(first), second: try entropy(second))
            let mixture =
                if let shared { shared } else if weighting == .pooled { try entropy(total) } else {
                    try entropy(equalMixture(first, second))
                }
            return Measured(
                split: split, mixture: mixture, entropies: entropies, value: value(mixture, entropies), total: total)
        }
        let entropies = (first: try pooled.entropy(split.first), second: try pooled.entropy(split.second))
        let mixture = if let shared { shared } else { try mixtureEntropy(split, pooled) }
        return Measured(split: split, mixture: mixture, entropies: entropies, value: value(mixture, entropies))
    }

    /// The covariances of both parts: that of the larger one is what the smaller one leaves of their sum, where that is known.
    private func covariances(_ split: RowSplit, _ pooled: PooledRows, total: Matrix?) -> (Matrix, Matrix)? {
        let isFirstSmaller = split.first.count <= split.second.count
        guard let smaller = pooled.crossProduct(isFirstSmaller ? split.first : split.second),
            let larger = total.map({ $0.combining(smaller) { $0 - $1 } })
                ?? pooled.crossProduct(isFirstSmaller ? split.second : split.first)
        else { return nil }
        return isFirstSmaller ? (smaller, larger) : (larger, smaller)
    }

    /// Both parts in equal weights; a part of trace 0 has none.
    private func equalMixture(_ first: Matrix, _ second: Matrix) -> Matrix {
        let weights = [first.trace, second.trace].map { $0 > 0 ? 0.5 / $0 : 0 }
        return first.combining(second) { weights[0] * $0 + weights[1] * $1 }
    }

    private func entropy(_ covariance: Matrix) throws(LinearAlgebraError) -> Double {
        vonNeumannEntropy(ofSpectrum: try covariance.symmetricEigenvalues())
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    private func mixtureEntropy(_ labels: RowSplit, _ pooled: PooledRows) throws(LinearAlgebraError) -> Double {
        let all = labels.first + labels.second
        guard weighting == .equal else { return try pooled.entropy(all) }
        let weights = [labels.first, labels.second].flatMap { rows in
            let trace = pooled.trace(rows)
            return [Double](repeating: trace > 0 ? 0.5 / trace : 0, count: rows.count)
        }
        return try pooled.entropy(all, weights: weights)
    }

    /// The one place where a divergence is held in [0, ln 2]: only rounding leaves it under equal weights, and what rounding
    /// leaves near zero (1e-12) is zero, because the bound takes its fourth root. The published weighting is shown as it is.
    private func value(_ mixture: Double, _ halves: (first: Double, second: Double)) -> Double {
        let raw = mixture - (halves.first + halves.second) / 2
        guard weighting == .equal else { return raw }
        return raw < 1e-12 ? 0 : min(raw, .log(2))
    }
}
