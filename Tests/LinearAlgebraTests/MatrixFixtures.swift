import LinearAlgebra

/// Awkward shapes: empty, single, wide, tall, square, and past a block boundary.
let shapes: [(Int, Int)] = [(0, 3), (3, 0), (1, 1), (1, 7), (7, 1), (2, 2), (17, 5), (5, 17), (33, 33), (130, 64), (64, 130)]
/// Awkward orders of square matrices.
let orders = [0, 1, 2, 3, 17, 64, 150]

/// Standard normal entries, the same for the same seed.
func randomMatrix(_ rows: Int, _ columns: Int, seed: UInt64 = 1) -> Matrix {
    var state = seed &* 0x9e37_79b9_7f4a_7c15
    func uniform() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) * 0x1p-53
    }
    // Sums of twelve uniforms: near enough to normal for shapes and spectra.
    return Matrix(rowCount: rows, columnCount: columns) { _, _ in (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }
}

/// The naive product, as the oracle of BLAS.
func naiveProduct(_ a: Matrix, _ b: Matrix) -> Matrix {
    Matrix(rowCount: a.rowCount, columnCount: b.columnCount) { i, j in
        (0..<a.columnCount).reduce(0) { $0 + a[i, $1] * b[$1, j] }
    }
}

func identity(_ order: Int) -> Matrix {
    Matrix(rowCount: order, columnCount: order) { $0 == $1 ? 1 : 0 }
}

/// The largest absolute difference of two matrices of one shape.
func distance(_ a: Matrix, _ b: Matrix) -> Double {
    precondition(a.rowCount == b.rowCount && a.columnCount == b.columnCount)
    return zip(a.elements, b.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// What n roundings of sums of squares of size n may cost (faer's 128 eps sqrt(8 n)), for entries of order sqrt(n).
func tolerance(_ order: Int) -> Double {
    128 * Double.ulpOfOne * (8 * Double(max(1, order))).squareRoot() * Double(max(1, order)).squareRoot()
}
