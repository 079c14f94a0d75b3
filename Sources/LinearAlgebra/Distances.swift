import CLAPACK

extension Matrix {
    /// The squared Euclidean distances between the rows of `self` and of `other`, n x m:
    /// |a|^2 + |b|^2 - 2 a.b. Differences that are only rounding (1e-14 of the norms, or an ulp per column) become zero, so equal rows are
    /// at distance zero.
    ///
    /// - Precondition: equal column counts.
    package func squaredDistances(to other: Matrix) -> Matrix {
        var distances = timesTransposed(other)
        let (left, right) = (squaredRowNorms, other.squaredRowNorms)
        let width = other.rowCount
        let rounding = relativeRounding
        distances.withElements { out in
            for i in 0..<left.count {
                for j in 0..<width {
                    let index = i &* width &+ j
                    out[index] = Self.withoutRounding(left[i] + right[j], out[index], rounding)
                }
            }
        }
        return distances
    }

    /// The squared distance of a row to a row of another matrix, in eight partial sums, so that it does not wait for each addition.
    ///
    /// - Precondition: equal column counts.
    package func squaredDistance(_ row: Int, to other: Matrix, _ otherRow: Int) -> Double {
        precondition(columnCount == other.columnCount, "\(other.columnCount) for \(columnCount) columns")
        let width = columnCount
        return unsafe elements.withUnsafeBytes { left in
            unsafe other.elements.withUnsafeBytes { right in
                let (start, otherStart) = (row &* width &* 8, otherRow &* width &* 8)
                var sums = SIMD8<Double>.zero
                let blocks = width / 8
                for block in 0..<blocks {
                    let difference =
                        unsafe left.loadUnaligned(fromByteOffset: start &+ block &* 64, as: SIMD8<Double>.self)
                        - right.loadUnaligned(fromByteOffset: otherStart &+ block &* 64, as: SIMD8<Double>.self)
                    sums += difference * difference
                }
                var sum = sums.sum()
                for column in (blocks * 8)..<max(width, blocks * 8) {
                    let difference =
                        unsafe left.loadUnaligned(fromByteOffset: start &+ column &* 8, as: Double.self)
                        - right.loadUnaligned(fromByteOffset: otherStart &+ column &* 8, as: Double.self)
                    sum += difference * difference
                }
                return sum
            }
        }
    }

    /// The squared Euclidean distances between all rows, n x n, exactly symmetric with a zero diagonal.
    package var squaredDistances: Matrix {
        var distances = gram
        let norms = squaredRowNorms
        let n = rowCount
        let rounding = relativeRounding
        distances.withElements { out in
            for i in 0..<n {
                for j in 0..<n {
                    let index = i &* n &+ j
                    out[index] = i == j ? 0 : Self.withoutRounding(norms[i] + norms[j], out[index], rounding)
                }
            }
        }
        return distances
    }

    /// How much the norms and products of equal rows can differ, in units of the norms, because each is a sum over the columns.
    private var relativeRounding: Double { max(1e-14, 2e-16 * Double(columnCount)) }

    private static func withoutRounding(_ norms: Double, _ product: Double, _ rounding: Double) -> Double {
        let distance = norms - 2 * product
        return distance > rounding * norms ? distance : 0
    }

    /// Calls `body` with blocks of squared distances from consecutive rows of `self` to all rows of `other`, so that the memory stays at
    /// `blockSize` x m for any number of rows.
    ///
    /// - Parameter body: receives the index of the block's first row and the block.
    package func forEachBlockOfSquaredDistances(
        to other: Matrix, blockSize: Int = 512, _ body: (_ firstRow: Int, _ block: Matrix) throws -> Void
    ) rethrows {
        for first in stride(from: 0, to: rowCount, by: max(1, blockSize)) {
            let rows = Array(first..<min(first + max(1, blockSize), rowCount))
            try body(first, selectingRows(rows).squaredDistances(to: other))
        }
    }
}
