/// Isotonic recalibration: the non-decreasing function of confidence with the smallest squared distance from the outcomes, computed by
/// pooling adjacent violators (Ayer et al., Ann. Math. Stat. 26, 1955). Equal confidences are pooled first.
package struct IsotonicFit: Sendable, Equatable {
    /// The lowest confidence of each level.
    package let start: [Double]
    /// The recalibrated confidence of each level, ascending.
    package let level: [Double]
    /// The number of rows in each level.
    let size: [Double]

    /// - Parameter isIncluded: whether the fit uses a sorted row.
    init(_ rows: ConfidenceRows, where isIncluded: (Int) -> Bool = { _ in true }) {
        var (starts, sums, sizes): ([Double], [Double], [Double]) = ([], [], [])
        for block in 0..<(rows.blocks.count - 1) {
            let range = Int(rows.blocks[block])..<Int(rows.blocks[block + 1])
            var (sum, size) = (0.0, 0.0)
            for row in range where isIncluded(row) {
                sum += rows.outcome[row]
                size += 1
            }
            if size == 0 { continue }
            var start = rows.confidence[range.lowerBound]
            while let (lastSum, lastSize) = sums.last.map({ ($0, sizes[sizes.count - 1]) }), lastSum * size >= sum * lastSize {
                sum += lastSum
                size += lastSize
                start = starts.removeLast()
                sums.removeLast()
                sizes.removeLast()
            }
            starts.append(start)
            sums.append(sum)
            sizes.append(size)
        }
        (start, size) = (starts, sizes)
        level = zip(sums, sizes).map { $0 / $1 }
    }

    /// The level of any confidence, whether or not it was fitted: that of the nearest fitted one below, or the first level.
    package func callAsFunction(_ confidence: Double) -> Double {
        var (low, high) = (0, start.count)
        while low < high {
            let middle = (low + high) / 2
            if start[middle] <= confidence { low = middle + 1 } else { high = middle }
        }
        return level[max(0, low - 1)]
    }
}
