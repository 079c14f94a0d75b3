/// Which pooled rows depend on each other, and how strongly; gives the law of any subset of them.
struct RowDependence: Sendable {
    /// The unit of each pooled row; nil if all rows are independent.
    private let unitOfRow: [Int]?
    private let correlation: Double

    /// - Parameter units: pooled rows of one sample that depend on each other; a row in no unit is independent.
    init(units: [[Int]], firstCount: Int, pooled: PooledRows) {
        let rowCount = pooled.rowCount
        var unitOfRow = Array(0..<rowCount)
        for unit in units {
            for row in unit { unitOfRow[row] = unit[0] }
        }
        let samples = [0..<firstCount, firstCount..<rowCount].map { rows in
            // Units are sorted by their first row, because the order of a dictionary changes from process to process.
            Dictionary(grouping: rows) { unitOfRow[$0] }.values.sorted { $0[0] < $1[0] }
        }
        let correlation = units.contains { $0.count > 1 } ? pooled.correlationWithinUnits(samples) : 0
        self.correlation = correlation
        self.unitOfRow = correlation > 0 ? unitOfRow : nil
    }

    /// The law of the rows in `subset`, taken as one sample.
    func law(_ subset: [Int]) -> RowScales {
        guard let unitOfRow else { return RowScales(rowCount: subset.count) }
        var sizes: [Int: Int] = [:]
        for row in subset { sizes[unitOfRow[row], default: 0] += 1 }
        return RowScales(unitSizes: Array(sizes.values), correlation: correlation)
    }
}
