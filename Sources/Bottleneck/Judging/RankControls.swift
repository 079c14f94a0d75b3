import LinearAlgebra
import Statistics

/// Representations with the same number of columns that know nothing about Y, which a bottleneck has to beat.
///
/// Divergences fall with the number of columns alone. On the digits study the excess of JSD fell from 0.221 to 0.056 in a linear
/// bottleneck, to 0.115 in as many principal components, and to 0.100 in as many random ones. Without these controls beside it, a fall
/// tells nothing.
package enum RankControl: Sendable, CaseIterable {
    /// The principal components of X.
    case principal
    /// A random projection of X, seeded.
    case random

    /// The projection, d x k: the first principal axes of the rows, or normal draws divided by sqrt(d).
    ///
    /// - Throws: `LinearAlgebraError` for elements that are not finite.
    package func projection(_ rows: Matrix, columnCount k: Int, seed: UInt64) throws(LinearAlgebraError) -> Matrix {
        switch self {
        case .principal:
            return try PrincipalAxes(rows).axes.firstColumns(k)
        case .random:
            var generator = SeededGenerator(seed: seed, stream: "random projection")
            let scale = 1 / Double(max(rows.columnCount, 1)).squareRoot()
            return generator.normals(rows.columnCount, k).mapElements { $0 * scale }
        }
    }
}
