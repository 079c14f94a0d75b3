import LinearAlgebra
import RealModule

/// Sums of leverages in relabelled parts on a grid of ridges, separately for the rows of each sample (`MixtureTilt`).
struct MixtureLeverages: Sendable {
    /// The step of ln t in the grid.
    static let step = 0.5
    static let ridges = (-72...40).map { Double.exp(step * Double($0)) }

    /// What the leverages tell at one ridge t.
    struct Point {
        /// kappa: t over the geometric mean of w_X and w_Y.
        let kappa: Double
        /// df: n times the mean leverage.
        let df: Double
        /// ln(w_Y/w_X), without theta.
        let logRatio: Double
        /// (h_X - h_Y)/2/(du/ddelta).
        let gap: Double
        /// -dw/ddelta.
        let slope: Double
    }

    /// The weight theta.
    private let weight: Double
    private var first = Sums()
    private var second = Sums()
    private var smallest = Double.infinity

    private struct Sums {
        var leverage = [Double](repeating: 0, count: ridges.count)
        /// The sums of 1 - leverage, because subtraction would lose their digits.
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
    /// Below this ridge kappa no longer changes; omitting the rest leaves out 1e-4 of eps there.
    var smallestRidge: Double { 1e-4 * smallest }

    mutating func add(_ other: MixtureLeverages) {
        first.add(other.first)
        second.add(other.second)
        smallest = min(smallest, other.smallest)
    }

    /// Adds the rows of one part, given along the eigenvectors of their weighted covariance.
    mutating func add(_ part: RowProjections, isFirst: [Bool]) {
        let (squares, values) = (part.squares, part.eigenvalues)
        let largest = values.last ?? 0
        let kept = values.indices.filter { values[$0] > SpectralSums.rankTolerance * largest }
        smallest = min(smallest, kept.first.map { values[$0] } ?? .infinity)
        var (ofFirst, ofSecond) = ([Double](repeating: 0, count: kept.count), [Double](repeating: 0, count: kept.count))
        for (row, isFirst) in isFirst.enumerated() {
            let terms = squares.row(row)
            for (place, k) in kept.enumerated() {
                let term = terms[terms.startIndex &+ k] / values[k]
                if isFirst { ofFirst[place] += term } else { ofSecond[place] += term }
            }
        }
        let firstCount = isFirst.count { $0 }
        let known = kept.map { values[$0] }
        first.add(Self.sums(ofFirst, count: firstCount, eigenvalues: known))
        second.add(Self.sums(ofSecond, count: isFirst.count - firstCount, eigenvalues: known))
    }

    /// Adds the rows of one part, of which only sums by sample are known.
    ///
    /// - Parameters:
    ///   - values: the eigenvalues of the part's weighted covariance, ascending.
    ///   - squares: for each eigenvalue the sum of a sample's weighted squared projections, divided by the trace.
    ///   - counts: the number of rows of each sample.
    mutating func add(values: [Double], squares: (first: [Double], second: [Double]), counts: (first: Int, second: Int)) {
        let kept = values.indices.filter { values[$0] > SpectralSums.rankTolerance * (values.last ?? 0) }
        smallest = min(smallest, kept.first.map { values[$0] } ?? .infinity)
        let known = kept.map { values[$0] }
        first.add(Self.sums(kept.map { squares.first[$0] / values[$0] }, count: counts.first, eigenvalues: known))
        second.add(Self.sums(kept.map { squares.second[$0] / values[$0] }, count: counts.second, eigenvalues: known))
    }

    /// - Parameter inside: for each eigenvalue the sum, over the rows of one sample, of their squared components in its eigenvector.
    private static func sums(_ inside: [Double], count: Int, eigenvalues: [Double]) -> Sums {
        let outside = max(0, Double(count) - inside.reduce(0, +))
        var found = Sums()
        found.count = Double(count)
        for (index, ridge) in ridges.enumerated() {
            var (leverage, complement) = (0.0, outside)
            for (share, value) in zip(inside, eigenvalues) {
                let factor = share / (value + ridge)
                leverage += value * factor
                complement += ridge * factor
            }
            found.leverage[index] = leverage
            found.complement[index] = complement
        }
        return found
    }

    /// The curve over the given ridges, from the mean leverages.
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
