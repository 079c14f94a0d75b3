/// Recalibration that no row had a part in for itself: parameters for each fold of whole groups come from the other
/// folds.
///
/// In-sample numbers tell nothing: after isotonic recalibration the in-sample ECE is 0.0000 always.
package enum CrossFitting {
    /// Folds there are at most.
    package static let foldCount = 5

    /// The fold of each row: the number of its group modulo the number of folds. There is nothing random in it.
    ///
    /// - Returns: nil for fewer than two groups.
    package static func folds(_ clusters: Clusters, rowCount: Int) -> [Int]? {
        guard clusters.count > 1 else { return nil }
        let folds = min(foldCount, clusters.count)
        return (0..<rowCount).map { clusters.group($0) % folds }
    }

    /// The temperature for each row.
    ///
    /// - Parameter start: that of all rows.
    /// - Returns: nil for fewer than two groups.
    package static func temperatures(_ scores: OptionScores, start: Double = 1) -> (byRow: [Double], byFold: [Double])? {
        guard let folds = folds(scores.clusters, rowCount: scores.count) else { return nil }
        let byFold = (0...(folds.max() ?? 0)).map { fold in
            TemperatureFit.temperature(scores, rows: folds.indices.filter { folds[$0] != fold }, start: start)
        }
        return (folds.map { byFold[$0] }, byFold)
    }

    /// Confidences recalibrated by logistic regression, row by row in the order given; nil where Platt scaling is not
    /// defined.
    package static func platt(confidence: [Double], outcome: [Double], clusters: Clusters) -> [Double]? {
        recalibrated(confidence, outcome, clusters) { confidence, outcome in
            PlattScaling(confidence: confidence, outcome: outcome).map { fit in { fit($0) } }
        }
    }

    /// The smallest number of rows for isotonic recalibration: below it the steps are noise.
    package static let fewestForIsotonic = 1_000

    /// Confidences recalibrated by isotonic regression; nil for fewer than 1,000 rows.
    package static func isotonic(confidence: [Double], outcome: [Double], clusters: Clusters) -> [Double]? {
        guard confidence.count >= fewestForIsotonic else { return nil }
        return recalibrated(confidence, outcome, clusters) { confidence, outcome in
            (try? ConfidenceRows(confidence: confidence, outcome: outcome)).map { rows in
                let fit = IsotonicFit(rows)
                return { fit($0) }
            }
        }
    }

    private static func recalibrated(
        _ confidence: [Double], _ outcome: [Double], _ clusters: Clusters,
        _ fit: ([Double], [Double]) -> ((Double) -> Double)?
    ) -> [Double]? {
        guard let folds = folds(clusters, rowCount: confidence.count) else { return nil }
        var result = confidence
        for fold in 0...(folds.max() ?? 0) {
            let others = folds.indices.filter { folds[$0] != fold }
            guard let apply = fit(others.map { confidence[$0] }, others.map { outcome[$0] }) else { return nil }
            for row in folds.indices where folds[row] == fold { result[row] = apply(confidence[row]) }
        }
        return result
    }
}
