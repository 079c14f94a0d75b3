/// How rows are put into bins by their confidence. The bin of a row depends only on the confidences of the set, and rows with equal
/// confidences are always in one bin.
package enum Binning: Sendable, Equatable {
    /// B bins of equal width, closed on the left, and the last one on both sides: min(floor(cB), B-1). The paper uses ten of them.
    case width(Int)
    /// B bins of equal width, closed on the right, and the first one on both sides (Guo et al., ICML 2017).
    case widthRightClosed(Int)
    /// B bins of nearly equal size. A run of equal confidences stays together, in the bin of its middle: min(floor(B(start+end)/(2n)),
    /// B-1).
    case mass(Int)
    /// One bin for each confidence that occurs.
    case distinct

    /// The first row of each non-empty bin, with n at the end, for rows sorted by confidence.
    func bounds(_ rows: ConfidenceRows) -> [Int] {
        var bounds = [0]
        var last = -1
        let (count, blocks) = (rows.count, rows.blocks)
        for block in 0..<(blocks.count - 1) {
            let (start, end) = (Int(blocks[block]), Int(blocks[block + 1]))
            let bin =
                switch self {
                case .width(let bins): min(Int(rows.confidence[start] * Double(bins)), bins - 1)
                case .widthRightClosed(let bins):
                    max(Int((rows.confidence[start] * Double(bins)).rounded(.up)) - 1, 0)
                case .mass(let bins): min(bins * (start + end) / (2 * count), bins - 1)
                case .distinct: block
                }
            if bin != last, start > 0 { bounds.append(start) }
            last = bin
        }
        bounds.append(count)
        return bounds
    }
}
