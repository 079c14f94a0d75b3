import RealModule
import Statistics

/// The units of rows that may be exchanged between two samples; rows are numbered in the pool.
struct ExchangeUnits: Sendable, Equatable {
    /// A unit with rows in both samples, whose two parts can only swap as a whole.
    struct Swap: Sendable, Equatable {
        /// Its rows in the first sample; those with a partner come first.
        var first: [Int]
        /// Its rows in the second sample: the partners, in the order of `first`, then the others.
        var second: [Int]
        /// How many leading rows of both parts are pairs of the same item.
        let pairCount: Int
    }

    /// Units with rows in one sample only. Relabelling deals them to the two samples anew, each of which keeps its number of units.
    struct Deal: Sendable, Equatable {
        var first: [[Int]]
        var second: [[Int]]
        /// How many rows of each unit take part.
        let size: Int
    }

    var swaps: [Swap]
    var deals: [Deal]
    /// Above every row.
    let rowBound: Int

    /// Takes the swaps, and matches the units of both samples by size.
    ///
    /// A test by relabelling needs units that could have come from either sample, so they must have equally many rows: groups of three rows
    /// in one sample against single rows in the other show a divergence even without a shift. Units are sorted by size and matched in
    /// slots; all units of a slot keep as many rows as its smallest unit has, and units that keep equally many rows are dealt out together.
    /// Samples whose units have one size, or the same sizes, keep all rows.
    init(swaps: [Swap], firstUnits: [[Int]], secondUnits: [[Int]]) {
        self.swaps = swaps
        rowBound = 1 + (swaps.flatMap { $0.first + $0.second } + (firstUnits + secondUnits).flatMap { $0 }).reduce(-1) { max($0, $1) }
        guard !firstUnits.isEmpty, !secondUnits.isEmpty else {
            let size = (firstUnits + secondUnits).map(\.count).max() ?? 0
            deals = size == 0 ? [] : [Deal(first: firstUnits, second: secondUnits, size: size)]
            return
        }
        // If one side has more units, ascending and descending order fill the slots differently; take the order that keeps more rows.
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

    /// The natural logarithm of the number of relabellings: two for each swap, and for each deal the ways to choose the first units.
    var logRelabellingCount: Double {
        deals.reduce(Double(swaps.count) * .log(2)) { sum, deal in
            let (n, m) = (Double(deal.first.count), Double(deal.second.count))
            return sum + .logGamma(n + m + 1) - .logGamma(n + 1) - .logGamma(m + 1)
        }
    }

    /// The rows of each unit within one sample, for units that have more than one there.
    var dependentRows: [[Int]] {
        (swaps.flatMap { [$0.first, $0.second] } + deals.flatMap { $0.first + $0.second }).filter { $0.count > 1 }
    }

    /// Whether some unit has more rows than can take part.
    var needsThinning: Bool {
        swaps.contains { $0.first.count != $0.second.count }
            || deals.contains { deal in (deal.first + deal.second).contains { $0.count > deal.size } }
    }

    /// Whether both samples have equally many units in every deal, so that the samples may swap as a whole.
    var isBalanced: Bool { deals.allSatisfy { $0.first.count == $0.second.count } }

    /// Whether drawing equally many units from both samples leaves some out, but not all.
    var needsBalancing: Bool {
        !isBalanced
            && (!swaps.isEmpty || deals.contains { !$0.first.isEmpty && !$0.second.isEmpty })
    }

    /// The units with only as many random rows as take part; the pairs of a swap stay.
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

    /// All swaps, and in every deal equally many random units from both samples.
    func balanced(using generator: inout SeededGenerator) -> ExchangeUnits {
        var result = self
        for (index, deal) in deals.enumerated() {
            let size = min(deal.first.count, deal.second.count)
            result.deals[index].first = generator.sample(size, below: deal.first.count).map { deal.first[$0] }
            result.deals[index].second = generator.sample(size, below: deal.second.count).map { deal.second[$0] }
        }
        return result
    }

    /// All rows in the sample that they come from.
    var ownSplit: RowSplit {
        RowSplit(
            first: (swaps.flatMap(\.first) + deals.flatMap { $0.first.flatMap { $0 } }).sorted(),
            second: (swaps.flatMap(\.second) + deals.flatMap { $0.second.flatMap { $0 } }).sorted())
    }
}

extension SeededGenerator {
    /// `count` random rows out of `rows`, always with the first `kept`.
    fileprivate mutating func rows(_ count: Int, of rows: [Int], keeping kept: Int = 0) -> [Int] {
        guard rows.count > count else { return rows }
        return rows[..<kept] + sample(count - kept, below: rows.count - kept).map { rows[kept + $0] }
    }
}
