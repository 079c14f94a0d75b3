/// Which rows of two samples may be exchanged under the null hypothesis that both have one distribution.
///
/// Rows of one group move together, because they are dependent (90 questions stand on 30 images). Where both samples hold
/// the same items, the two rows of an item are swapped instead of shuffled freely: their difference is what the
/// shift did, and a free shuffle would break the pairing that the design has.
public struct SampleDesign: Sendable, Equatable {
    /// Rows of the first and second sample that change places as one: the pairs of a group.
    private let swaps: [(first: [Int], second: [Int])]
    /// Groups of rows with no partner, by sample; they are dealt out anew, keeping the number of groups a sample.
    private let firstUnits: [[Int]]
    private let secondUnits: [[Int]]
    /// Rows in the first sample.
    public let firstCount: Int
    /// Rows in the second sample.
    public let secondCount: Int

    /// The number of items that both samples hold.
    public let pairedCount: Int

    /// The number of units that can move independently.
    public var unitCount: Int { swaps.count + firstUnits.count + secondUnits.count }

    /// Two samples drawn independently, or with the same items where `identifiers` agree.
    ///
    /// - Parameters:
    ///   - firstGroups: one label a row of the first sample; nil makes each row its own group.
    ///   - firstIdentifiers: item names of the first sample; pairing needs them on both sides.
    public init(
        firstCount: Int, secondCount: Int, firstGroups: [String]? = nil, secondGroups: [String]? = nil,
        firstIdentifiers: [String]? = nil, secondIdentifiers: [String]? = nil
    ) {
        self.firstCount = firstCount
        self.secondCount = secondCount
        var partner = [Int?](repeating: nil, count: firstCount)
        var taken = [Bool](repeating: false, count: secondCount)
        if let firstIdentifiers, let secondIdentifiers {
            let positions = Dictionary(zip(secondIdentifiers, 0...)) { first, _ in first }
            for (row, name) in firstIdentifiers.enumerated() {
                guard let other = positions[name], !taken[other] else { continue }
                partner[row] = other
                taken[other] = true
            }
        }
        pairedCount = taken.count { $0 }

        let firstLabels = firstGroups ?? (0..<firstCount).map { "row \($0)" }
        let secondLabels = secondGroups ?? (0..<secondCount).map { "row \($0)" }
        var swaps: [(first: [Int], second: [Int])] = []
        var firstUnits: [[Int]] = []
        for rows in Self.rowsByLabel(firstLabels) {
            let pairs = rows.compactMap { row in partner[row].map { (row, $0) } }
            let alone = rows.filter { partner[$0] == nil }
            if !pairs.isEmpty { swaps.append((pairs.map(\.0), pairs.map(\.1))) }
            if !alone.isEmpty { firstUnits.append(alone) }
        }
        self.swaps = swaps
        self.firstUnits = firstUnits
        secondUnits = Self.rowsByLabel(secondLabels).map { $0.filter { !taken[$0] } }.filter { !$0.isEmpty }
    }

    /// The design of two sample sets, from their identifiers and groups.
    public init(_ first: SampleSet, _ second: SampleSet) {
        self.init(
            firstCount: first.rowCount, secondCount: second.rowCount,
            firstGroups: first.groups, secondGroups: second.groups,
            firstIdentifiers: first.identifiers, secondIdentifiers: second.identifiers)
    }

    /// The design of the two outputs (response and reference) of one set: every row is a pair.
    public init(outputsOf set: SampleSet) {
        let names = (0..<set.rowCount).map(String.init)
        self.init(
            firstCount: set.rowCount, secondCount: set.rowCount, firstGroups: set.groups, secondGroups: set.groups,
            firstIdentifiers: names, secondIdentifiers: names)
    }

    /// `count` random relabellings; the same seed gives the same ones.
    public func relabellings(count: Int, seed: UInt64) -> [Relabelling] {
        (0..<count).map { index in
            var generator = SeededGenerator(seed: seed, stream: "relabelling", index: index)
            return relabelling(using: &generator)
        }
    }

    private func relabelling(using generator: inout SeededGenerator) -> Relabelling {
        relabelling(firstUnits, secondUnits, using: &generator)
    }

    private func relabelling(
        _ firstUnits: [[Int]], _ secondUnits: [[Int]], using generator: inout SeededGenerator
    ) -> Relabelling {
        var (first, second): ([Int], [Int]) = ([], [])
        for swap in swaps {
            let keep = Bool.random(using: &generator)
            first += keep ? swap.first : swap.second.map { $0 + firstCount }
            second += keep ? swap.second.map { $0 + firstCount } : swap.first
        }
        let units = firstUnits + secondUnits.map { $0.map { $0 + firstCount } }
        for (position, unit) in generator.permutation(of: units.count).enumerated() {
            if position < firstUnits.count { first += units[unit] } else { second += units[unit] }
        }
        return Relabelling(first: first.sorted(), second: second.sorted())
    }

    /// `count` random draws of as many units from either sample, each with a relabelling of its rows; none where the samples
    /// have as many units already.
    ///
    /// Relabelling samples of different sizes mixes them in the proportion of their sizes, while the divergence mixes them half
    /// and half: 90 rows against 30 lose two thirds of a divergence of 0.15 in that way, and draws of equal size a quarter.
    public func balancedDraws(count: Int, seed: UInt64) -> [BalancedDraw] {
        let size = min(firstUnits.count, secondUnits.count)
        guard firstUnits.count != secondUnits.count, size > 0 else { return [] }
        return (0..<count).map { index in
            var generator = SeededGenerator(seed: seed, stream: "balanced draw", index: index)
            let first = generator.sample(size, below: firstUnits.count).map { firstUnits[$0] }
            let second = generator.sample(size, below: secondUnits.count).map { secondUnits[$0] }
            let drawn = Relabelling(
                first: (swaps.flatMap(\.first) + first.flatMap { $0 }).sorted(),
                second: (swaps.flatMap(\.second) + second.flatMap { $0 }).map { $0 + firstCount }.sorted())
            return BalancedDraw(drawn: drawn, relabelled: relabelling(first, second, using: &generator))
        }
    }

    private static func rowsByLabel(_ labels: [String]) -> [[Int]] {
        var positions: [String: Int] = [:]
        var rows: [[Int]] = []
        for (row, label) in labels.enumerated() {
            if let position = positions[label] {
                rows[position].append(row)
            } else {
                positions[label] = rows.count
                rows.append([row])
            }
        }
        return rows
    }

    /// Whether two designs exchange the same rows (arrays of tuples have no synthesized equality).
    public static func == (left: SampleDesign, right: SampleDesign) -> Bool {
        left.firstCount == right.firstCount && left.secondCount == right.secondCount
            && left.firstUnits == right.firstUnits && left.secondUnits == right.secondUnits
            && left.swaps.elementsEqual(right.swaps) { $0.first == $1.first && $0.second == $1.second }
    }
}

/// The pooled rows (those of the first sample, then those of the second) dealt out again in two.
public struct Relabelling: Sendable, Equatable {
    /// Pooled indices, ascending.
    public let first: [Int]
    /// Pooled indices, ascending.
    public let second: [Int]
}

/// As many units from either of two samples, as they are and relabelled.
public struct BalancedDraw: Sendable, Equatable {
    /// The drawn rows under their own labels.
    public let drawn: Relabelling
    /// The same rows dealt out again.
    public let relabelled: Relabelling
}
