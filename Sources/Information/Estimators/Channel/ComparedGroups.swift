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

    /// The mean of an answer's ratios in each choice.
    ///
    /// - Parameter ratios: one for each negative.
    func means(_ ratios: ArraySlice<Double>, of answer: Answer) -> [Double] {
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
            var sum = joining
            for ratio in ratios { sum += ratio }
            return [sum / (Double(ratios.count) + joining)]
        }
        let sums = places.map { $0.reduce(0) { $0 + ratios[ratios.startIndex + $1] } }
        let choices = min(Self.choiceCount, spread)
        return (0..<choices).map { choice in
            let start = position + choice * spread / choices
            var (sum, count) = (joining, joining)
            for group in start..<(start + size) {
                sum += sums[group % places.count]
                count += Double(places[group % places.count].count)
            }
            return sum / count
        }
    }
}
