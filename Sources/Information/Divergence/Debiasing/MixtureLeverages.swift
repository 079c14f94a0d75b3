import LinearAlgebra
import RealModule

/// Sums of leverages in relabelled parts on a grid of ridges, by the sample that rows come from (`MixtureTilt`).
struct MixtureLeverages: Sendable {
    /// The step of ln t.
    static let step = 0.5
    static let ridges = (-72...40).map { Double.exp(step * Double($0)) }

    /// What leverages tell at one ridge.
    struct Point {
        /// t over the geometric mean of w_X and w_Y.
        let kappa: Double
        /// n times the mean leverage.
        let df: Double
        /// ln(w_Y/w_X), theta not among them.
        let logRatio: Double
        /// (h_X - h_Y)/2/(du/ddelta).
        let gap: Double
        /// -dw/ddelta.
        let slope: Double
    }

    /// theta.
    private let weight: Double
    private var first = Sums()
    private var second = Sums()
    private var smallest = Double.infinity

    private struct Sums {
        var leverage = [Double](repeating: 0, count: ridges.count)
        /// Of 1 - leverage, which differences would leave without digits.
        var complement = [Double](repeating: 0, count: ridges.count)
        var count = 0.0

        mutating func add(_ other: Sums) {
            for index in leverage.indices {
                leverage[index] += other.leverage[index]
                complement[index] += other.complement[index]
            }
            count += other.count
        }
    }

    init(weight: Double) { self.weight = weight }

    var holdsBoth: Bool { first.count > 0 && second.count > 0 && smallest.isFinite }
    /// Below, kappa stands still: what is left out is 1e-4 of eps there.
    var smallestRidge: Double { 1e-4 * smallest }

    mutating func add(_ other: MixtureLeverages) {
        first.add(other.first)
        second.add(other.second)
        smallest = min(smallest, other.smallest)
    }

    /// The rows of one part, in the eigenvectors of their weighted covariance.
    mutating func add(_ part: RowProjections, isFirst: [Bool]) {
        let (squares, values) = (part.squares, part.eigenvalues)
        let largest = values.last ?? 0
        let kept = values.indices.filter { values[$0] > SpectrumResolvent.rankTolerance * largest }
        smallest = min(smallest, kept.first.map { values[$0] } ?? .infinity)
        var (sums, shares) = (
            [true: [Double](repeating: 0, count: kept.count), false: [Double](repeating: 0, count: kept.count)],
            [true: 0.0, false: 0.0]
        )
        for (row, isFirst) in isFirst.enumerated() {
            shares[isFirst, default: 0] += 1
            for (place, k) in kept.enumerated() { sums[isFirst]?[place] += squares[row, k] / values[k] }
        }
        add(
            kept.map { values[$0] }, inside: (sums[true] ?? [], sums[false] ?? []), counts: (shares[true] ?? 0, shares[false] ?? 0))
    }

    /// The rows of one part, of which only sums by sample are known.
    ///
    /// - Parameters:
    ///   - values: the eigenvalues of the part's weighted covariance, ascending.
    ///   - squares: for each eigenvalue the sum of a sample's weighted squared projections, divided by the trace.
    ///   - counts: the number of rows of each sample.
    mutating func add(values: [Double], squares: (first: [Double], second: [Double]), counts: (first: Int, second: Int)) {
        let kept = values.indices.filter { values[$0] > SpectrumResolvent.rankTolerance * (values.last ?? 0) }
        smallest = min(smallest, kept.first.map { values[$0] } ?? .infinity)
        add(
            kept.map { values[$0] }, inside: (kept.map { squares.first[$0] / values[$0] }, kept.map { squares.second[$0] / values[$0] }),
            counts: (Double(counts.first), Double(counts.second)))
    }

    /// - Parameter inside: for each eigenvalue the squared projections divided by it, summed over each sample's rows.
    private mutating func add(_ values: [Double], inside: ([Double], [Double]), counts: (Double, Double)) {
        for (isFirst, inside, count) in [(true, inside.0, counts.0), (false, inside.1, counts.1)] {
            let outside = max(0, count - inside.reduce(0, +))
            var found = Sums()
            found.count = count
            for (index, ridge) in Self.ridges.enumerated() {
                var (leverage, complement) = (0.0, outside)
                for (place, value) in values.enumerated() {
                    let factor = inside[place] / (value + ridge)
                    leverage += value * factor
                    complement += ridge * factor
                }
                found.leverage[index] = leverage
                found.complement[index] = complement
            }
            if isFirst { first.add(found) } else { second.add(found) }
        }
    }

    /// From the mean leverages at some ridges.
    func curve(law: RowScales, ridges used: [Int]) -> [Point] {
        let total = first.count + second.count
        return used.map { index in
            func logFactor(_ sums: Sums) -> Double {
                let u = sums.leverage[index] / sums.count
                let delta = law.delta(u, complement: sums.complement[index] / sums.count, from: 0)
                return u > 0 && delta > 0 ? .log(u / delta) : 0
            }
            let logs = (first: logFactor(first), second: logFactor(second))
            let u = (first.leverage[index] + second.leverage[index]) / total
            let complement = (first.complement[index] + second.complement[index]) / total
            let slopes = law.slopes(at: law.delta(u, complement: complement, from: 0))
            let half = (first.leverage[index] / first.count - second.leverage[index] / second.count) / 2
            return Point(
                kappa: Self.ridges[index] * .exp(-(logs.first + logs.second) / 2), df: law.rowCount * u,
                logRatio: logs.second - logs.first, gap: half / slopes.u, slope: slopes.w)
        }
    }
}
