/// Sums over the rows of each bin, and over the rows that each group has in the bin.
struct BinTable {
    /// The position in the sorted rows at which each bin starts, with n at the end; no bin is empty.
    let bounds: [Int]
    /// Sums of c, of y - c, of its square and of c(1-c) over each bin.
    private(set) var confidence: [Double]
    private(set) var residual: [Double]
    private(set) var variance: [Double]
    /// For each bin the number of groups in it, and the sum of squares of their numbers of rows.
    private(set) var groups: [Double]
    private(set) var squaredSizes: [Double]
    /// For each bin the sum over its groups of the squared sum of y - c, and the same with the bin's mean subtracted from y - c.
    private(set) var squares: [Double]
    private(set) var centredSquares: [Double]

    /// The number of bins.
    var count: Int { bounds.count - 1 }

    func size(_ bin: Int) -> Double { Double(bounds[bin + 1] - bounds[bin]) }

    /// - Parameter residuals: y - c of the sorted rows.
    init(_ rows: ConfidenceRows, residuals: [Double], _ binning: Binning, byGroup: (rows: [Int32], starts: [Int32])?) {
        bounds = binning.bounds(rows)
        let empty = [Double](repeating: 0, count: bounds.count - 1)
        (confidence, residual, variance, groups, squaredSizes, squares, centredSquares) =
            (empty, empty, empty, empty, empty, empty, empty)
        for bin in empty.indices {
            var (c, r, q, v) = (0.0, 0.0, 0.0, 0.0)
            for row in bounds[bin]..<bounds[bin + 1] {
                let (confidence, residual) = (rows.confidence[row], residuals[row])
                c += confidence
                r += residual
                q += residual * residual
                v += confidence * (1 - confidence)
            }
            (confidence[bin], residual[bin], variance[bin]) = (c, r, v)
            if byGroup == nil {
                (groups[bin], squaredSizes[bin], squares[bin]) = (size(bin), size(bin), q)
                let mean = r / size(bin)
                var centred = 0.0
                for row in bounds[bin]..<bounds[bin + 1] { centred += (residuals[row] - mean) * (residuals[row] - mean) }
                centredSquares[bin] = centred
            }
        }
        if let byGroup { addGroups(residuals, byGroup) }
    }

    /// Adds the sums over each group's rows in each bin. The rows of a group are sorted by confidence, so that its rows in one bin are
    /// neighbours.
    private mutating func addGroups(_ residuals: [Double], _ byGroup: (rows: [Int32], starts: [Int32])) {
        let means = residual.indices.map { residual[$0] / size($0) }
        let binOf = binNumbers
        for group in 0..<(byGroup.starts.count - 1) {
            var index = Int(byGroup.starts[group])
            let end = Int(byGroup.starts[group + 1])
            while index < end {
                let bin = Int(binOf[Int(byGroup.rows[index])])
                var (sum, size) = (0.0, 0.0)
                while index < end, binOf[Int(byGroup.rows[index])] == Int32(bin) {
                    sum += residuals[Int(byGroup.rows[index])]
                    size += 1
                    index += 1
                }
                let centred = sum - size * means[bin]
                groups[bin] += 1
                squaredSizes[bin] += size * size
                squares[bin] += sum * sum
                centredSquares[bin] += centred * centred
            }
        }
    }

    /// The bin number of each row.
    var binNumbers: [Int32] {
        var numbers = [Int32](repeating: 0, count: bounds[count])
        for bin in 0..<count {
            for row in bounds[bin]..<bounds[bin + 1] { numbers[row] = Int32(bin) }
        }
        return numbers
    }

    /// Each value times its bin's factor, plus its bin's offset, row by row.
    func rowwise(_ values: [Double], times factors: [Double], plus offsets: [Double]? = nil) -> [Double] {
        var result = values
        for bin in 0..<count {
            let (factor, offset) = (factors[bin], offsets?[bin] ?? 0)
            for row in bounds[bin]..<bounds[bin + 1] { result[row] = result[row] * factor + offset }
        }
        return result
    }
}
