import CLAPACK

extension Matrix {
    /// The largest magnitude of all elements, which must be finite; 0 without elements.
    package var largestMagnitude: Double { largestRowMagnitudes.max() ?? 0 }

    /// The largest magnitude in each row of finite elements; 0 for rows of zeros and rows without elements.
    package var largestRowMagnitudes: [Double] {
        guard let width = Int32(exactly: columnCount), width > 0 else {
            return (0..<rowCount).map { row($0).reduce(0) { max($0, $1.magnitude) } }
        }
        return unsafe elements.withUnsafeBufferPointer { elements in
            (0..<rowCount).map { row in
                guard let base = elements.baseAddress else { return 0 }
                let start = unsafe base + row &* columnCount
                return unsafe start[Int(cblas_idamax(width, start, 1))].magnitude
            }
        }
    }

    /// The Euclidean norm of each row; infinite only if the norm itself exceeds the largest double.
    ///
    /// Squares of elements beyond 1e154 overflow and those below 1e-162 vanish, so such rows are first divided by their largest magnitude.
    /// `squaredRowNorms` takes no such care, because quantities made of squares have the same limits.
    package var rowNorms: [Double] {
        squaredRowNorms.enumerated().map { row, square in
            guard !Self.isExact(square) else { return square.squareRoot() }
            let (largest, norm) = scaledNorm(row)
            return largest * norm
        }
    }

    /// The rows divided by their Euclidean norms, whatever their size; rows of zeros stay zero.
    package var rowsNormalized: Matrix {
        let squares = squaredRowNorms
        var result = self
        result.withElements { out in
            for i in 0..<rowCount {
                let indices = (i &* columnCount)..<((i &+ 1) &* columnCount)
                if Self.isExact(squares[i]) {
                    let norm = squares[i].squareRoot()
                    unsafe out.withUnsafeMutableBufferPointer { out in
                        for index in indices { unsafe out[index] /= norm }
                    }
                } else {
                    let (largest, norm) = scaledNorm(i)
                    guard largest > 0 else { continue }
                    // The division takes two steps, because the product of both divisors may be infinite.
                    for index in indices { out[index] = out[index] / largest / norm }
                }
            }
        }
        return result
    }

    /// Whether a sum of squares lost nothing to overflow and nothing significant to underflow.
    private static func isExact(_ square: Double) -> Bool { square > 1e-280 && square < .infinity }

    /// The largest magnitude of a row, and the norm of the row divided by it.
    private func scaledNorm(_ index: Int) -> (largest: Double, norm: Double) {
        let largest = row(index).reduce(0) { max($0, $1.magnitude) }
        guard largest > 0 else { return (0, 0) }
        return (largest, row(index).reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot())
    }
}
