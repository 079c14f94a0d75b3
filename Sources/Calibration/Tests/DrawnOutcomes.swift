import Statistics

/// Sums over pairs of rows whose outcomes are drawn according to their confidences.
enum DrawnOutcomes {
    /// Computes sixteen independent values of the sum over pairs i < j of r_i r_j k_ij for r = y - c, with each y drawn as 1 with
    /// probability c.
    ///
    /// - Parameters:
    ///   - confidence: the confidences c, ascending.
    ///   - decays: the kernel k between each row and the one before it.
    static func pairSums(
        _ confidence: [Double], _ decays: [Double], using generator: inout SeededGenerator
    ) -> [Double] {
        var (sums, before) = ([Double](repeating: 0, count: 16), [Double](repeating: 0, count: 16))
        for row in confidence.indices {
            let (c, decay) = (confidence[row], decays[row])
            for pair in 0..<8 {
                // Each draw gives two uniform numbers of 32 bits.
                let word = generator.next()
                for (lane, bits) in [(2 * pair, word &>> 32), (2 * pair + 1, word & 0xFFFF_FFFF)] {
                    let residual = (Double(bits) + 0.5) * 0x1p-32 < c ? 1 - c : -c
                    before[lane] *= decay
                    sums[lane] += residual * before[lane]
                    before[lane] += residual
                }
            }
        }
        return sums
    }
}
