import LinearAlgebra
import RealModule
import Statistics

/// A Student copula fitted to paired columns by maximum likelihood. Its parameters are the correlations R and the degrees of freedom nu; nu
/// = infinity is the Gaussian copula.
///
/// Its mutual information is -1/2 ln det(R)/(det R_x det R_y) plus what the common scale of all columns tells (2306.11078, section 3):
/// c = ln [G(nu/2) G((nu+m+n)/2) / (G((nu+m)/2) G((nu+n)/2))] + (nu+m)/2 psi((nu+m)/2) + (nu+n)/2 psi((nu+n)/2)
///   - (nu+m+n)/2 psi((nu+m+n)/2) - nu/2 psi(nu/2), with m and n columns.
/// The digamma bias of log-determinants is subtracted, multiplied by (nu + d + 2)/(nu + d), because estimates of R vary that much more.
struct StudentCopula: Sendable {
    /// The correlations R, d x d.
    let correlations: Matrix
    /// The degrees of freedom nu.
    let degreesOfFreedom: Double
    /// The numbers of columns of x and of y.
    let widths: (x: Int, y: Int)
    /// The ln likelihood of this copula minus that of the best Gaussian one.
    let gain: Double
    /// The n rows of (x, y) as quantiles of Student's distribution.
    private let scores: Matrix

    /// The ln likelihood that an additional parameter must gain.
    private static let leastGain = 5.0
    /// The degrees of freedom to try, a quarter octave apart.
    private static let grid = (0...26).map { 0.5 * Double.pow(2, Double($0) / 4) }

    /// Fits the best Student copula to the rows.
    ///
    /// - Throws: `LinearAlgebraError.notPositiveDefinite` for columns that depend linearly on others.
    init(_ x: Matrix, _ y: Matrix) throws(LinearAlgebraError) {
        let probabilities = x.beside(y).columnProbabilities
        let gaussian = try Fit(probabilities, degreesOfFreedom: .infinity, start: nil)
        var fits: [Int: Fit] = [:]
        // The likelihood has one maximum along the grid, so the search walks towards it from four degrees of freedom.
        func likelihood(_ index: Int, from neighbour: Int?) throws(LinearAlgebraError) -> Double {
            if let known = fits[index] { return known.logLikelihood }
            let fit = try Fit(
                probabilities, degreesOfFreedom: Self.grid[index],
                start: neighbour.flatMap { fits[$0]?.correlations } ?? gaussian.correlations)
            fits[index] = fit
            return fit.logLikelihood
        }
        var best = 12
        var value = try likelihood(best, from: nil)
        for step in [4, 1] {
            for direction in [step, -step] {
                while Self.grid.indices.contains(best + direction) {
                    let next = try likelihood(best + direction, from: best)
                    guard next > value else { break }
                    best += direction
                    value = next
                }
            }
        }
        var chosen = gaussian
        if value - gaussian.logLikelihood > Self.leastGain, let fit = fits[best] {
            chosen = fit
            // The final value is the top of the parabola through three neighbours.
            if best > 0, best + 1 < Self.grid.count {
                let (left, right) = (try likelihood(best - 1, from: best), try likelihood(best + 1, from: best))
                let curvature = left - 2 * value + right
                if curvature < 0 {
                    let offset = (left - right) / (2 * curvature)
                    let refined = try Fit(
                        probabilities, degreesOfFreedom: Self.grid[best] * .pow(2, offset / 4), start: fit.correlations)
                    if refined.logLikelihood > value { chosen = refined }
                }
            }
        }
        correlations = chosen.correlations
        degreesOfFreedom = chosen.degreesOfFreedom
        scores = chosen.scores
        widths = (x.columnCount, y.columnCount)
        gain = chosen.logLikelihood - gaussian.logLikelihood
    }

    /// I(X; Y) in nats.
    func information() throws(LinearAlgebraError) -> Double {
        let (dx, dy) = widths
        let (n, nu, d) = (scores.rowCount, degreesOfFreedom, Double(widths.x + widths.y))
        let plugIn = try (logDeterminant(0..<dx) + logDeterminant(dx..<(dx + dy)) - logDeterminant(0..<(dx + dy))) / 2
        let inflation = nu.isFinite ? (nu + d + 2) / (nu + d) : 1
        return plugIn - inflation * GaussianInformation.bias(rowCount: n, dx, dy) + tailInformation
    }

    /// The information that the common scale of x and y carries.
    var tailInformation: Double {
        let nu = degreesOfFreedom
        guard nu.isFinite else { return 0 }
        let (m, n) = (Double(widths.x), Double(widths.y))
        func entropy(_ a: Double) -> Double { a / 2 * SpecialFunctions.digamma(a / 2) - .logGamma(a / 2) }
        return entropy(nu + m) + entropy(nu + n) - entropy(nu + m + n) - entropy(nu)
    }

    /// The ln density ratio of the copula at each row; its mean is `information()` up to fluctuation and bias.
    func logRatios() throws(LinearAlgebraError) -> [Double] {
        let (dx, dy) = widths
        func logDensities(_ columns: Range<Int>) throws(LinearAlgebraError) -> [Double] {
            try Fit.logDensities(
                scores.selectingColumns(columns), correlations.selectingRowsAndColumns(Array(columns)), degreesOfFreedom)
        }
        let (x, y, both) = (try logDensities(0..<dx), try logDensities(dx..<(dx + dy)), try logDensities(0..<(dx + dy)))
        return both.indices.map { both[$0] - x[$0] - y[$0] }
    }

    /// Draws `rowCount` rows of (x, y) from the copula, with Student margins.
    func sample(_ rowCount: Int, using generator: inout SeededGenerator) throws(LinearAlgebraError) -> (x: Matrix, y: Matrix) {
        let d = widths.x + widths.y
        let factor = try correlations.choleskyDecomposition().factor
        let lower = Matrix(rowCount: d, columnCount: d) { $1 <= $0 ? factor[$0, $1] : 0 }
        var rows = generator.normals(rowCount, d).timesTransposed(lower)
        if degreesOfFreedom.isFinite {
            let half = degreesOfFreedom / 2
            rows = rows.scalingRows(by: (0..<rowCount).map { _ in (half / generator.gamma(shape: half)).squareRoot() })
        }
        return (rows.selectingColumns(0..<widths.x), rows.selectingColumns(widths.x..<d))
    }

    private func logDeterminant(_ columns: Range<Int>) throws(LinearAlgebraError) -> Double {
        try correlations.selectingRowsAndColumns(Array(columns)).choleskyDecomposition().logDeterminant
    }
}

/// The best correlations for the given degrees of freedom.
private struct Fit {
    let correlations: Matrix
    let degreesOfFreedom: Double
    let scores: Matrix
    let logLikelihood: Double

    init(_ probabilities: Matrix, degreesOfFreedom nu: Double, start: Matrix?) throws(LinearAlgebraError) {
        let quantiles = StudentQuantiles(degreesOfFreedom: nu)
        let (n, d) = (probabilities.rowCount, Double(probabilities.columnCount))
        let scores = Matrix(
            rowCount: n, columnCount: probabilities.columnCount, elements: quantiles(probabilities.elements))
        var correlations = start ?? scores.crossProduct.asCorrelations
        if nu.isFinite {
            // Expectation maximisation, in which outlying rows have small weights (Liu and Rubin 1995).
            for _ in 0..<50 {
                let distances = try Self.squaredDistances(scores, correlations).distances
                let weighted = scores.scalingRows(by: distances.map { ((nu + d) / (nu + $0)).squareRoot() })
                let next = weighted.crossProduct.asCorrelations
                let change = zip(next.elements, correlations.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
                correlations = next
                if change < 1e-5 { break }
            }
        }
        let joint = try Self.logDensities(scores, correlations, nu)
        let margins = scores.elements.reduce(0) { $0 + quantiles.logDensity($1) }
        self.correlations = correlations
        degreesOfFreedom = nu
        self.scores = scores
        logLikelihood = joint.reduce(0, +) - margins
    }

    /// z R^-1 z of every row z, and ln det R.
    static func squaredDistances(
        _ rows: Matrix, _ correlations: Matrix
    ) throws(LinearAlgebraError) -> (distances: [Double], logDeterminant: Double) {
        let cholesky = try correlations.choleskyDecomposition()
        return (rows.rowProducts(cholesky.solve(rows.transposed).transposed), cholesky.logDeterminant)
    }

    /// The ln density of the multivariate Student distribution at every row.
    static func logDensities(_ rows: Matrix, _ correlations: Matrix, _ nu: Double) throws(LinearAlgebraError) -> [Double] {
        let (distances, logDeterminant) = try squaredDistances(rows, correlations)
        let d = Double(rows.columnCount)
        guard nu.isFinite else { return distances.map { -0.5 * (d * .log(2 * .pi) + logDeterminant + $0) } }
        let constant = .logGamma((nu + d) / 2) - .logGamma(nu / 2) - d / 2 * .log(nu * .pi) - logDeterminant / 2
        return distances.map { constant - (nu + d) / 2 * .log(onePlus: $0 / nu) }
    }
}

extension Matrix {
    /// The covariance, scaled so that its diagonal is 1.
    fileprivate var asCorrelations: Matrix {
        let scales = (0..<rowCount).map { 1 / self[$0, $0].squareRoot() }
        return scalingRows(by: scales).scalingColumns(by: scales)
    }

    /// The columns in a range.
    func selectingColumns(_ columns: Range<Int>) -> Matrix {
        var selected: [Double] = []
        selected.reserveCapacity(rowCount * columns.count)
        for index in 0..<rowCount {
            let first = index * columnCount
            selected.append(contentsOf: elements[(first + columns.lowerBound)..<(first + columns.upperBound)])
        }
        return Matrix(rowCount: rowCount, columnCount: columns.count, elements: selected)
    }
}
