import LinearAlgebra
import RealModule

/// How much each row moves a debiased divergence, to first order; over a sample the values sum to 0.
package struct RowInfluences: Sendable, Equatable {
    /// The influence of each row of the first sample, in nats.
    package let first: [Double]
    /// The influence of each row of the second sample, in nats.
    package let second: [Double]

    /// Influences that are already known.
    package init(first: [Double], second: [Double]) {
        (self.first, self.second) = (first, second)
    }
}

/// What the eigenvectors of a few relabellings tell about a divergence: its influences, and the tilt of its mixtures (`MixtureTilt`).
///
/// Row i of X moves J by 1/(2n) [phi_i^T (log rho_X - log M) phi_i - mean]. Each logarithm is the gradient of the corrected entropy of a
/// sample of the same size: of X itself, and of the relabelled parts that hold the row.
struct DivergenceInfluence {
    /// The largest number of draws to use if each holds only a part of the rows.
    static let drawLimit = 8
    /// The number of draws to use if each holds all rows.
    static let drawCount = 2

    let influences: RowInfluences
    /// How much the mixture's entropy exceeds that of `EntropyCorrection`, in nats.
    let tilt: Double

    /// - Parameters:
    ///   - draws: rows under their own labels, and the same rows relabelled.
    ///   - tailFactor: the tail factor of the estimate.
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    init(
        draws: [(own: RowSplit, relabelled: RowSplit)], meter: SplitDivergence, firstCount: Int, tailFactor: Double, threadCount: Int
    ) throws {
        let rowCount = meter.pooled.rowCount
        var parts: [(rows: [Int], isOwn: Bool)] = []
        for (index, draw) in draws.enumerated() {
            parts += [draw.relabelled.first, draw.relabelled.second].map { ($0, false) }
            if index == 0 || draw.own != draws[index - 1].own {
                parts += [draw.own.first, draw.own.second].map { ($0, true) }
            }
        }
        let found = try concurrentMap(count: parts.count, threadCount: threadCount) { [parts] index in
            try PartGradient(rows: parts[index].rows, meter: meter, tailFactor: tailFactor)
        }
        var sums = [false: [Double](repeating: 0, count: rowCount), true: [Double](repeating: 0, count: rowCount)]
        var counts = sums
        for (part, gradient) in zip(parts, found) {
            for (row, value) in zip(part.rows, gradient.values) {
                sums[part.isOwn]?[row] += value
                counts[part.isOwn]?[row] += 1
            }
        }
        func influences(_ rows: Range<Int>) -> [Double] {
            let differences: [Double?] = rows.map { row in
                guard let own = counts[true]?[row], let pooled = counts[false]?[row], own > 0, pooled > 0 else { return nil }
                return (sums[false]?[row] ?? 0) / pooled - (sums[true]?[row] ?? 0) / own
            }
            let known = differences.compactMap { $0 }
            let mean = known.reduce(0, +) / Double(max(1, known.count))
            // A row that no draw holds counts as average.
            return differences.map { (($0 ?? mean) - mean) / Double(2 * rows.count) }
        }
        self.influences = RowInfluences(first: influences(0..<firstCount), second: influences(firstCount..<rowCount))
        let relabelled = zip(parts, found).filter { !$0.0.isOwn }
        tilt = try MixtureTilt(
            parts: relabelled.map(\.0.rows), projections: relabelled.map(\.1.projections), meter: meter, firstCount: firstCount,
            threadCount: threadCount
        ).value
    }

    /// Draws that together hold every row of both samples in a relabelled part, or as many draws as the limit allows.
    static func covering(
        _ draws: some Collection<(own: RowSplit, relabelled: RowSplit)>, rowCount: Int
    ) -> [(own: RowSplit, relabelled: RowSplit)] {
        var missing = Set(0..<rowCount)
        var result: [(own: RowSplit, relabelled: RowSplit)] = []
        for draw in draws where result.count < drawCount || (!missing.isEmpty && result.count < drawLimit) {
            result.append(draw)
            missing.subtract(draw.own.first + draw.own.second)
        }
        return result
    }
}

/// The gradient of one part's corrected entropy with respect to the weights of its rows.
private struct PartGradient: Sendable {
    let projections: RowProjections
    /// n phi_i^T G phi_i minus its mean for each row, with G the gradient.
    let values: [Double]

    init(rows: [Int], meter: SplitDivergence, tailFactor: Double) throws(LinearAlgebraError) {
        let found = try meter.pooled.projections(rows)
        let law = meter.dependence.law(rows)
        let sums = SpectralSums(eigenvalues: found.eigenvalues)
        // Eigenvalues that are rounding have no gradient; in ascending order they come first.
        let kept = found.eigenvalues.suffix(sums.rank)
        let gradient =
            [Double](repeating: 0, count: found.eigenvalues.count - kept.count)
            + SpectrumResolvent(sums: sums, law: law).gradient(of: Array(kept), tailFactor: tailFactor)
        let level = zip(gradient, found.eigenvalues).reduce(0) { $0 + $1.0 * $1.1 }
        let count = Double(rows.count)
        values = zip(found.squares.times(gradient), found.traceShares).map { count * ($0 - level * $1) }
        projections = found
    }
}
