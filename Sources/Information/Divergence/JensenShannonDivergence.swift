import LinearAlgebra
import RealModule

/// The representation Jensen-Shannon divergence of two samples, in nats (2305.16446).
///
/// JSD(X, Y) = S((rho_X + rho_Y)/2) - S(rho_X)/2 - S(rho_Y)/2 with rho = (1/n) sum_i phi(x_i) phi(x_i)^T divided by its
/// trace and S the von Neumann entropy. Both samples have the same weight in the mixture, whatever their sizes; the value lies in
/// [0, ln 2]. One-hot rows under the linear kernel give the classical divergence.
///
/// The plug-in value is far too high when samples are small: two samples of 90 rows of *one* distribution in 256 dimensions give
/// about 0.33. `excess` subtracts the mean over random relabellings of the pooled rows, and corrects for the larger bias that the
/// relabelled mixtures have (`Debiasing`).
package struct JensenShannonDivergence: Sendable {
    /// The kernel of each modality; the kernel of the joint query is their product.
    package var kernel: Kernel
    /// How the two samples weigh in the mixture.
    package var weighting: Weighting
    /// The seed for choosing landmarks, and the rows that set the bandwidth, in large data.
    package var seed: UInt64

    /// How the two samples weigh in the mixture.
    package enum Weighting: String, Sendable, Codable {
        /// One half each, as in the definition.
        case equal
        /// In proportion to their numbers of rows, while the entropies stay unweighted, as in the authors' published code. With unequal
        /// sizes the value can leave [0, ln 2]; use it for comparison only.
        case pooled
    }

    /// How many relabellings are measured together: whole batches of both parts at any width of vectors, but no more than a few of wide
    /// covariances, each of which is held until all are measured.
    private static func chunk(_ pooled: PooledRows) -> Int {
        guard pooled.gram == nil, let width = pooled.features?.columnCount else { return 16 }
        return min(16, max(1, 2_000_000 / max(1, width * width)))
    }

    /// A divergence under `kernel`.
    package init(kernel: Kernel = .linear, weighting: Weighting = .equal, seed: UInt64 = 0) {
        self.kernel = kernel
        self.weighting = weighting
        self.seed = seed
    }

    /// The divergence of two samples, given as the rows of each modality (n x d_k and m x d_k), with its values under
    /// `relabellings`.
    ///
    /// - Parameters:
    ///   - balancedDraws: for samples of different sizes, the draws of equal size on which the excess is measured.
    ///   - dependentRows: sets of rows of one sample that depend on each other, as positions in the pool (`ExchangeDesign.dependentRows`).
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    /// - Precondition: the same modalities, of the same widths, on both sides; the draws are those of one design.
    package func estimate<Relabellings, Draws>(
        _ first: [Matrix], _ second: [Matrix], relabellings: Relabellings = [Relabelling](),
        balancedDraws: Draws = [BalancedDraw](), dependentRows: [[Int]] = [], threadCount: Int = 1
    ) throws -> DivergenceEstimate
    where
        Relabellings: RandomAccessCollection<Relabelling> & Sendable, Relabellings.Index == Int,
        Draws: RandomAccessCollection<BalancedDraw> & Sendable, Draws.Index == Int
    {
        precondition(first.count == second.count && !first.isEmpty, "samples with different modalities")
        let (n, m) = (first[0].rowCount, second[0].rowCount)
        let pooled = try PooledRows(
            rows: zip(first, second).map { $0.stacked(on: $1) }, kernel: kernel, smallestSubset: min(n, m), seed: seed)
        let meter = SplitDivergence(
            pooled: pooled, dependence: RowDependence(units: dependentRows, firstCount: n, pooled: pooled),
            weighting: weighting)
        let corrects = weighting == .equal && !(relabellings.isEmpty && balancedDraws.isEmpty)
        let whole = try meter.measure(
            RowSplit(first: Array(0..<n), second: Array(n..<(n + m))), corrected: corrects)
        let drawn = relabellings.first?.drawn ?? []
        let observed = drawn.isEmpty ? [whole] : try meter.measure(drawn, corrected: corrects)
        let dealt = try inChunks(relabellings, of: Self.chunk(pooled), threadCount: threadCount) { chunk in
            let measures = try meter.measure(
                chunk.flatMap(\.dealt), like: chunk.flatMap { _ in observed }, corrected: corrects)
            return chunk.indices.map { index in
                Outcome(meanOf: measures[(index * observed.count)..<((index + 1) * observed.count)].map { Outcome($0) })
            }
        }
        let balanced = try inChunks(balancedDraws, of: Self.chunk(pooled), threadCount: threadCount) { chunk in
            let own = try meter.measure(chunk.map(\.drawn), corrected: corrects)
            let relabelled = try meter.measure(chunk.map(\.relabelled), like: own, corrected: corrects)
            return zip(own, relabelled).map { (own: Outcome($0), relabelled: Outcome($1)) }
        }
        let own = balanced.isEmpty ? observed.map { Outcome($0) } : balanced.map(\.own)
        let debiasing =
            if corrects, let pairs = pairs(whole, observed, relabellings: relabellings, balancedDraws: balancedDraws) {
                try Debiasing(
                    own: own, relabelled: balanced.isEmpty ? dealt : balanced.map(\.relabelled), null: dealt, pairs: pairs,
                    meter: meter, firstCount: n, threadCount: threadCount)
            } else { Debiasing?.none }
        return DivergenceEstimate(
            plugIn: whole.value, observed: Outcome(meanOf: observed.map { Outcome($0) }).value, null: dealt.map(\.value),
            balancedExcesses: balanced.map { $0.own.value - $0.relabelled.value }, correction: debiasing?.correction ?? 0,
            rowInfluences: debiasing?.influences, degenerateVariance: debiasing?.degenerateVariance,
            meanDiscrepancy: try MaximumMeanDiscrepancy(
                pooled, firstCount: n, relabellings: relabellings, threadCount: threadCount),
            firstEntropy: whole.entropies.first, secondEntropy: whole.entropies.second,
            missingTrace: pooled.missingTrace)
    }

    /// What `transform` makes of the draws, some at a time, so that their spectra are computed in batches. The chunks do not depend on the
    /// number of threads.
    private func inChunks<Draws, Result>(
        _ draws: Draws, of size: Int, threadCount: Int, _ transform: @Sendable ([Draws.Element]) throws -> [Result]
    ) throws -> [Result]
    where Draws: RandomAccessCollection & Sendable, Draws.Index == Int, Draws.Element: Sendable, Result: Sendable {
        let chunkCount = (draws.count + size - 1) / size
        return try concurrentMap(count: chunkCount, threadCount: threadCount) { index in
            let start = draws.startIndex + index * size
            return try transform((start..<min(start + size, draws.endIndex)).map { draws[$0] })
        }.flatMap { $0 }
    }

    /// Splits under the rows' own labels, each with a split of the same rows under random labels: as many as get eigenvectors computed.
    private func pairs<Relabellings, Draws>(
        _ whole: SplitMeasure, _ observed: [SplitMeasure], relabellings: Relabellings, balancedDraws: Draws
    ) -> [(own: RowSplit, relabelled: RowSplit)]?
    where
        Relabellings: RandomAccessCollection<Relabelling>, Relabellings.Index == Int,
        Draws: RandomAccessCollection<BalancedDraw>, Draws.Index == Int
    {
        let limit = DivergenceInfluence.drawLimit
        let rowCount = whole.split.first.count + whole.split.second.count
        let draws: [(own: RowSplit, relabelled: RowSplit)] =
            if !balancedDraws.isEmpty { balancedDraws.prefix(limit).map { ($0.drawn, $0.relabelled) } } else {
                // If there are several thinnings, take them in turn.
                relabellings.prefix(limit).enumerated().map { index, relabelling in
                    let thinning = index % observed.count
                    return (observed[thinning].split, relabelling.dealt[thinning])
                }
            }
        let covering = DivergenceInfluence.covering(draws, rowCount: rowCount)
        return covering.isEmpty ? nil : covering
    }
}
