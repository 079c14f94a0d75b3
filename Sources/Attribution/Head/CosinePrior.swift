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

    /// Batches whose scale the solver starts from when there are more than twice as many.
    private static let batchesOfFirstGuess = 2

    /// The scale s in [0, 200] that minimises the contrastive loss of s cos alone, which is convex in s; 0 if the cosine tells nothing.
    ///
    /// With S = s C the derivative is sum_n [E_row C + E_column C - 2 C_nn], and the curvature is the sum of the variances of C under the
    /// softmaxes. The solver takes Newton's steps inside a bracket.
    package static func bestScale(left: Matrix, right: Matrix, batches: [[Int]], threadCount: Int) throws -> Double {
        let few = Array(batches.prefix(batchesOfFirstGuess))
        let guess =
            batches.count > 2 * batchesOfFirstGuess
            ? try bestScale(left: left, right: right, batches: few, from: 0, threadCount: threadCount) : 0
        return try bestScale(left: left, right: right, batches: batches, from: guess, threadCount: threadCount)
    }

    private static func bestScale(left: Matrix, right: Matrix, batches: [[Int]], from guess: Double, threadCount: Int) throws -> Double {
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
        var (low, high, scale) = (0.0, largestScale, guess)
        // Whether the loss is known to fall from 0 on.
        var isAboveZero = false
        for _ in 0..<100 {
            let (slope, curvature) = try derivatives(scale)
            if scale == 0 {
                if slope >= 0 { return 0 }
                isAboveZero = true
            }
            if slope < 0 { (low, isAboveZero) = (scale, true) } else { high = scale }
            let newton = scale - slope / curvature
            let isInside = newton > low && newton < high
            let next = isInside ? newton : newton <= low && !isAboveZero ? 0 : (low + high) / 2
            // A step of Newton's squares the error.
            let isDone = abs(next - scale) <= (isInside ? 1e-8 : 1e-12) * max(1, scale)
            scale = next
            if isDone || high - low < 1e-12 { break }
        }
        return scale
    }

    /// The slope and curvature in s of the loss of s C.
    private static func softmaxMoments(_ cosines: Matrix, scale: Double) -> (slope: Double, curvature: Double) {
        let n = cosines.rowCount
        var weights = [Double](repeating: 0, count: n)
        var columns = [[Double]](repeating: [Double](repeating: 0, count: n), count: 3)
        var (slope, curvature) = (0.0, 0.0)
        unsafe cosines.elements.withUnsafeBufferPointer { cosines in
            unsafe weights.withUnsafeMutableBufferPointer { weights in
                guard let first = cosines.baseAddress, let weights = weights.baseAddress else { return }
                for i in 0..<n {
                    let row = unsafe first + i &* n
                    // Cosines lie between -1 and 1, so exp(s (c - 1)) is at least exp(-400) and no sum vanishes.
                    for j in 0..<n { unsafe weights[j] = .exp(scale * (row[j] - 1)) }
                    let sum = unsafe total(weights, n)
                    unsafe addMoment(&columns[0], weights, n)
                    for j in 0..<n { unsafe weights[j] *= row[j] }
                    let mean = unsafe total(weights, n) / sum
                    unsafe addMoment(&columns[1], weights, n)
                    for j in 0..<n { unsafe weights[j] *= row[j] }
                    let square = unsafe total(weights, n) / sum
                    unsafe addMoment(&columns[2], weights, n)
                    slope += unsafe mean - 2 * row[i]
                    curvature += square - mean * mean
                }
            }
        }
        for j in 0..<n {
            let (mean, square) = (columns[1][j] / columns[0][j], columns[2][j] / columns[0][j])
            slope += mean
            curvature += square - mean * mean
        }
        return (slope, curvature)
    }

    @unsafe private static func addMoment(_ sums: inout [Double], _ values: UnsafePointer<Double>, _ count: Int) {
        unsafe sums.withUnsafeMutableBufferPointer { sums in
            for index in 0..<count { unsafe sums[index] += values[index] }
        }
    }
}
