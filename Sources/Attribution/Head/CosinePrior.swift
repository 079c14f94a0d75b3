import LinearAlgebra
import RealModule

/// The offset s cos(u_i, v_j) of a head whose sides share a space: what the embeddings tell before anything is fitted.
package struct CosinePrior: Sendable {
    /// The left rows, N x d unit rows.
    package let left: Matrix
    /// The right rows, N x d unit rows.
    package let right: Matrix
    /// s, at least 0, in nats per unit of cosine.
    package let scale: Double

    /// A prior with `scale` on rows that share a space.
    ///
    /// - Precondition: equal shapes.
    package init(left: Matrix, right: Matrix, scale: Double) {
        precondition(left.columnCount == right.columnCount && left.rowCount == right.rowCount, "a cosine needs one space")
        self.left = left
        self.right = right
        self.scale = scale
    }

    /// The largest scale that is tried.
    package static let largestScale = 200.0

    /// The scale s in [0, 200] that minimises the contrastive loss of s cos alone, which is convex in s; 0 if the cosine tells nothing.
    ///
    /// With S = s C the derivative is sum_n [E_row C + E_column C - 2 C_nn], and the curvature is the sum of the variances of C under the
    /// softmaxes. The solver takes Newton's steps inside a bracket.
    package static func bestScale(left: Matrix, right: Matrix, batches: [[Int]], threadCount: Int) throws -> Double {
        // Cosines are kept if they take at most 256 MB, else recomputed for each scale.
        let isKept = batches.reduce(0) { $0 + $1.count * $1.count } <= 1 << 25
        @Sendable func cosines(_ index: Int) -> Matrix {
            left.selectingRows(batches[index]).timesTransposed(right.selectingRows(batches[index]))
        }
        let kept = isKept ? try concurrentMap(count: batches.count, threadCount: threadCount) { cosines($0) } : nil
        func derivatives(_ scale: Double) throws -> (slope: Double, curvature: Double) {
            let parts = try concurrentMap(count: batches.count, threadCount: threadCount) { index in
                softmaxMoments(kept?[index] ?? cosines(index), scale: scale)
            }
            return parts.reduce((0, 0)) { ($0.0 + $1.slope, $0.1 + $1.curvature) }
        }
        var (low, high, scale) = (0.0, largestScale, 0.0)
        for _ in 0..<100 {
            let (slope, curvature) = try derivatives(scale)
            if slope < 0 { low = scale } else { high = scale }
            if scale == 0, slope >= 0 { return 0 }
            let newton = scale - slope / curvature
            let next = newton > low && newton < high ? newton : (low + high) / 2
            let isDone = abs(next - scale) <= 1e-12 * max(1, scale)
            scale = next
            if isDone || high - low < 1e-12 { break }
        }
        return scale
    }

    /// The slope and curvature in s of the loss of s C.
    private static func softmaxMoments(_ cosines: Matrix, scale: Double) -> (slope: Double, curvature: Double) {
        let n = cosines.rowCount
        // Cosines lie between -1 and 1, so exp(s (c - 1)) is at least exp(-400) and no sum vanishes.
        let weights = cosines.mapElements { .exp(scale * ($0 - 1)) }
        var columns = [SIMD4<Double>](repeating: .zero, count: n)
        var (slope, curvature) = (0.0, 0.0)
        for i in 0..<n {
            var row = SIMD4<Double>.zero
            for j in 0..<n {
                let (cosine, weight) = (cosines[i, j], weights[i, j])
                let moments = SIMD4(weight, weight * cosine, weight * cosine * cosine, 0)
                row += moments
                columns[j] += moments
            }
            slope += row[1] / row[0] - 2 * cosines[i, i]
            curvature += row[2] / row[0] - (row[1] / row[0]) * (row[1] / row[0])
        }
        for sums in columns {
            slope += sums[1] / sums[0]
            curvature += sums[2] / sums[0] - (sums[1] / sums[0]) * (sums[1] / sums[0])
        }
        return (slope, curvature)
    }
}
