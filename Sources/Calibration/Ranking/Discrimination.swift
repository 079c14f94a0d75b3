import Statistics

/// How well confidence separates right answers from wrong ones: the area under the ROC curve, in which ties count half.
package enum Discrimination {
    /// The area with its standard error over groups (DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988; Obuchowski, Biometrics 53,
    /// 1997).
    ///
    /// - Returns: nil if all outcomes are equal, or if some are neither 0 nor 1.
    static func areaUnderCurve(_ rows: ConfidenceRows, _ inference: Inference) -> UncertainValue? {
        guard rows.isBinary else { return nil }
        let count = Double(rows.count)
        let rightCount = rows.outcome.reduce(0, +)
        let wrongCount = count - rightCount
        guard rightCount > 0, wrongCount > 0 else { return nil }
        // For each row, the share of the other class that is ranked on the correct side of it.
        var placement = [Double](repeating: 0, count: rows.count)
        var (rightBelow, wrongBelow, sum) = (0.0, 0.0, 0.0)
        for block in 0..<(rows.blocks.count - 1) {
            let range = Int(rows.blocks[block])..<Int(rows.blocks[block + 1])
            var right = 0.0
            for row in range { right += rows.outcome[row] }
            let wrong = Double(range.count) - right
            sum += right * (wrongBelow + wrong / 2)
            for row in range {
                placement[row] =
                    rows.outcome[row] == 1
                    ? (wrongBelow + wrong / 2) / wrongCount : 1 - (rightBelow + right / 2) / rightCount
            }
            rightBelow += right
            wrongBelow += wrong
        }
        let area = sum / (rightCount * wrongCount)
        for row in placement.indices {
            placement[row] = (placement[row] - area) * count / (rows.outcome[row] == 1 ? rightCount : wrongCount)
        }
        return UncertainValue(
            value: area, standardError: inference.clusters.standardError(of: placement, mean: 0),
            reach: inference.reach, within: 0...1)
    }

    /// The area for any score and any binary property `isPositive` of the rows.
    package static func areaUnderCurve(scores: [Double], isPositive: [Bool], inference: Inference) -> UncertainValue? {
        guard !scores.isEmpty else { return nil }
        // The area depends only on ranks, and ranks divided by their number lie in [0, 1].
        let ranks = Correlation.midRanks(scores).map { $0 / Double(scores.count) }
        guard
            let rows = try? ConfidenceRows(
                confidence: ranks, outcome: isPositive.map { $0 ? 1 : 0 },
                clusters: inference.clusters.areGiven ? inference.clusters : nil)
        else { return nil }
        return areaUnderCurve(
            rows, Inference(clusters: rows.clusters, confidence: inference.confidence, reach: inference.reach))
    }
}
