import LinearAlgebra

/// The mean of the references of all sets and the directions in which they vary most.
struct AnswerSpace: Sendable {
    /// The d_y means.
    let center: [Double]
    /// The unit eigenvectors of the covariance, k x d_y, largest eigenvalue first. Directions below 1e-10 of the largest eigenvalue are
    /// rounding and are dropped.
    let directions: Matrix

    /// Computes the space from the references of each set. Shifts of one question list share them, so equal matrices are counted, not
    /// repeated.
    ///
    /// - Throws: `LinearAlgebraError` when the eigenvalues do not converge.
    init(_ references: [Matrix], limit: Int, threadCount: Int) throws {
        let distinct = DistinctMatrices(references)
        var weights = [Double](repeating: 0, count: distinct.matrices.count)
        for position in distinct.positions { weights[position] += 1 }
        let rowCount = zip(distinct.matrices, weights).reduce(0) { $0 + Double($1.0.rowCount) * $1.1 }
        var mean = [Double](repeating: 0, count: references[0].columnCount)
        for (matrix, weight) in zip(distinct.matrices, weights) {
            let share = weight * Double(matrix.rowCount) / rowCount
            for (column, value) in matrix.columnMeans.enumerated() { mean[column] += share * value }
        }
        center = mean
        let scaled = zip(distinct.matrices, weights).map { matrix, weight in
            let root = weight.squareRoot()
            let centred = matrix.subtractingFromRows(mean)
            return weight == 1 ? centred : centred.mapElements { $0 * root }
        }.stacked()
        directions = try scaled.principalDirections(limit: limit, threadCount: threadCount)
    }

    /// The coordinates of the rows of all matrices, stacked.
    func coordinates(_ answers: [Matrix]) -> Matrix {
        let distinct = DistinctMatrices(answers)
        let coordinates = distinct.matrices.map { $0.subtractingFromRows(center).timesTransposed(directions) }
        return distinct.positions.map { coordinates[$0] }.stacked()
    }
}

extension Matrix {
    /// The unit eigenvectors of `self^T self` with the largest eigenvalues, as rows, from the smaller of Gram matrix and covariance.
    /// Directions below 1e-10 of the largest eigenvalue are rounding and are dropped.
    ///
    /// - Throws: `LinearAlgebraError` when the eigenvalues do not converge.
    func principalDirections(limit: Int, threadCount: Int = 1) throws(LinearAlgebraError) -> Matrix {
        let usesGram = rowCount < columnCount
        let eigen = try (usesGram ? gram : crossProduct(threadCount: threadCount)).largestSymmetricEigenpairs(limit)
        let largest = max(0, eigen.values.last ?? 0)
        let kept = eigen.values.indices.reversed().filter {
            eigen.values[$0] > 1e-10 * largest && eigen.values[$0] > 0
        }
        let vectors = eigen.vectors.selectingRows(Array(kept))
        guard usesGram else { return vectors }
        return vectors.times(self).scalingRows(by: kept.map { 1 / eigen.values[$0].squareRoot() })
    }
}
