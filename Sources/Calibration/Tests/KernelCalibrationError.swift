import LinearAlgebra
import RealModule
import Statistics

/// The squared kernel calibration error SKCE (Widmann, Lindsten and Zachariah, NeurIPS 2019), with a test by random
/// signs.
///
/// The error is the mean of r_i r_j exp(-|c_i - c_j| / 0.1) over pairs of rows of different groups, with r = y - c. It is 0 in expectation
/// for a calibrated model and sometimes negative. The null distribution gives the residuals of each group a random sign, under which pairs
/// within a group keep their product and cancel. If there are at most draws + 1 patterns of signs, 2^(G-1), all of them are used. For up to
/// 10,000 independent rows that are right or wrong, outcomes are drawn according to the confidences instead: signs assume symmetric
/// residuals and rejected 7.3 % for 90 confidences from Beta(8, 1). For rows in groups, p is the larger of the two.
package struct KernelCalibrationError: Sendable, Equatable {
    /// Settings of the test.
    package struct Signs: Sendable, Equatable {
        /// The number of random patterns of signs; 0 skips the test.
        package var draws: Int
        /// The seed of the patterns.
        package var seed: UInt64
        package var threadCount: Int

        package init(draws: Int = 999, seed: UInt64 = 0, threadCount: Int = 1) {
            (self.draws, self.seed, self.threadCount) = (draws, seed, threadCount)
        }
    }

    /// Above this number of rows random signs replace drawn outcomes, which then cost more and give the same result.
    static let mostDrawnOutcomes = 10_000
    /// The width of the kernel.
    package static let width = 0.1
    /// The error; nil if all rows belong to one group.
    package let value: Double?
    /// The one-sided p-value; nil for fewer than two groups, and without draws.
    package let pValue: Double?
    /// Whether every pattern of signs was used.
    package let isExact: Bool

    init(_ rows: PreparedRows, _ signs: Signs) {
        let decays = Self.decays(rows.rows.confidence)
        let groups = rows.inference.clusters
        let total = Self.pairSum(rows.residuals, decays)
        let (within, pairsWithin) = Self.withinGroups(rows)
        let count = Double(rows.rows.count)
        let pairs = count * (count - 1) / 2 - pairsWithin
        guard pairs > 0 else {
            (value, pValue, isExact) = (nil, nil, false)
            return
        }
        value = (total - within) / pairs
        // Signs change only the sum over all pairs; the sum within groups is the same for all patterns.
        let tolerance = 1e-12 * max(abs(total - within), rows.residuals.reduce(0) { $0 + $1 * $1 } * 1e-3)
        isExact = signs.draws > 0 && groups.areGiven && groups.count <= 62 && 1 << (groups.count - 1) <= signs.draws + 1
        guard signs.draws > 0 else {
            pValue = nil
            return
        }
        if isExact {
            pValue = Self.exactPValue(rows, decays, tolerance: tolerance)
            return
        }
        let drawn: Double? =
            rows.rows.isBinary && rows.rows.count <= Self.mostDrawnOutcomes
            ? Self.share(signs, batch: 16, stream: "calibrated outcomes") { generator, _ in
                DrawnOutcomes.pairSums(rows.rows.confidence, decays, using: &generator).map { $0 >= total - tolerance }
            } : nil
        if let drawn, !groups.areGiven {
            pValue = drawn
            return
        }
        let signed = Self.share(signs, batch: 64, stream: "calibration signs") { generator, lanes in
            let words = (0..<groups.count).map { _ in generator.next() }
            return SignedSums.pairSums(rows.residuals, decays, groups.ofRow, words, lanes: lanes).map { $0 >= total - tolerance }
        }
        pValue = signed.map { max($0, drawn ?? 0) }
    }

    /// The share of draws that reach the observed value, which itself counts as one of them.
    private static func share(
        _ signs: Signs, batch size: Int, stream: String, _ reached: @Sendable (inout SeededGenerator, _ lanes: Int) -> [Bool]
    ) -> Double? {
        let counts = try? concurrentMap(count: (signs.draws + size - 1) / size, threadCount: signs.threadCount) { batch in
            let lanes = min(size, signs.draws - size * batch)
            var generator = SeededGenerator(seed: signs.seed, stream: stream, index: batch)
            return reached(&generator, lanes).prefix(lanes).count { $0 }
        }
        return counts.map { Double($0.reduce(1, +)) / Double(signs.draws + 1) }
    }

    /// exp(-(c_i - c_{i-1}) / width) for each sorted row; 0 for the first.
    private static func decays(_ confidence: [Double]) -> [Double] {
        var decays = [Double](repeating: 0, count: confidence.count)
        for row in 1..<max(1, confidence.count) {
            let step = confidence[row] - confidence[row - 1]
            decays[row] = step == 0 ? 1 : .exp(-step / width)
        }
        return decays
    }

    /// The sum over pairs of r_i r_j k(c_i, c_j), in a single pass.
    static func pairSum(_ residuals: [Double], _ decays: [Double]) -> Double {
        var (sum, before) = (0.0, 0.0)
        for row in residuals.indices {
            before *= decays[row]
            sum += residuals[row] * before
            before += residuals[row]
        }
        return sum
    }

    /// The same sum over pairs within groups, and the number of these pairs.
    private static func withinGroups(_ rows: PreparedRows) -> (sum: Double, pairs: Double) {
        guard let byGroup = rows.byGroup else { return (0, 0) }
        let confidence = rows.rows.confidence
        var (sum, pairs) = (0.0, 0.0)
        for group in 0..<(byGroup.starts.count - 1) {
            let range = Int(byGroup.starts[group])..<Int(byGroup.starts[group + 1])
            var (before, last) = (0.0, 0.0)
            for index in range {
                let row = Int(byGroup.rows[index])
                before *= .exp(-(confidence[row] - last) / width)
                sum += rows.residuals[row] * before
                before += rows.residuals[row]
                last = confidence[row]
            }
            pairs += Double(range.count) * Double(range.count - 1) / 2
        }
        return (sum, pairs)
    }

    /// The share of all patterns of signs whose sum is at least the observed one, which is one of them.
    private static func exactPValue(_ rows: PreparedRows, _ decays: [Double], tolerance: Double) -> Double {
        let groups = rows.inference.clusters.count
        let total = pairSum(rows.residuals, decays)
        // A pattern and its opposite have the same sum, so the last group keeps its sign.
        let patterns = 1 << (groups - 1)
        let atLeast = (0..<patterns).count { pattern in
            let signed = rows.residuals.indices.map { row in
                pattern >> rows.inference.clusters.group(row) & 1 == 1 ? -rows.residuals[row] : rows.residuals[row]
            }
            return pairSum(signed, decays) >= total - tolerance
        }
        return Double(atLeast) / Double(patterns)
    }
}
