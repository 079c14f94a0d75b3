import CSpectra

extension Matrix {
    /// Replaces every element a_ij by exp(min(a_ij - b_ij - s_i, 690)), and returns the sum of each row.
    ///
    /// At this limit a thousand exponentials still have a finite sum. Each is within 2 ulp; below -708 it is 0, and NaN stays NaN. Neither
    /// the elements nor the sums depend on other rows, and all processors with a fused multiply-add give the same bits.
    ///
    /// - Parameters:
    ///   - offsets: rows of b.
    ///   - chosen: for each row i the row of `offsets` that is its b_i.
    ///   - shifts: s, one a row.
    ///   - instructions: the instructions to use.
    /// - Precondition: as many columns in `offsets`, and one choice and one shift a row.
    package mutating func exponentiate(
        minus offsets: Matrix, rows chosen: ArraySlice<Int>, shifts: ArraySlice<Double>, instructions: VectorInstructions = .best
    ) -> [Double] {
        precondition(offsets.columnCount == columnCount, "\(offsets.columnCount) offsets for \(columnCount) columns")
        precondition(chosen.count == rowCount && shifts.count == rowCount, "one choice and one shift a row")
        precondition(chosen.allSatisfy { (0..<offsets.rowCount).contains($0) }, "a row of the offsets")
        let width = columnCount
        return withElements { elements in
            unsafe elements.withUnsafeMutableBufferPointer { values in
                unsafe offsets.elements.withUnsafeBufferPointer { offsets in
                    guard let values = values.baseAddress, let offsets = offsets.baseAddress else {
                        return [Double](repeating: 0, count: chosen.count)
                    }
                    return zip(chosen, shifts).enumerated().map { row, own in
                        unsafe cspectra_exponentials(instructions.rawValue, width, offsets + own.0 * width, own.1, values + row * width)
                    }
                }
            }
        }
    }
}
