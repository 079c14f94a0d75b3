import LinearAlgebra

/// The features and references of a large pool, of which fits take the rows of all folds but one.
struct PooledFeatures: Sendable {
    private let form: QueryMap.Form
    /// f of all rows, after `whitening`.
    private let features: Matrix
    /// f itself, whose means are the centre of a fit.
    private let featureRows: Matrix
    private let whitening: Matrix?
    private let references: [Matrix]
    private let limits: ClubFit.Limits

    /// Lets the sets go as soon as they have become features.
    ///
    /// - Throws: `LinearAlgebraError` when the landmarks have no factorisation.
    init(releasing sets: inout [SampleSet], _ recipe: ClubRecipe, threadCount: Int) throws {
        form = recipe.form(sets)
        featureRows = try QueryMap.features(form, sets, threadCount: threadCount)
        references = sets.map(\.reference)
        sets = []
        if case .kernel = form {
            let whitening = try ClubFit.landmarkWhitening(form)
            features = featureRows.times(whitening, threadCount: threadCount)
            self.whitening = whitening
        } else {
            (features, whitening) = (featureRows, nil)
        }
        limits = recipe.limits
    }

    /// q of the rows of all other folds.
    ///
    /// - Parameters:
    ///   - folds: of each row, by set.
    ///   - labels: the group of each row, by set.
    /// - Throws: `EstimationError.tooFewGroups`, or `LinearAlgebraError` when a factorisation fails.
    func fit(without fold: Int, folds: [[Int]], labels: [[String]]) throws -> ClubFit {
        let kept = folds.map { folds in folds.indices.filter { folds[$0] != fold } }
        var (rows, start) = ([Int](), 0)
        for (own, folds) in zip(kept, folds) {
            rows += own.map { start + $0 }
            start += folds.count
        }
        return try ClubFit(
            form: form, features: features.selectingRows(rows), center: featureRows.columnMeans(ofRows: rows), whitening: whitening,
            references: zip(references, kept).filter { !$1.isEmpty }.map { $0.selectingRows($1) },
            labels: zip(labels, kept).flatMap { labels, rows in rows.map { labels[$0] } }, limits: limits)
    }
}

extension Matrix {
    /// The means of some rows.
    fileprivate func columnMeans(ofRows rows: [Int]) -> [Double] {
        var sums = [Double](repeating: 0, count: columnCount)
        for index in rows {
            let row = row(index)
            for (column, value) in row.enumerated() { sums[column] += value }
        }
        return sums.map { $0 / Double(rows.count) }
    }
}
