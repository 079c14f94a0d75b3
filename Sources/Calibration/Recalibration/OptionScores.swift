import RealModule

/// The scores of the options of multiple-choice questions (log-probabilities up to a constant), with the right option of each row.
///
/// Rows may have different numbers of options. A score of -infinity marks an option that the model cannot take.
package struct OptionScores: Sendable, Equatable {
    /// The position in `scores` at which each row starts, with the total number of options at the end.
    let starts: [Int32]
    /// The scores minus the largest of their row, so at most 0.
    let scores: [Double]
    /// The right option of each row.
    package let labels: [Int32]
    /// The groups of the rows, in the order of the input.
    package let clusters: Clusters
    /// The number of rows whose largest score occurs more than once; their first such option is the answer.
    package let tieCount: Int

    /// The number of rows n.
    package var count: Int { labels.count }

    /// - Parameters:
    ///   - options: the scores of each row.
    ///   - labels: the position of the right option of each row, from 0.
    ///   - clusters: the groups of the rows; nil makes each row a group of its own.
    /// - Throws: `CalibrationError` for no rows, for fewer than two options, for labels beyond the options, and for scores that are not
    ///   numbers.
    package init(options: [[Double]], labels: [Int], clusters: Clusters? = nil) throws(CalibrationError) {
        var starts: [Int32] = [0]
        starts.reserveCapacity(options.count + 1)
        for row in options { starts.append(starts[starts.count - 1] + Int32(row.count)) }
        try self.init(starts: starts, scores: options.flatMap { $0 }, labels: labels.map { Int32(clamping: $0) }, clusters: clusters)
    }

    /// The same from a single array of all scores and the position at which each row starts in it.
    package init(
        starts: [Int32], scores: [Double], labels: [Int32], clusters: Clusters? = nil
    ) throws(CalibrationError) {
        let count = starts.count - 1
        guard count > 0 else { throw .noRows }
        guard labels.count == count else { throw .unequalLengths(expected: count, found: labels.count) }
        if let groups = clusters?.ofRow, groups.count != count {
            throw .unequalLengths(expected: count, found: groups.count)
        }
        var shifted = scores
        var ties = 0
        for row in 0..<count {
            let range = Int(starts[row])..<Int(starts[row + 1])
            guard range.count >= 2 else { throw .tooFewOptions(row: row, found: range.count) }
            guard labels[row] >= 0, labels[row] < range.count else {
                throw .labelOutOfRange(row: row, found: Int(labels[row]), optionCount: range.count)
            }
            var (best, bestCount) = (-Double.infinity, 0)
            for index in range {
                let score = scores[index]
                guard score < .infinity else { throw .scoreNotFinite(row: row) }
                if score > best { (best, bestCount) = (score, 1) } else if score == best { bestCount += 1 }
            }
            guard best > -.infinity else { throw .scoreNotFinite(row: row) }
            if bestCount > 1 { ties += 1 }
            for index in range { shifted[index] -= best }
        }
        self.init(
            starts: starts, shifted: shifted, labels: labels, clusters: clusters ?? Clusters(rowCount: count),
            tieCount: ties)
    }

    private init(starts: [Int32], shifted: [Double], labels: [Int32], clusters: Clusters, tieCount: Int) {
        (self.starts, scores, self.labels, self.clusters, self.tieCount) = (starts, shifted, labels, clusters, tieCount)
    }

    /// The rows at `rows`, in the order of `rows`.
    package func selecting(_ rows: [Int]) -> OptionScores {
        var (newStarts, newScores): ([Int32], [Double]) = ([0], [])
        for row in rows {
            newScores += scores[options(row)]
            newStarts.append(Int32(newScores.count))
        }
        return OptionScores(
            starts: newStarts, shifted: newScores, labels: rows.map { labels[$0] }, clusters: clusters.selecting(rows),
            tieCount: tieCount)
    }

    /// The range of a row's options in `scores`.
    func options(_ row: Int) -> Range<Int> { Int(starts[row])..<Int(starts[row + 1]) }

    /// The right option's score minus the largest of its row.
    func labelScore(_ row: Int) -> Double { scores[Int(starts[row]) + Int(labels[row])] }

    /// The probabilities of a row's options, softmax(scores / temperature).
    package func probabilities(_ row: Int, temperature: Double = 1) -> [Double] {
        let weights = scores[options(row)].map { $0 == 0 ? 1 : Double.exp($0 / temperature) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }
}
