import LinearAlgebra

/// The features and references of a large pool; each fit uses the rows of all folds but one.
struct PooledFeatures: Sendable {
    private let form: QueryMap.Form
    /// f of all rows, after `whitening`.
    private let features: Matrix
    /// The means of f itself over the rows outside each fold.
    private let centers: [[Double]]
    private let whitening: Matrix?
    private let references: [Matrix]
    private let limits: ClubFit.Limits

    /// Releases the sets as soon as they have become features.
    ///
    /// - Parameter folds: the fold of each row, for each set.
    /// - Throws: `LinearAlgebraError` if the landmarks have no factorisation.
    init(
        releasing sets: inout [SampleSet], _ recipe: ClubRecipe, folds: [[Int]], foldCount: Int, threadCount: Int
    ) throws {
        form = recipe.form(sets)
        let rows = try QueryMap.features(form, sets, threadCount: threadCount)
        references = sets.map(\.reference)
        sets = []
        centers = rows.meansWithout(folds.flatMap { $0 }, foldCount: foldCount)
        if case .kernel = form {
            let whitening = try ClubFit.landmarkWhitening(form)
            features = rows.times(whitening, threadCount: threadCount)
            self.whitening = whitening
        } else {
            (features, whitening) = (rows, nil)
        }
        limits = recipe.limits
    }

    /// Fits q to the rows of all other folds.
    ///
    /// - Parameters:
    ///   - folds: the fold of each row, for each set.
    ///   - labels: the group of each row, for each set.
    /// - Throws: `EstimationError.tooFewGroups`, or `LinearAlgebraError` when a factorisation fails.
    func fit(without fold: Int, folds: [[Int]], labels: [[String]], threadCount: Int) throws -> ClubFit {
        let kept = folds.map { folds in folds.indices.filter { folds[$0] != fold } }
        var (rows, start) = ([Int](), 0)
        for (own, folds) in zip(kept, folds) {
            rows += own.map { start + $0 }
            start += folds.count
        }
        return try ClubFit(
            form: form, features: features.selectingRows(rows), center: centers[fold], whitening: whitening,
            references: zip(references, kept).filter { !$1.isEmpty }.map { $0.selectingRows($1) },
            labels: zip(labels, kept).flatMap { labels, rows in rows.map { labels[$0] } }, limits: limits, threadCount: threadCount)
    }
}

extension Matrix {
    /// For each fold, the means over the rows of all other folds.
    fileprivate func meansWithout(_ folds: [Int], foldCount: Int) -> [[Double]] {
        var sums = Matrix.zeros(foldCount, columnCount)
        var counts = [Int](repeating: 0, count: foldCount)
        for (index, fold) in folds.enumerated() {
            counts[fold] += 1
            for (column, value) in row(index).enumerated() { sums[fold, column] += value }
        }
        let all = (0..<columnCount).map { column in (0..<foldCount).reduce(0) { $0 + sums[$1, column] } }
        return (0..<foldCount).map { fold in
            let count = Double(rowCount - counts[fold])
            return all.indices.map { (all[$0] - sums[fold, $0]) / count }
        }
    }
}
