/// Failures of a factorisation that outside data can cause.
package enum LinearAlgebraError: Error, Equatable, Sendable {
    /// An element is not a finite number. LAPACK would report NaN as an argument error and return NaN eigenvalues for infinity.
    case nonFiniteElement(routine: String, row: Int, column: Int)
    /// A dimension does not fit LAPACK's 32-bit integers.
    case dimensionTooLarge(routine: String, dimension: Int)
    /// The iteration did not converge (`info > 0`).
    case notConverged(routine: String, info: Int)
    /// The matrix is not positive definite at this pivot (`info > 0`).
    case notPositiveDefinite(routine: String, pivot: Int)
}

extension LinearAlgebraError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nonFiniteElement(let routine, let row, let column):
            "\(routine): expected finite elements, found one that is not at row \(row), column \(column)"
        case .dimensionTooLarge(let routine, let dimension):
            "\(routine): expected dimensions below 2^31, found \(dimension)"
        case .notConverged(let routine, let info):
            "\(routine): did not converge (info \(info))"
        case .notPositiveDefinite(let routine, let pivot):
            "\(routine): expected a positive definite matrix, found a non-positive pivot at \(pivot)"
        }
    }
}

extension Matrix {
    /// Throws unless every element is finite and both dimensions fit LAPACK's integers.
    func checkForLAPACK(_ routine: String) throws(LinearAlgebraError) -> (rows: Int32, columns: Int32) {
        guard let rows = Int32(exactly: rowCount) else {
            throw .dimensionTooLarge(routine: routine, dimension: rowCount)
        }
        guard let columns = Int32(exactly: columnCount) else {
            throw .dimensionTooLarge(routine: routine, dimension: columnCount)
        }
        if let index = firstNonFiniteIndex {
            throw .nonFiniteElement(routine: routine, row: index / columnCount, column: index % columnCount)
        }
        return (rows, columns)
    }

    /// The position in `elements` of the first NaN or infinity.
    package var firstNonFiniteIndex: Int? {
        // x * 0 is 0 for finite x and NaN otherwise, so one branch-free pass clears nearly every matrix.
        var sum = SIMD8<Double>.zero
        let count = elements.count
        let vectorised = count & ~7
        var index = 0
        while index < vectorised {
            var lanes = SIMD8<Double>()
            for lane in 0..<8 { lanes[lane] = elements[index &+ lane] }
            sum += lanes * 0
            index &+= 8
        }
        while index < count {
            sum[0] += elements[index] * 0
            index &+= 1
        }
        return sum.sum() == 0 ? nil : elements.firstIndex { !$0.isFinite }
    }
}
