import RealModule
import Statistics

/// What may change places between two samples, in pooled rows.
struct ExchangeUnits: Sendable, Equatable {
    /// A unit with rows in both samples: its two parts change places as one.
    struct Swap: Sendable, Equatable {
        /// Rows of the first sample, those with a partner before the others.
        var first: [Int]
        /// Rows of the second sample, the partners of the first's in their order, then the others.
        var second: [Int]
        /// How many leading rows of both parts are the same items.
        let pairCount: Int
    }

    /// Units with rows in one sample only that are dealt out anew among themselves, keeping the number of units a sample.
    struct Deal: Sendable, Equatable {
        var first: [[Int]]
        var second: [[Int]]
        /// How many rows of each unit take part.
        let size: Int
    }

    var swaps: [Swap]
    var deals: [Deal]

    /// Swaps, and units of either sample matched by their sizes.
    ///
    /// A test by relabelling needs units that could have come from either sample, of as many rows: groups of three rows
    /// in one sample against single rows in the other show a divergence where there is no shift. Sorted by size, the units
    /// of the smaller side and the corresponding ones of the larger keep as many rows each as the smallest among them has; units
    /// that keep as many are dealt out together. Samples whose units have one size, or the same sizes, keep all rows.
    init(swaps: [Swap], firstUnits: [[Int]], secondUnits: [[Int]]) {
        self.swaps = swaps
        guard !firstUnits.isEmpty, !secondUnits.isEmpty else {
            let size = (firstUnits + secondUnits).map(\.count).max() ?? 0
            deals = size == 0 ? [] : [Deal(first: firstUnits, second: secondUnits, size: size)]
            return
        }
        // Where one side has more units, the rank from which they are counted decides which of them share a slot.
        let (up, down) = (
            Self.deals(firstUnits, secondUnits, order: <), Self.deals(firstUnits, secondUnits, order: >)
        )
        func rowCount(_ deals: [Deal]) -> Int { deals.reduce(0) { $0 + $1.size * ($1.first.count + $1.second.count) } }
        deals = rowCount(up) >= rowCount(down) ? up : down
    }

    private static func deals(
        _ firstUnits: [[Int]], _ secondUnits: [[Int]], order: (Int, Int) -> Bool
    ) -> [Deal] {
        let slotCount = min(firstUnits.count, secondUnits.count)
        func slots(_ units: [[Int]]) -> [[Int]] {
            let ranked = units.indices.sorted {
                units[$0].count == units[$1].count ? $0 < $1 : order(units[$0].count, units[$1].count)
            }
            var slots = [[Int]](repeating: [], count: slotCount)
            for (rank, unit) in ranked.enumerated() { slots[rank * slotCount / units.count].append(unit) }
            return slots
        }
        var members: [(first: [Int], second: [Int], size: Int)] = []
        for (first, second) in zip(slots(firstUnits), slots(secondUnits)) {
            let size = (first.map { firstUnits[$0].count } + second.map { secondUnits[$0].count }).min() ?? 0
            if let last = members.indices.last, members[last].size == size {
                members[last].first += first
                members[last].second += second
            } else {
                members.append((first, second, size))
            }
        }
        return members.map { first, second, size in
            Deal(first: first.sorted().map { firstUnits[$0] }, second: second.sorted().map { secondUnits[$0] }, size: size)
        }
    }

    /// The number of units that can move independently.
    var count: Int { swaps.count + deals.reduce(0) { $0 + $1.first.count + $1.second.count } }

    /// The natural logarithm of the number of relabellings: either way round for swaps, and who is first for units of a deal.
    var logRelabellingCount: Double {
        deals.reduce(Double(swaps.count) * .log(2)) { sum, deal in
            let (n, m) = (Double(deal.first.count), Double(deal.second.count))
            return sum + .logGamma(n + m + 1) - .logGamma(n + 1) - .logGamma(m + 1)
        }
    }

    /// The rows of each unit in either sample, where there is more than one.
    var dependentRows: [[Int]] {
        (swaps.flatMap { [$0.first, $0.second] } + deals.flatMap { $0.first + $0.second }).filter { $0.count > 1 }
    }

    /// Whether some unit has more rows than take part.
    var needsThinning: Bool {
        swaps.contains { $0.first.count != $0.second.count }
            || deals.contains { deal in (deal.first + deal.second).contains { $0.count > deal.size } }
    }

    /// Whether either sample has as many units in every deal, so that they may change places as a whole.
    var isBalanced: Bool { deals.allSatisfy { $0.first.count == $0.second.count } }

    /// Whether draws of as many units from either sample differ from the units themselves, and are not empty.
    var needsBalancing: Bool {
        !isBalanced
            && (!swaps.isEmpty || deals.contains { !$0.first.isEmpty && !$0.second.isEmpty })
    }

    /// Random rows of each unit, as many as take part; the pairs of a swap stay.
    func thinned(using generator: inout SeededGenerator) -> ExchangeUnits {
        var result = self
        for index in swaps.indices {
            let swap = swaps[index]
            let size = min(swap.first.count, swap.second.count)
            result.swaps[index].first = generator.rows(size, of: swap.first, keeping: swap.pairCount)
            result.swaps[index].second = generator.rows(size, of: swap.second, keeping: swap.pairCount)
        }
        for (index, deal) in deals.enumerated() {
            result.deals[index].first = deal.first.map { generator.rows(deal.size, of: $0) }
            result.deals[index].second = deal.second.map { generator.rows(deal.size, of: $0) }
        }
        return result
    }

    /// As many random units from either sample in every deal; all swaps.
    func balanced(using generator: inout SeededGenerator) -> ExchangeUnits {
        var result = self
        for (index, deal) in deals.enumerated() {
            let size = min(deal.first.count, deal.second.count)
            result.deals[index].first = generator.sample(size, below: deal.first.count).map { deal.first[$0] }
            result.deals[index].second = generator.sample(size, below: deal.second.count).map { deal.second[$0] }
        }
        return result
    }

    /// All rows where they come from.
    var ownSplit: RowSplit {
        RowSplit(
            first: (swaps.flatMap(\.first) + deals.flatMap { $0.first.flatMap { $0 } }).sorted(),
            second: (swaps.flatMap(\.second) + deals.flatMap { $0.second.flatMap { $0 } }).sorted())
    }

    /// Every swap made or not, every deal dealt anew.
    func relabelled(using generator: inout SeededGenerator) -> RowSplit {
        var (first, second): ([Int], [Int]) = ([], [])
        for swap in swaps {
            let keep = Bool.random(using: &generator)
            first += keep ? swap.first : swap.second
            second += keep ? swap.second : swap.first
        }
        for deal in deals {
            let units = deal.first + deal.second
            for (position, unit) in generator.permutation(of: units.count).enumerated() {
                if position < deal.first.count { first += units[unit] } else { second += units[unit] }
            }
        }
        return RowSplit(first: first.sorted(), second: second.sorted())
    }
}

extension SeededGenerator {
    /// `count` of `rows` at random, the leading `kept` of them among these.
    fileprivate mutating func rows(_ count: Int, of rows: [Int], keeping kept: Int = 0) -> [Int] {
        guard rows.count > count else { return rows }
        return rows[..<kept] + sample(count - kept, below: rows.count - kept).map { rows[kept + $0] }
    }
}
