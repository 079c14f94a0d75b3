/// Answers with the confidence that the model had in each and whether they were right, sorted by confidence.
///
/// Sorted once, by confidence, then outcome, then group: everything else is a walk along the rows, and the same rows in
/// any order give the same digits.
package struct ConfidenceRows: Sendable {
    /// c, in [0, 1], ascending.
    package let confidence: [Double]
    /// y, in [0, 1]: 1 for right, 0 for wrong, between them for partly right.
    package let outcome: [Double]
    /// The groups of the sorted rows.
    package let clusters: Clusters
    /// Where each sorted row stood in the input.
    package let position: [Int32]
    /// Where each run of equal confidences starts, and n at the end.
    package let blocks: [Int32]
    /// Whether every outcome is 0 or 1.
    package let isBinary: Bool

    /// n, at least 1.
    package var count: Int { confidence.count }
    /// The number of different confidences.
    package var distinctCount: Int { blocks.count - 1 }

    /// - Parameters:
    ///   - confidence: n confidences in [0, 1].
    ///   - outcome: n scores in [0, 1].
    ///   - clusters: of the rows as they stand here; each by itself without them.
    /// - Throws: `CalibrationError` for no rows, columns of different length and values outside [0, 1].
    package init(confidence: [Double], outcome: [Double], clusters: Clusters? = nil) throws(CalibrationError) {
        guard !confidence.isEmpty else { throw .noRows }
        guard outcome.count == confidence.count else {
            throw .unequalLengths(expected: confidence.count, found: outcome.count)
        }
        if let groups = clusters?.ofRow, groups.count != confidence.count {
            throw .unequalLengths(expected: confidence.count, found: groups.count)
        }
        // A comparison with NaN is false.
        if let row = confidence.firstIndex(where: { !($0 >= 0 && $0 <= 1) }) {
            throw .confidenceOutOfRange(row: row, found: confidence[row])
        }
        if let row = outcome.firstIndex(where: { !($0 >= 0 && $0 <= 1) }) {
            throw .outcomeOutOfRange(row: row, found: outcome[row])
        }
        let byOutcome = ascendingOrder(of: outcome, startingFrom: clusters?.byGroup()?.rows)
        let order = ascendingOrder(of: confidence, startingFrom: byOutcome)
        let sorted = order.map { confidence[Int($0)] + 0 }
        self.confidence = sorted
        self.outcome = order.map { outcome[Int($0)] + 0 }
        position = order
        if let groups = clusters?.ofRow, let clusters {
            self.clusters = Clusters(ofRow: order.map { groups[Int($0)] }, count: clusters.count)
        } else {
            self.clusters = Clusters(rowCount: sorted.count)
        }
        isBinary = outcome.allSatisfy { $0 == 0 || $0 == 1 }
        var blocks: [Int32] = [0]
        for index in 1..<max(1, sorted.count) where sorted[index] != sorted[index - 1] { blocks.append(Int32(index)) }
        blocks.append(Int32(sorted.count))
        self.blocks = blocks
    }

    /// y - c of each row.
    package var residuals: [Double] {
        var residuals = outcome
        for index in residuals.indices { residuals[index] -= confidence[index] }
        return residuals
    }

    /// The sorted values in the order of the input.
    package func inInputOrder(_ sorted: [Double]) -> [Double] {
        var values = sorted
        for (index, place) in position.enumerated() { values[Int(place)] = sorted[index] }
        return values
    }
}
