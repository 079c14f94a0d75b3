import RealModule
import Statistics

/// Which rows of two samples may be exchanged under the null hypothesis that both have one distribution.
///
/// Rows of one group move together, because they are dependent (90 questions stand on 30 images). Where both samples hold
/// rows of a group, or the same items, these change places instead of being shuffled freely: their difference is what the
/// shift did, and a free shuffle would break the pairing that the design has. Units are the connected components of "same
/// group" and "same item" over both samples.
package struct ExchangeDesign: Sendable, Equatable {
    /// Over how many thinnings a statistic is averaged where units differ in size and either sample has as many: four leave a
    /// quarter of the variance that comes from the choice of rows (a shift seen in 42 % of trials at 5 % with one thinning was
    /// seen in 58 %).
    static let thinningCount = 4

    private let units: ExchangeUnits
    /// Rows in the first sample.
    package let firstCount: Int
    /// Rows in the second sample.
    package let secondCount: Int

    /// The number of rows of either sample with a partner in the other: items that both hold.
    package let pairedCount: Int

    /// The number of units that can move independently.
    package var unitCount: Int { units.count }

    /// The smallest p-value that there is: one relabelling of all, or two where the samples may change places as a whole, which no
    /// divergence notices.
    package var smallestPValue: Double { min(1, (units.isBalanced ? 2 : 1) / relabellingCount) }
    /// The number of relabellings, the one that was seen among them.
    package var relabellingCount: Double { .exp(units.logRelabellingCount) }
    /// Pooled rows of one sample that move together, because they depend on each other; single rows are left out.
    package var dependentRows: [[Int]] { units.dependentRows }

    /// Two samples drawn independently, or with the same items where `identifiers` agree.
    ///
    /// The k-th row of an item in one sample is the partner of its k-th row in the other.
    /// - Parameters:
    ///   - firstGroups: one label a row of the first sample; the same label in both samples is the same group.
    ///   - firstIdentifiers: item names of the first sample: rows of one item move together, and pairing needs names on both
    ///     sides.
    package init(
        firstCount: Int, secondCount: Int, firstGroups: [String]? = nil, secondGroups: [String]? = nil,
        firstIdentifiers: [String]? = nil, secondIdentifiers: [String]? = nil
    ) {
        func links(_ first: [String]?, _ second: [String]?) -> [[Int]] {
            let rows = Array(zip(first ?? [], 0...)) + Array(zip(second ?? [], firstCount...))
            return Dictionary(grouping: rows) { $0.0 }.values.map { $0.map(\.1) }
        }
        self.init(
            firstCount: firstCount, secondCount: secondCount,
            links: links(firstGroups, secondGroups) + links(firstIdentifiers, secondIdentifiers),
            partners: Self.partners(firstIdentifiers ?? [], secondIdentifiers ?? []))
    }

    /// Two samples in which the pooled rows of every link belong together.
    private init(firstCount: Int, secondCount: Int, links: [[Int]], partners: [(Int, Int)]) {
        self.firstCount = firstCount
        self.secondCount = secondCount
        pairedCount = partners.count
        var components = UnionFind(count: firstCount + secondCount)
        for rows in links {
            for row in rows.dropFirst() { components.merge(rows[0], row) }
        }
        let partnerOf = Dictionary(uniqueKeysWithValues: partners)
        let paired = Set(partnerOf.values)
        var swaps: [ExchangeUnits.Swap] = []
        var (firstUnits, secondUnits): ([[Int]], [[Int]]) = ([], [])
        for rows in components.sets() {
            let (first, second) = (rows.filter { $0 < firstCount }, rows.filter { $0 >= firstCount })
            if second.isEmpty {
                firstUnits.append(first)
            } else if first.isEmpty {
                secondUnits.append(second)
            } else {
                let pairs = first.compactMap { row in partnerOf[row].map { (row, firstCount + $0) } }
                swaps.append(
                    ExchangeUnits.Swap(
                        first: pairs.map(\.0) + first.filter { partnerOf[$0] == nil },
                        second: pairs.map(\.1) + second.filter { !paired.contains($0 - firstCount) },
                        pairCount: pairs.count))
            }
        }
        units = ExchangeUnits(swaps: swaps, firstUnits: firstUnits, secondUnits: secondUnits)
    }

    /// The design of two sample sets: what standard errors take as one group is exchanged together (`RowGroups`).
    package init(_ first: SampleSet, _ second: SampleSet) {
        self.init(
            firstCount: first.rowCount, secondCount: second.rowCount, links: RowGroups([first, second]).groups,
            partners: Self.partners(first.identifiers ?? [], second.identifiers ?? []))
    }

    /// The design of the two outputs (response and reference) of one set: every row is a pair.
    package init(outputsOf set: SampleSet) {
        let count = set.rowCount
        self.init(
            firstCount: count, secondCount: count,
            links: RowGroups([set]).groups.map { rows in rows + rows.map { count + $0 } },
            partners: (0..<count).map { ($0, $0) })
    }

    /// The pairs of rows with one name, the k-th of the first sample with the k-th of the second, by rows of the first.
    private static func partners(_ first: [String], _ second: [String]) -> [(Int, Int)] {
        let positions = Dictionary(grouping: second.indices) { second[$0] }
        var used: [String: Int] = [:]
        var pairs: [(Int, Int)] = []
        for (row, name) in first.enumerated() {
            let occurrence = used[name, default: 0]
            guard let rows = positions[name], occurrence < rows.count else { continue }
            pairs.append((row, rows[occurrence]))
            used[name] = occurrence + 1
        }
        return pairs
    }

    /// `count` random relabellings; the same seed gives the same ones.
    package func relabellings(count: Int, seed: UInt64) -> [Relabelling] {
        Array(lazyRelabellings(count: count, seed: seed))
    }

    /// As `relabellings`, each made when it is asked for.
    package func lazyRelabellings(count: Int, seed: UInt64) -> SeededDraws<Relabelling> {
        let thinnings = thinnings(seed: seed)
        let drawn = units.needsThinning ? thinnings.map(\.ownSplit) : []
        return SeededDraws(count: count) { index in
            let dealt = thinnings.map { units in
                // The same stream for every thinning deals the same units to the same side.
                var generator = SeededGenerator(seed: seed, stream: "relabelling", index: index)
                return units.relabelled(using: &generator)
            }
            return Relabelling(dealt: dealt, drawn: drawn)
        }
    }

    /// The relabelling of one index, as in `relabellings`.
    package func relabelling(index: Int, seed: UInt64) -> Relabelling {
        lazyRelabellings(count: index + 1, seed: seed)[index]
    }

    /// The units themselves where all their rows take part, else random thinnings of them.
    ///
    /// One thinning alone makes units exchangeable whatever their number. Over several, large units average their rows and
    /// small ones repeat them: harmless where both samples have as many units, but 30 single rows against 90 groups of
    /// three gave p <= 0.05 in 11 % of trials without a shift.
    private func thinnings(seed: UInt64) -> [ExchangeUnits] {
        guard units.needsThinning else { return [units] }
        return (0..<(units.isBalanced ? Self.thinningCount : 1)).map { index in
            var generator = SeededGenerator(seed: seed, stream: "thinning", index: index)
            return units.thinned(using: &generator)
        }
    }

    /// `count` random draws of as many units from either sample, each with a relabelling of its rows; none where the samples
    /// have as many units already.
    ///
    /// Relabelling samples of different sizes mixes them in the proportion of their sizes, while the divergence mixes them half
    /// and half: 90 rows against 30 lose two thirds of a divergence of 0.15 in that way, and draws of equal size a quarter.
    /// Items that one sample alone holds, without units of the other to exchange them with, are not drawn.
    package func balancedDraws(count: Int, seed: UInt64) -> [BalancedDraw] {
        Array(lazyBalancedDraws(count: count, seed: seed))
    }

    /// As `balancedDraws`, each made when it is asked for.
    package func lazyBalancedDraws(count: Int, seed: UInt64) -> SeededDraws<BalancedDraw> {
        SeededDraws(count: units.needsBalancing ? count : 0) { [units] index in
            var generator = SeededGenerator(seed: seed, stream: "balanced draw", index: index)
            let whole = units.needsThinning ? units.thinned(using: &generator) : units
            let drawn = whole.balanced(using: &generator)
            return BalancedDraw(drawn: drawn.ownSplit, relabelled: drawn.relabelled(using: &generator))
        }
    }
}
