import LinearAlgebra

/// Tests whether rows that are near each other are one row in two number formats, or are near because many rows are near there.
///
/// Roundings end at `NearRows.tolerance`, but chance does not. In a space of d dimensions there are k^d times as many rows within k
/// tolerances of a row as within one. Data with few columns, or with many columns of few dimensions, holds many such rows: what a
/// bottleneck leaves of a question are four columns in which questions with one answer lie side by side. Therefore pairs of rows are
/// counted. If N pairs lie between one tolerance and k, chance puts at most N/(k - 1) pairs within one tolerance, for any d of 1 or more.
/// Nearness is believed if chance explains at most a twentieth of it.
struct NearnessTest {
    /// The parts that must be near at the same time: each is a pair of matrices, the rows in question and the known rows.
    private let parts: [Part]
    private let isWithinOneSet: Bool

    fileprivate struct Part {
        let asked: Matrix
        let known: Matrix
        let askedNorms: [Double]
        let knownNorms: [Double]
    }

    /// The radii in units of the tolerance. The widest is a distance of 0.16, which is a cosine of 0.988.
    private static let radii = [2.0, 4, 16, widest]
    fileprivate static let widest = 32.0
    /// The largest share of the near rows that chance may explain.
    private static let largestShare = 0.05
    /// The largest number of pairs to compare.
    private static let largestPairCount = 1_500_000

    /// Compares the rows of one set with the other rows of the same set.
    init(within parts: [Matrix]) {
        self.parts = parts.map { part in
            let norms = part.rowNorms
            return Part(asked: part, known: part, askedNorms: norms, knownNorms: norms)
        }
        isWithinOneSet = true
    }

    /// Compares the rows of one set with those of another; the matrices of each pair have the same width.
    init(_ parts: [(asked: Matrix, known: Matrix)]) {
        self.parts = parts.map {
            Part(asked: $0.asked, known: $0.known, askedNorms: $0.asked.rowNorms, knownNorms: $0.known.rowNorms)
        }
        isWithinOneSet = false
    }

    /// Whether there are more near rows than chance would find.
    ///
    /// All rows are examined, not only those that are near, because these lie where chance has put them. Of many rows only some are
    /// examined; their content chooses them, so that the order of rows has no effect. Rows that are equal in every digit are not in doubt
    /// and do not count.
    ///
    /// - Parameter nearCount: the number of rows that are near to another row but not equal to it.
    func isCredible(_ nearCount: Int) -> Bool {
        guard let first = parts.first, nearCount > 0 else { return true }
        let (rowCount, knownCount) = (first.asked.rowCount, first.known.rowCount)
        var asked = Array(0..<rowCount)
        let count = max(16, Self.largestPairCount / max(1, knownCount))
        if rowCount > count {
            let keys = first.asked.rowFingerprints
            asked = Array(asked.sorted { (keys[$0], $0) < (keys[$1], $1) }.prefix(count))
        }
        var counts = [Int](repeating: 0, count: Self.radii.count)
        for row in asked {
            for other in 0..<knownCount where !isWithinOneSet || other != row {
                let distance = distance(row, other)
                guard distance > 1, distance <= Self.widest else { continue }
                for (index, radius) in Self.radii.enumerated() where distance <= radius { counts[index] += 1 }
            }
        }
        // One is added to each count, so that a lone pair must lie in empty space. Within one set every pair is met twice.
        let scale = Double(rowCount) / Double(asked.count) / (isWithinOneSet ? 2 : 1)
        let byChance = zip(counts, Self.radii).map { scale * Double($0 + 1) / ($1 - 1) }.min() ?? 0
        return byChance <= Self.largestShare * Double(nearCount)
    }

    /// The distance of two rows, in tolerances of the longer one, in the part in which it is largest; infinite beyond the widest radius.
    private func distance(_ row: Int, _ other: Int) -> Double {
        var largest = 0.0
        for index in parts.indices {
            let distance = parts[index].distance(row, other)
            guard distance < .infinity else { return distance }
            largest = max(largest, distance)
        }
        return largest
    }
}

extension NearnessTest.Part {
    fileprivate func distance(_ row: Int, _ other: Int) -> Double {
        let unit = NearRows.tolerance * max(askedNorms[row], knownNorms[other])
        let limit = NearnessTest.widest * NearnessTest.widest * unit * unit
        let width = asked.columnCount
        let (start, otherStart) = (row &* width, other &* width)
        var square = 0.0
        for column in 0..<width {
            let difference = asked.elements[start &+ column] - known.elements[otherStart &+ column]
            square += difference * difference
            if square > limit { return .infinity }
        }
        return square > 0 ? square.squareRoot() / unit : 0
    }
}
