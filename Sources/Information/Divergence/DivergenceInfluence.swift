import LinearAlgebra
import RealModule

/// How much each row moves a debiased divergence to first order; over a sample the values sum to 0.
public struct RowInfluences: Sendable, Equatable {
    /// One a row of the first sample, in nats.
    public let first: [Double]
    /// One a row of the second sample, in nats.
    public let second: [Double]

    /// Influences that are known.
    public init(first: [Double], second: [Double]) {
        (self.first, self.second) = (first, second)
    }
}

/// What the eigenvectors of a few relabellings tell of a divergence: its influences and the tilt of its mixtures.
///
/// **Influences.** Row i of X moves J by 1/(2n) [phi_i^T (log rho_X - log M) phi_i - mean]. Both logarithms are gradients of
/// corrected entropies of samples of one size: of X itself, and of the relabelled parts that hold the row.
///
/// **Tilt.** Relabelled parts hold rows of two populations, and rows of the wider one lose more degrees of freedom: their ridge
/// factors w_X and w_Y differ from the common w of `RowLaw` by -E and E. To second order the mixture's df is larger than the
/// part shows, by eps(t) = t E tr(R^2 (rho_X - rho_Y)/2) at ridge t, and the entropy by the integral of eps dkappa. Both factors
/// follow from D(t), half the difference of the mean leverages phi_i^T (rho + t)^-1 phi_i/n of X's and Y's rows: with
/// a = D/(du/ddelta), E = -(dw/ddelta) a and tr(R^2 (rho_X - rho_Y)/2) = -n da/dt. It is 0 where X and Y have one law, and
/// matters where one of them is concentrated: blurred images against sharp ones.
struct DivergenceInfluence {
    /// The largest number of draws used, where each holds a part of the rows.
    static let drawLimit = 8
    /// The number of draws used where each holds all rows.
    static let drawCount = 2

    let influences: RowInfluences
    /// The mixture's entropy above that of `EntropyCorrection`, in nats.
    let tilt: Double

    /// - Parameters:
    ///   - draws: rows under their own labels, and dealt out again.
    ///   - tailFactor: that of the estimate.
    /// - Throws: `LinearAlgebraError` when eigenvalues do not converge.
    init(
        draws: [(own: RowSplit, relabelled: RowSplit)], meter: SplitMeter, firstCount: Int, tailFactor: Double, threadCount: Int
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
        var leverages = MixtureLeverages()
        for (part, gradient) in zip(parts, found) {
            for (row, value) in zip(part.rows, gradient.values) {
                sums[part.isOwn]?[row] += value
                counts[part.isOwn]?[row] += 1
            }
            if !part.isOwn { leverages.add(gradient, isFirst: part.rows.map { $0 < firstCount }) }
        }
        func influences(_ rows: Range<Int>) -> [Double] {
            let differences: [Double?] = rows.map { row in
                guard let own = counts[true]?[row], let pooled = counts[false]?[row], own > 0, pooled > 0 else { return nil }
                return (sums[false]?[row] ?? 0) / pooled - (sums[true]?[row] ?? 0) / own
            }
            let known = differences.compactMap { $0 }
            let mean = known.reduce(0, +) / Double(max(1, known.count))
            // Rows that no draw holds are taken as average.
            return differences.map { (($0 ?? mean) - mean) / Double(2 * rows.count) }
        }
        self.influences = RowInfluences(first: influences(0..<firstCount), second: influences(firstCount..<rowCount))
        tilt = leverages.tilt
    }

    /// Draws that hold every row of both samples in a relabelled part, or as many as there may be.
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

/// The gradient of one part's corrected entropy by the weights of its rows.
private struct PartGradient: Sendable {
    let projections: RowProjections
    let law: RowLaw
    /// n phi_i^T G phi_i less its mean, G the gradient, for each row.
    let values: [Double]

    init(rows: [Int], meter: SplitMeter, tailFactor: Double) throws(LinearAlgebraError) {
        let found = try meter.pooled.projections(rows)
        let law = meter.dependence.law(rows)
        let resolvent = SpectrumResolvent(spectrum: found.eigenvalues, law: law)
        // Eigenvalues that are rounding have no gradient; they come first, in ascending order.
        let dropped = found.eigenvalues.count - resolvent.eigenvalues.count
        let gradient = [Double](repeating: 0, count: dropped) + resolvent.gradient(tailFactor: tailFactor)
        let level = zip(gradient, found.eigenvalues).reduce(0) { $0 + $1.0 * $1.1 }
        let count = Double(rows.count)
        values = zip(found.squares.times(gradient), found.traceShares).map { count * ($0 - level * $1) }
        (projections, self.law) = (found, law)
    }
}

/// Sums of leverages in relabelled parts, by the sample that rows come from.
private struct MixtureLeverages {
    /// The step of ln t.
    private static let step = 0.5
    private static let ridges = (-72...40).map { Double.exp(step * Double($0)) }
    private var first = [Double](repeating: 0, count: ridges.count)
    private var second = [Double](repeating: 0, count: ridges.count)
    /// 1 - leverage, which differences would leave without digits.
    private var complement = [Double](repeating: 0, count: ridges.count)
    private var firstCount = 0.0
    private var secondCount = 0.0
    private var smallest = Double.infinity
    private var law: RowLaw?

    mutating func add(_ part: PartGradient, isFirst: [Bool]) {
        let (squares, values) = (part.projections.squares, part.projections.eigenvalues)
        let largest = values.last ?? 0
        var sums = (first: [Double](repeating: 0, count: values.count), second: [Double](repeating: 0, count: values.count))
        for (row, isFirst) in isFirst.enumerated() {
            for k in values.indices {
                if isFirst { sums.first[k] += squares[row, k] } else { sums.second[k] += squares[row, k] }
            }
        }
        let kept = values.indices.filter { values[$0] > SpectrumResolvent.rankTolerance * largest }
        smallest = min(smallest, kept.first.map { values[$0] } ?? .infinity)
        for (index, ridge) in Self.ridges.enumerated() {
            var outside = Double(isFirst.count - kept.count)
            for k in kept {
                let factor = 1 / (values[k] + ridge)
                first[index] += sums.first[k] * factor
                second[index] += sums.second[k] * factor
                outside += ridge * factor
            }
            complement[index] += outside
        }
        let count = Double(isFirst.count { $0 })
        firstCount += count
        secondCount += Double(isFirst.count) - count
        law = law ?? part.law
    }

    /// The integral of eps dkappa, by central differences in ln t.
    var tilt: Double {
        guard let law, firstCount > 0, secondCount > 0, smallest.isFinite else { return 0 }
        // Below, kappa stands still: what is left out is 1e-4 of eps there.
        let used = Self.ridges.indices.filter { Self.ridges[$0] > 1e-4 * smallest }
        let total = firstCount + secondCount
        let curve = used.map { index -> (kappa: Double, a: Double, slope: Double) in
            let u = (first[index] + second[index]) / total
            let delta = law.delta(u, complement: complement[index] / total, from: 0)
            let slopes = law.slopes(at: delta)
            let half = (first[index] / firstCount - second[index] / secondCount) / 2
            return (u > 0 ? Self.ridges[index] * delta / u : Self.ridges[index], half / slopes.u, slopes.w)
        }
        guard curve.count > 2 else { return 0 }
        let sum = (1..<(curve.count - 1)).reduce(0.0) { sum, i in
            let a = (curve[i + 1].a - curve[i - 1].a) / (2 * Self.step)
            return sum - curve[i].slope * curve[i].a * a * (curve[i + 1].kappa - curve[i - 1].kappa) / 2
        }
        return law.rowCount * sum
    }
}
