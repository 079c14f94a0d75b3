import Statistics

/// Relabels exchangeable units at random. Their rows lie in plain arrays, because a test asks for thousands of relabellings.
struct UnitDealer: Sendable {
    /// The rows of some units one after the other.
    private struct Units: Sendable {
        private(set) var rows: [Int] = []
        private(set) var starts = [0]

        var count: Int { starts.count - 1 }

        mutating func append(_ unit: [Int]) {
            rows += unit
            starts.append(rows.count)
        }

        func mark(_ unit: Int, in sides: inout [UInt8], as side: UInt8) {
            for index in starts[unit]..<starts[unit + 1] { sides[rows[index]] = side }
        }
    }

    /// The two parts of each swap, in turn.
    private var swaps = Units()
    /// The units of each deal, those of the first sample first.
    private var deals: [(units: Units, firstCount: Int)] = []
    private let rowBound: Int

    init(_ units: ExchangeUnits) {
        rowBound = units.rowBound
        for swap in units.swaps {
            swaps.append(swap.first)
            swaps.append(swap.second)
        }
        for deal in units.deals {
            var all = Units()
            for unit in deal.first + deal.second { all.append(unit) }
            deals.append((all, deal.first.count))
        }
    }

    /// A random relabelling: each swap is made or not, and each deal is dealt anew.
    func relabelled(using generator: inout SeededGenerator) -> RowSplit {
        // By the side of every row: 1, 2, or 0 where it does not take part. Rows then come out in order without a sort.
        var sides = [UInt8](repeating: 0, count: rowBound)
        for swap in stride(from: 0, to: swaps.count, by: 2) {
            let isMade = !Bool.random(using: &generator)
            swaps.mark(swap, in: &sides, as: isMade ? 2 : 1)
            swaps.mark(swap + 1, in: &sides, as: isMade ? 1 : 2)
        }
        for (units, firstCount) in deals {
            for (position, unit) in generator.permutation(of: units.count).enumerated() {
                units.mark(unit, in: &sides, as: position < firstCount ? 1 : 2)
            }
        }
        var counts = (0, 0)
        for side in sides {
            counts.0 += side == 1 ? 1 : 0
            counts.1 += side == 2 ? 1 : 0
        }
        var (first, second): ([Int], [Int]) = ([], [])
        first.reserveCapacity(counts.0)
        second.reserveCapacity(counts.1)
        for (row, side) in sides.enumerated() {
            if side == 1 { first.append(row) } else if side == 2 { second.append(row) }
        }
        return RowSplit(first: first, second: second)
    }
}
