import Statistics

/// Sums over pairs of rows whose outcomes are drawn by their confidences.
enum DrawnOutcomes {
    /// Sixteen times the sum over pairs i < j of r_i r_j k_ij for r = y - c, each y being 1 with probability c.
    ///
    /// - Parameters:
    ///   - confidence: c, ascending.
    ///   - decays: k of each row with the one before it.
    static func pairSums(
        _ confidence: [Double], _ decays: [Double], using generator: inout SeededGenerator
    ) -> [Double] {
        var (sums, before) = ([Double](repeating: 0, count: 16), [Double](repeating: 0, count: 16))
        for row in confidence.indices {
            let (c, decay) = (confidence[row], decays[row])
            for pair in 0..<8 {
                // Two uniform numbers of 32 bits a draw.
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
