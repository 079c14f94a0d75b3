import RealModule
import Statistics

/// Which rows belong together, like questions on one image; without groups each row is a cluster of its own.
///
/// Groups are numbered, and sums over groups run in the order of their numbers. If the numbers follow the order of the labels, results do
/// not depend on the order of rows.
package struct Clusters: Sendable, Equatable {
    /// The number of groups G.
    package let count: Int
    /// The group of each row; nil if each row is a group of its own.
    package let ofRow: [Int32]?

    /// Makes each of `rowCount` rows a group of its own.
    package init(rowCount: Int) {
        count = rowCount
        ofRow = nil
    }

    /// Groups by number, 0..<count; none may be empty.
    package init(ofRow: [Int32], count: Int) {
        self.count = count
        self.ofRow = ofRow
    }

    /// Groups by label, numbered in alphabetical order.
    package init(labels: [String]) {
        let numbers = Dictionary(uniqueKeysWithValues: Set(labels).sorted().enumerated().map { ($1, Int32($0)) })
        self.init(ofRow: labels.map { numbers[$0] ?? 0 }, count: numbers.count)
    }

    /// Whether the rows were given groups.
    package var areGiven: Bool { ofRow != nil }

    /// The number of a row's group.
    func group(_ row: Int) -> Int { ofRow.map { Int($0[row]) } ?? row }

    /// The groups of the rows at `rows`, in the order of `rows`. Groups without rows are dropped, and the others keep their order.
    package func selecting(_ rows: [Int]) -> Clusters {
        guard let ofRow else { return Clusters(rowCount: rows.count) }
        var isUsed = [Bool](repeating: false, count: count)
        for row in rows { isUsed[Int(ofRow[row])] = true }
        var number = [Int32](repeating: 0, count: count)
        var next: Int32 = 0
        for group in 0..<count where isUsed[group] {
            number[group] = next
            next += 1
        }
        return Clusters(ofRow: rows.map { number[Int(ofRow[$0])] }, count: Int(next))
    }

    /// The sum over each group of `values`, which holds one value per row.
    func sums(_ values: [Double]) -> [Double] {
        guard let ofRow else { return values }
        var sums = [Double](repeating: 0, count: count)
        for (value, group) in zip(values, ofRow) { sums[Int(group)] += value }
        return sums
    }

    /// The standard error of the mean of `values`, sqrt(G/(G-1) sum over g of (sum over i in g of (v_i - mean))^2) / n, which is the
    /// cluster-robust "sandwich" CR1 (Liang and Zeger, Biometrika 73, 1986). Nil for fewer than two groups.
    package func standardError(of values: [Double], mean: Double) -> Double? {
        guard count > 1 else { return nil }
        var squares = 0.0
        if let ofRow {
            var sums = [Double](repeating: 0, count: count)
            for (value, group) in zip(values, ofRow) { sums[Int(group)] += value - mean }
            for sum in sums { squares += sum * sum }
        } else {
            for value in values { squares += (value - mean) * (value - mean) }
        }
        return (Double(count) / Double(count - 1) * squares).squareRoot() / Double(values.count)
    }

    /// The rows sorted by group, and the position at which each group starts; nil if each row is a group of its own.
    func byGroup() -> (rows: [Int32], starts: [Int32])? {
        guard let ofRow else { return nil }
        var starts = [Int32](repeating: 0, count: count + 1)
        for group in ofRow { starts[Int(group) + 1] += 1 }
        for group in 0..<count { starts[group + 1] += starts[group] }
        var next = starts
        var rows = [Int32](repeating: 0, count: ofRow.count)
        for (row, group) in ofRow.enumerated() {
            rows[Int(next[Int(group)])] = Int32(row)
            next[Int(group)] += 1
        }
        return (rows, starts)
    }
}
