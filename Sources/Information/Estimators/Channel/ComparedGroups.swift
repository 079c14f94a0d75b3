/// The negatives of a set in whole groups, of which each answer is compared with a given number.
///
/// Answers that are compared with fewer references have an information nearer to 0: a group is one of fewer, and the mean over few
/// ratios is uncertain. So that EMID of two sets shows what the shift changed and not their sizes, the answers of both are compared with as
/// many groups as the smaller set has. In the larger set each answer is compared with several choices, whose contributions are averaged;
/// each choice holds the answer's own group. Groups are chosen in the order of their hashes, whatever their places.
struct ComparedGroups: Sendable {
    /// The most choices whose contributions are averaged.
    private static let choiceCount = 16

    /// The places among the negatives of each group's rows, groups in the order of their hashes.
    private let places: [[Int]]
    /// For each row of the set the position of its group; nil if none of the group's rows is a negative.
    private let positions: [Int?]
    /// Whether each row of the set is a negative itself.
    private let areNegatives: [Bool]
    private let hashes: [UInt64]
    /// The number of groups that each answer is compared with.
    private let taken: Int

    /// The number of groups among the negatives of a set.
    static func count(_ rows: ChannelRows) -> Int { Set(rows.negatives.map { rows.groups[$0] }).count }

    /// - Precondition: 1 <= `taken` <= `count(rows)`.
    init(_ rows: ChannelRows, taking taken: Int) {
        var byLabel: [String: (hash: UInt64, places: [Int])] = [:]
        for (place, row) in rows.negatives.enumerated() {
            let found = byLabel[rows.groups[row]]
            byLabel[rows.groups[row]] = (min(found?.hash ?? .max, rows.hashes[row]), (found?.places ?? []) + [place])
        }
        let sorted = byLabel.sorted { ($0.value.hash, $0.value.places[0]) < ($1.value.hash, $1.value.places[0]) }
        let positionOfLabel = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.key, $0) })
        places = sorted.map(\.value.places)
        positions = rows.groups.map { positionOfLabel[$0] }
        areNegatives = rows.negativePlaces.map { $0 != nil }
        hashes = rows.hashes
        precondition((1...places.count).contains(taken), "as many groups as there are")
        self.taken = taken
    }

    /// Whose answer is compared.
    enum Answer {
        /// That of a row of the set. Its own ratio, which is 1, joins those of the negatives if the row is none of them.
        case own(Int)
        /// That of a row of another set.
        case stranger(hash: UInt64)
    }

    /// Whether every answer is compared with all groups.
    var takesAll: Bool { taken == places.count }

    /// The mean of an answer's ratios in each choice.
    ///
    /// - Parameters:
    ///   - ratios: one for each negative.
    ///   - total: their sum.
    func means(_ ratios: ArraySlice<Double>, sum total: Double, of answer: Answer) -> [Double] {
        var (joining, size, position) = (0.0, taken, 0)
        var spread = places.count
        switch answer {
        case .own(let row):
            joining = areNegatives[row] ? 0 : 1
            if let own = positions[row] {
                // The choices begin at places from which they reach their own group.
                (position, spread) = (own + places.count - (taken - 1), taken)
            } else {
                // In the larger set the row itself is one of the groups.
                (position, size) = (Int(hashes[row] % UInt64(places.count)), taken == places.count ? taken : taken - 1)
            }
        case .stranger(let hash): position = Int(hash % UInt64(places.count))
        }
        if size == places.count {
            return [(total + joining) / (Double(ratios.count) + joining)]
        }
        let choices = min(Self.choiceCount, spread)
        let starts = (0..<choices).map { position + $0 * spread / choices }
        // Neighbouring choices hold nearly the same groups: the sums between all ends are taken once. Nothing is subtracted, since one ratio
        // may be far larger than all others.
        let ends = Set((starts + starts.map { $0 + size }).map { $0 % places.count }).sorted()
        let parts = ends.indices.map { index in
            let next = index + 1 < ends.count ? ends[index + 1] : ends[0] + places.count
            return sum(ends[index]..<next, of: ratios)
        }
        return starts.map { start in
            var (sum, count, reached) = (joining, joining, start)
            // Each choice begins at one of the ends.
            var index = ends.firstIndex(of: start % places.count) ?? 0
            while reached < start + size {
                sum += parts[index].sum
                count += parts[index].count
                let next = index + 1 < ends.count ? ends[index + 1] : ends[0] + places.count
                reached += next - ends[index]
                index = (index + 1) % ends.count
            }
            return sum / count
        }
    }

    /// The sum of the ratios of consecutive groups, and the number of these ratios.
    private func sum(_ groups: Range<Int>, of ratios: ArraySlice<Double>) -> (sum: Double, count: Double) {
        var (sum, count) = (0.0, 0)
        for group in groups {
            let own = places[group < places.count ? group : group - places.count]
            for place in own { sum += ratios[ratios.startIndex + place] }
            count += own.count
        }
        return (sum, Double(count))
    }
}
