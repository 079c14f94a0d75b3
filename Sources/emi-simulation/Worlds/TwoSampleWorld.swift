import Information
import LinearAlgebra
import RealModule
import Statistics

/// Pairs of distributions on which the literature compares two-sample tests: those of Liu et al. (2002.09116), drawn as their code draws
/// them. The experiments of the representation Jensen-Shannon divergence (2305.16446) use them too.
enum TwoSampleWorld: String, CaseIterable {
    /// Nine Gaussians on a 3 x 3 grid. In P they are round; in Q each has its own correlation.
    case blobs
    /// Two Gaussians in ten dimensions whose means differ by half a unit in each. In P the coordinates are independent; in Q the first two
    /// have a covariance of 0.5 in one Gaussian and -0.5 in the other.
    case hdgm

    var title: String { self == .blobs ? "Blobs" : "HDGM, d = 10" }

    /// The number of modes of the mixture; a sample has this many times `rowsPerMode` rows.
    var modeCount: Int { self == .blobs ? 9 : 2 }

    /// Draws a sample of P, or of Q if `isShifted`.
    func sample(rowsPerMode: Int, isShifted: Bool, using generator: inout SeededGenerator) -> Matrix {
        switch self {
        case .blobs: Self.blobs(9 * rowsPerMode, isShifted: isShifted, using: &generator)
        case .hdgm: Self.mixture(rowsPerMode, isShifted: isShifted, using: &generator)
        }
    }

    /// Draws rows from modes chosen at random. The published code multiplies rows z from the right by the lower Cholesky factor L of
    /// [[0.03, c], [c, 0.03]], so the covariance is L^T L and not L L^T. We do the same, because the published figures come from it.
    private static func blobs(_ count: Int, isShifted: Bool, using generator: inout SeededGenerator) -> Matrix {
        let variance = 0.03
        var elements: [Double] = []
        for _ in 0..<count {
            let (row, column) = (generator.index(below: 3), generator.index(below: 3))
            let mode = 3 * row + column
            let (a, b) = (generator.normal(), generator.normal())
            let covariance = isShifted ? blobCovariance(mode) : 0
            let (first, lower) = (variance.squareRoot(), covariance / variance.squareRoot())
            let second = (variance - lower * lower).squareRoot()
            elements += [Double(row) + a * first + b * lower, Double(column) + b * second]
        }
        return Matrix(rowCount: count, columnCount: 2, elements: elements)
    }

    private static func blobCovariance(_ mode: Int) -> Double {
        switch mode {
        case ..<4: -0.02 - 0.002 * Double(mode)
        case 4: 0
        default: 0.02 + 0.002 * Double(mode - 5)
        }
    }

    private static func mixture(_ rowsPerMode: Int, isShifted: Bool, using generator: inout SeededGenerator) -> Matrix {
        var elements: [Double] = []
        for mode in 0..<2 {
            let covariance = isShifted ? (mode == 0 ? 0.5 : -0.5) : 0
            for _ in 0..<rowsPerMode {
                var row = (0..<10).map { _ in generator.normal() }
                row[1] = covariance * row[0] + (1 - covariance * covariance).squareRoot() * row[1]
                elements += row.map { $0 + 0.5 * Double(mode) }
            }
        }
        return Matrix(rowCount: 2 * rowsPerMode, columnCount: 10, elements: elements)
    }
}
