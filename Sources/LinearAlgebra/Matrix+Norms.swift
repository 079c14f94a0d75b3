extension Matrix {
    /// The largest magnitude in each row; 0 for rows of zeros and rows without elements.
    package var largestRowMagnitudes: [Double] {
        (0..<rowCount).map { row($0).reduce(0) { max($0, $1.magnitude) } }
    }

    /// The Euclidean norm of each row; infinite only where the norm itself is beyond the largest double.
    ///
    /// Squares of elements beyond 1e154 overflow and those below 1e-162 vanish: such rows are divided by their largest
    /// magnitude first. `squaredRowNorms` has no such care, because what is made of squares has none either.
    package var rowNorms: [Double] {
        squaredRowNorms.enumerated().map { row, square in
            guard !Self.isExact(square) else { return square.squareRoot() }
            let (largest, norm) = scaledNorm(row)
            return largest * norm
        }
    }

    /// The rows divided by their Euclidean norms, of whatever size; rows of zeros stay zero.
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
                    // In two steps: the product of both may be infinite.
                    for index in indices { out[index] = out[index] / largest / norm }
                }
            }
        }
        return result
    }

    /// Whether a sum of squares lost nothing to overflow, and nothing that matters to underflow.
    private static func isExact(_ square: Double) -> Bool { square > 1e-280 && square < .infinity }

    /// The largest magnitude of a row, and the norm of the row divided by it.
    private func scaledNorm(_ index: Int) -> (largest: Double, norm: Double) {
        let largest = row(index).reduce(0) { max($0, $1.magnitude) }
        guard largest > 0 else { return (0, 0) }
        return (largest, row(index).reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot())
    }
}
