/// Sums over pairs of rows, computed under many patterns of signs at once.
enum SignedSums {
    /// The four signs that four bits encode.
    private static let signs: [SIMD4<Double>] = (0..<16).map { bits in
        SIMD4((0..<4).map { bits >> $0 & 1 == 1 ? -1 : 1 })
    }

    /// For each of up to 64 patterns, the sum over pairs i < j of s_i r_i s_j r_j k_ij, for a kernel that decays from row to row.
    ///
    /// - Parameters:
    ///   - decays: the kernel k between each row and the one before it; for other pairs k is the product along the way.
    ///   - groups: the group of each row; nil if each row is a group of its own.
    ///   - words: for each group, one bit per pattern that gives its sign.
    ///   - lanes: the number of patterns to compute.
    static func pairSums(
        _ residuals: [Double], _ decays: [Double], _ groups: [Int32]?, _ words: [UInt64], lanes: Int
    ) -> [Double] {
        var sums: [Double] = []
        // Each pass handles sixteen patterns, so that their running sums stay in registers.
        for shift in stride(from: UInt64(0), to: UInt64(lanes), by: 16) {
            var (before0, before1, before2, before3) =
                (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
            var (sum0, sum1, sum2, sum3) = (before0, before0, before0, before0)
            unsafe signs.withUnsafeBufferPointer { signs in
                unsafe residuals.withUnsafeBufferPointer { residuals in
                    unsafe decays.withUnsafeBufferPointer { decays in
                        unsafe words.withUnsafeBufferPointer { words in
                            for row in residuals.indices {
                                let group = groups.map { Int($0[row]) } ?? row
                                let bits = unsafe Int(truncatingIfNeeded: words[group] &>> shift)
                                let (residual, decay) = unsafe (residuals[row], decays[row])
                                let r0 = unsafe signs[bits & 15] * residual
                                let r1 = unsafe signs[bits &>> 4 & 15] * residual
                                let r2 = unsafe signs[bits &>> 8 & 15] * residual
                                let r3 = unsafe signs[bits &>> 12 & 15] * residual
                                before0 *= decay
                                before1 *= decay
                                before2 *= decay
                                before3 *= decay
                                sum0 += r0 * before0
                                sum1 += r1 * before1
                                sum2 += r2 * before2
                                sum3 += r3 * before3
                                before0 += r0
                                before1 += r1
                                before2 += r2
                                before3 += r3
                            }
                        }
                    }
                }
            }
            for vector in [sum0, sum1, sum2, sum3] {
                for lane in 0..<4 { sums.append(vector[lane]) }
            }
        }
        return Array(sums.prefix(lanes))
    }
}
