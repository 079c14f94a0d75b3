import CSpectra

/// A tridiagonal matrix whose eigenvalues are those of a symmetric one times `scale`.
struct TridiagonalMatrix: Sendable {
    /// The diagonal elements.
    let diagonal: [Double]
    /// The square of the element before each diagonal element; 0 for the first.
    let squares: [Double]
    /// The power of two that keeps squares from overflow.
    let scale: Double
}

extension Matrix {
    /// Householder's reduction of a symmetric matrix. It takes half of the time of LAPACK's `dsytrd` or less (`HowFast`).
    ///
    /// Only the lower triangle is read.
    /// - Throws: `LinearAlgebraError` for non-finite elements.
    /// - Precondition: the matrix is square.
    func symmetricTridiagonal(instructions: VectorInstructions = .best) throws(LinearAlgebraError) -> TridiagonalMatrix {
        precondition(rowCount == columnCount, "eigenvalues of a \(rowCount) x \(columnCount) matrix")
        _ = try checkForLAPACK("symmetricTridiagonal")
        let order = rowCount
        let largest = largestMagnitude
        let scale = largest > 0x1p-1000 ? 1 / largest.binade : 1
        let padded = AlignedBuffer(count: order * (order + 9) / 2 + 8)
        let scratch = AlignedBuffer(count: 6 * (order + 8))
        let diagonal = AlignedBuffer(count: order)
        let squares = AlignedBuffer(count: order)
        unsafe elements.withUnsafeBufferPointer { elements in
            unsafe cspectra_tridiagonalize_one(
                instructions.rawValue, order, elements.baseAddress, order, scale, padded.base, diagonal.base, squares.base, scratch.base)
        }
        return TridiagonalMatrix(
            diagonal: (0..<order).map { diagonal[$0] }, squares: (0..<order).map { squares[$0] }, scale: scale)
    }
}
