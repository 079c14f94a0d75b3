import RealModule
import Statistics

/// Which rows of two samples may be exchanged under the null hypothesis that both have one distribution.
///
/// Rows of one group move together, because they depend on each other (90 questions on 30 images, say). If both samples hold rows of a
/// group, or the same items, these rows only swap places instead of being shuffled freely: the shift is what makes them differ, and a
/// free shuffle would break the pairing of the design. Units are the connected components of "same group" and "same item" over
/// both samples.
package struct ExchangeDesign: Sendable, Equatable {
    /// The number of thinnings over which a statistic is averaged if units differ in size and both samples have equally many units. Four
    /// leave a quarter of the variance that comes from the choice of rows: a shift that one thinning detected in 42 % of trials, at a level
    /// of 5 %, was detected in 58 %.
    static let thinningCount = 4

    private let units: ExchangeUnits
    /// Rows in the first sample.
    package let firstCount: Int
    /// Rows in the second sample.
    package let secondCount: Int

    /// The number of rows of each sample that have a partner in the other, because both hold the item.
    package let pairedCount: Int

    /// The number of units that can move independently.
    package var unitCount: Int { units.count }

    /// The smallest p-value that the design allows: one relabelling out of all, or two if the samples may swap as a whole, which no
    /// divergence notices.
    package var smallestPValue: Double { min(1, (units.isBalanced ? 2 : 1) / relabellingCount) }
    /// The number of relabellings, including the observed one.
    package var relabellingCount: Double { .exp(units.logRelabellingCount) }
    /// Sets of rows of one sample that move together because they depend on each other, by position in the pool; single rows are left out.
    package var dependentRows: [[Int]] { units.dependentRows }

    /// The design of two samples that are drawn independently, apart from the items that they share by their identifiers.
    ///
    /// The k-th row of an item in one sample is the partner of its k-th row in the other.
    /// - Parameters:
    ///   - firstGroups: the group label of each row of the first sample; the same label in both samples is the same group.
    ///   - firstIdentifiers: the item name of each row of the first sample. Rows of one item move together; pairing needs names in
    ///     both samples.
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

    /// The design of two samples in which the pooled rows of every link belong together.
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

    /// The design of two sample sets. Rows that standard errors count as one group are exchanged together (`RowGroups`).
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

    /// The pairs of rows with the same name: the k-th such row of the first sample with the k-th of the second, in the order of the first.
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

    /// Like `relabellings`, but each is made only when it is asked for.
    package func lazyRelabellings(count: Int, seed: UInt64) -> SeededDraws<Relabelling> {
        let thinnings = thinnings(seed: seed)
        let drawn = units.needsThinning ? thinnings.map(\.ownSplit) : []
        let dealers = thinnings.map(UnitDealer.init)
        return SeededDraws(count: count) { index in
            let dealt = dealers.map { dealer in
                // The same stream for every thinning deals the same units to the same side.
                var generator = SeededGenerator(seed: seed, stream: "relabelling", index: index)
                return dealer.relabelled(using: &generator)
            }
            return Relabelling(dealt: dealt, drawn: drawn)
        }
    }

    /// Like `lazyRelabellings`, but those that fit into 32 MB are made now and kept, for several readers.
    package func keptRelabellings(count: Int, seed: UInt64) -> SeededDraws<Relabelling> {
        let thinningCount = units.needsThinning && units.isBalanced ? Self.thinningCount : 1
        return lazyRelabellings(count: count, seed: seed).keeping(
            upTo: 4_000_000 / max(1, thinningCount * (firstCount + secondCount)))
    }

    /// The relabelling of one index, as in `relabellings`.
    package func relabelling(index: Int, seed: UInt64) -> Relabelling {
        lazyRelabellings(count: index + 1, seed: seed)[index]
    }

    /// The units themselves if all their rows take part, else random thinnings of them.
    ///
    /// A single thinning makes units exchangeable whatever their number. Over several thinnings, large units average over their rows while
    /// small units repeat theirs. That is harmless if both samples have equally many units, but 30 single rows against 90 groups of
    /// three gave p <= 0.05 in 11 % of trials without a shift.
    private func thinnings(seed: UInt64) -> [ExchangeUnits] {
        guard units.needsThinning else { return [units] }
        return (0..<(units.isBalanced ? Self.thinningCount : 1)).map { index in
            var generator = SeededGenerator(seed: seed, stream: "thinning", index: index)
            return units.thinned(using: &generator)
        }
    }

    /// `count` random draws of equally many units from both samples, each with a relabelling of its rows; none if the samples
    /// already have equally many units.
    ///
    /// Relabelling samples of different sizes mixes them in proportion to their sizes, while the divergence mixes them half and half.
    /// With 90 rows against 30 this loses two thirds of a divergence of 0.15, and draws of equal size lose a quarter. Items of one sample
    /// are not drawn if the other sample has no units to exchange them with.
    package func balancedDraws(count: Int, seed: UInt64) -> [BalancedDraw] {
        Array(lazyBalancedDraws(count: count, seed: seed))
    }

    /// Like `balancedDraws`, but each is made only when it is asked for.
    package func lazyBalancedDraws(count: Int, seed: UInt64) -> SeededDraws<BalancedDraw> {
        SeededDraws(count: units.needsBalancing ? count : 0) { [units] index in
            var generator = SeededGenerator(seed: seed, stream: "balanced draw", index: index)
            let whole = units.needsThinning ? units.thinned(using: &generator) : units
            let drawn = whole.balanced(using: &generator)
            return BalancedDraw(drawn: drawn.ownSplit, relabelled: UnitDealer(drawn).relabelled(using: &generator))
        }
    }
}
