/// Recalibration in which no row influences its own: the parameters for each fold of whole groups are fitted to the other folds.
///
/// In-sample numbers would tell nothing, because after isotonic recalibration the in-sample ECE is always 0.0000.
package enum CrossFitting {
    /// The largest number of folds.
    package static let foldCount = 5

    /// The fold of each row: the number of its group modulo the number of folds, without any randomness.
    ///
    /// - Returns: nil for fewer than two groups.
    package static func folds(_ clusters: Clusters, rowCount: Int) -> [Int]? {
        guard clusters.count > 1 else { return nil }
        let folds = min(foldCount, clusters.count)
        return (0..<rowCount).map { clusters.group($0) % folds }
    }

    /// The temperature for each row, and that of each fold.
    ///
    /// - Parameter start: the temperature of all rows, with which each fit starts.
    /// - Returns: nil for fewer than two groups.
    package static func temperatures(_ scores: OptionScores, start: Double = 1) -> (byRow: [Double], byFold: [Double])? {
        guard let folds = folds(scores.clusters, rowCount: scores.count) else { return nil }
        let byFold = (0...(folds.max() ?? 0)).map { fold in
            TemperatureFit.temperature(scores, rows: folds.indices.filter { folds[$0] != fold }, start: start)
        }
        return (folds.map { byFold[$0] }, byFold)
    }

    /// Confidences recalibrated by logistic regression, row by row in the order of the input; nil if Platt scaling is not defined for all
    /// rows or for the rows outside some fold.
    package static func platt(confidence: [Double], outcome: [Double], clusters: Clusters) -> [Double]? {
        guard let folds = folds(clusters, rowCount: confidence.count) else { return nil }
        let fit = PlattFit(confidence: confidence, outcome: outcome)
        // Fits that start from the fit to all rows take only three or four steps.
        guard let whole = fit.scaling(from: PlattScaling(slope: 0, intercept: 0), where: { _ in true }) else { return nil }
        var result = confidence
        for fold in 0...(folds.max() ?? 0) {
            guard let scaling = fit.scaling(from: whole, where: { folds[$0] != fold }) else { return nil }
            for row in folds.indices where folds[row] == fold { result[row] = scaling(confidence[row]) }
        }
        return result
    }

    /// The smallest number of rows for isotonic recalibration; with fewer rows its steps are noise.
    package static let fewestForIsotonic = 1_000

    /// Confidences recalibrated by isotonic regression, row by row in the order of the input; nil for fewer than 1,000 rows or two groups.
    package static func isotonic(_ rows: ConfidenceRows) -> [Double]? {
        guard rows.count >= fewestForIsotonic, rows.clusters.count > 1 else { return nil }
        let foldCount = min(foldCount, rows.clusters.count)
        // Rows without groups are numbered in the order of the input.
        let folds = (0..<rows.count).map { row in
            UInt8(truncatingIfNeeded: (rows.clusters.areGiven ? rows.clusters.group(row) : Int(rows.position[row])) % foldCount)
        }
        var result = rows.confidence
        for fold in 0..<UInt8(foldCount) {
            let fit = IsotonicFit(rows) { folds[$0] != fold }
            for row in folds.indices where folds[row] == fold {
                result[Int(rows.position[row])] = fit(rows.confidence[row])
            }
        }
        return result
    }
}
