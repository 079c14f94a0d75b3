/// Answers with the model's confidence in each and whether they were right, sorted by confidence.
///
/// The rows are sorted once, by confidence, then outcome, then group. Everything else is a pass over the rows, and the same rows in any
/// order give the same digits.
package struct ConfidenceRows: Sendable {
    /// The confidences c, in [0, 1], ascending.
    package let confidence: [Double]
    /// The outcomes y, in [0, 1]: 1 for right, 0 for wrong, values between for partly right.
    package let outcome: [Double]
    /// The groups of the sorted rows.
    package let clusters: Clusters
    /// The position of each sorted row in the input.
    package let position: [Int32]
    /// The position at which each run of equal confidences starts, with n at the end.
    package let blocks: [Int32]
    /// Whether every outcome is 0 or 1.
    package let isBinary: Bool

    /// The number of rows n, at least 1.
    package var count: Int { confidence.count }
    /// The number of different confidences.
    package var distinctCount: Int { blocks.count - 1 }

    /// - Parameters:
    ///   - confidence: n confidences in [0, 1].
    ///   - outcome: n scores in [0, 1].
    ///   - clusters: the groups of the rows in the order of the input; nil makes each row a group of its own.
    /// - Throws: `CalibrationError` for no rows, columns of different lengths, and values outside [0, 1].
    package init(confidence: [Double], outcome: [Double], clusters: Clusters? = nil) throws(CalibrationError) {
        guard !confidence.isEmpty else { throw .noRows }
        guard outcome.count == confidence.count else {
            throw .unequalLengths(expected: confidence.count, found: outcome.count)
        }
        if let groups = clusters?.ofRow, groups.count != confidence.count {
            throw .unequalLengths(expected: confidence.count, found: groups.count)
        }
        // A comparison with NaN is false, so this finds NaN too.
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

    /// y - c of each sorted row.
    package var residuals: [Double] {
        var residuals = outcome
        for index in residuals.indices { residuals[index] -= confidence[index] }
        return residuals
    }

    /// Values of the sorted rows, put into the order of the input.
    package func inInputOrder(_ sorted: [Double]) -> [Double] {
        var values = sorted
        for (index, place) in position.enumerated() { values[Int(place)] = sorted[index] }
        return values
    }
}
