import LinearAlgebra

/// A fitted q(y|x): Gaussian with a ridge mean and a constant covariance, with all that is needed to judge any row by
/// the q that has not seen its group (CLUB, 2006.12013).
///
/// EMI values are comparable only under one q, so one fit serves all sets of a run, and can be saved for the next.
public struct ClubFit: Sendable, Equatable {
    /// From queries to r coordinates.
    public let queryMap: QueryMap
    /// N x r coordinates of the fitted rows, orthonormal columns.
    public let basis: Matrix
    /// r eigenvalues of the feature covariance.
    public let eigenvalues: [Double]
    /// N group labels of the fitted rows.
    public let labels: [String]
    /// d_y means of the fitted references.
    public let answerCenter: [Double]
    /// k x d_y directions of answers: principal directions of the fitted references, turned to the eigenvectors of their
    /// held-out residual covariance.
    public let answerDirections: Matrix
    /// k ridge penalties, one an answer direction.
    public let penalties: [Double]
    /// N x k held-out residuals of the fitted references.
    public let residuals: Matrix
    /// r x k: basis^T times the coordinates of the fitted references.
    public let coefficients: Matrix
    /// k x k: the inverse of the covariance of q.
    public let precision: Matrix

    /// A fit that is known, for example from a file.
    public init(
        queryMap: QueryMap, basis: Matrix, eigenvalues: [Double], labels: [String], answerCenter: [Double],
        answerDirections: Matrix, penalties: [Double], residuals: Matrix, coefficients: Matrix, precision: Matrix
    ) {
        self.queryMap = queryMap
        self.basis = basis
        self.eigenvalues = eigenvalues
        self.labels = labels
        self.answerCenter = answerCenter
        self.answerDirections = answerDirections
        self.penalties = penalties
        self.residuals = residuals
        self.coefficients = coefficients
        self.precision = precision
    }

    /// Fits q to the reference pairs of `sets`, and lets the sets go as soon as they have become features.
    ///
    /// - Parameters:
    ///   - labels: the group of each row, by set.
    ///   - form: the features of the query.
    ///   - componentLimit: the largest number of answer components.
    ///   - covarianceFloor: the floor of the eigenvalues of the residual covariance, as a share of their mean.
    /// - Throws: `EstimationError.tooFewGroups`, or `LinearAlgebraError` when a factorisation fails.
    init(
        releasing sets: inout [SampleSet], labels: [[String]], form: QueryMap.Form, componentLimit: Int, covarianceFloor: Double,
        threadCount: Int
    ) throws {
        self.labels = labels.flatMap { $0 }
        let groups = self.labels.rowsByValue
        guard groups.count >= 2 else { throw EstimationError.tooFewGroups(found: groups.count) }
        var features = try QueryMap.features(form, sets, threadCount: threadCount)
        let references = sets.map(\.reference)
        sets = []
        let center = features.columnMeans
        features.subtractFromRows(center)
        (queryMap, basis, eigenvalues) = try Self.principalBasis(
            form, centred: features, center: center, threadCount: threadCount)
        features = .zeros(0, 0)

        let answerSpace = try AnswerSpace(references, limit: componentLimit, threadCount: threadCount)
        answerCenter = answerSpace.center
        let answers = answerSpace.coordinates(references)
        let ridge = HeldOutRidge(basis: basis, eigenvalues: eigenvalues, groups: groups.map(\.rows))
        let heldOut = try ridge.heldOutResiduals(answers, threadCount: threadCount)
        // One penalty an answer direction fits best where the directions are those of the noise: choose, turn, choose again.
        let axes = try heldOut.best.residuals.covarianceAboutZero.symmetricEigendecomposition().vectors
        let turned = try heldOut.turned(by: axes.transposed, threadCount: threadCount).best
        answerDirections = axes.times(answerSpace.directions)
        (penalties, residuals) = (turned.penalties, turned.residuals)
        coefficients = basis.transposedTimes(answers.timesTransposed(axes))
        precision = try residuals.covarianceAboutZero.flooredInverse(floor: covarianceFloor)
    }

    /// The orthonormal basis of the centred features on their rows, and the map that gives any row its coordinates.
    private static func principalBasis(
        _ form: QueryMap.Form, centred: Matrix, center: [Double], threadCount: Int
    ) throws(LinearAlgebraError) -> (QueryMap, Matrix, [Double]) {
        let count = Double(centred.rowCount)
        func significant(_ values: [Double]) -> [Int] {
            let largest = max(0, values.last ?? 0)
            return values.indices.filter { values[$0] > 1e-12 * largest && values[$0] > 0 }
        }
        func finish(_ eigenvalues: [Double], _ projection: Matrix, _ basis: Matrix) -> (QueryMap, Matrix, [Double]) {
            // Penalties are absolute: queries of any unit are measured by their own variance, kernels by 1.
            let unit = if case .linear = form { eigenvalues.reduce(0, +) } else { count }
            return (QueryMap(form: form, center: center, projection: projection), basis, eigenvalues.map { $0 / unit })
        }
        switch form {
        case .kernel(_, let landmarks, _) where landmarks[0].rowCount == centred.rowCount:
            // Exact: the landmarks are the rows, and f is the Gram matrix itself, to be centred on its other side too.
            let rowMeans = centred.transposed.columnMeans
            let gram = Matrix(rowCount: centred.rowCount, columnCount: centred.rowCount) { i, j in
                centred[i, j] - rowMeans[i]
            }
            let eigen = try gram.symmetricEigendecomposition()
            let kept = significant(eigen.values)
            let vectors = eigen.vectors.selectingRows(kept)
            let projection = vectors.scalingRows(by: kept.map { 1 / eigen.values[$0] }).transposed
            return finish(kept.map { eigen.values[$0] }, projection, vectors.transposed)
        case .kernel(let bandwidths, let landmarks, let fusion):
            // Nystrom: whiten the landmarks first, then the covariance of the whitened features.
            let marks = QueryMap.Form.kernel(bandwidths: bandwidths, landmarks: landmarks, fusion: fusion)
            let whitening = try NystromFeatures(landmarkGram: QueryMap.landmarkGram(marks)).projection
            let white = centred.times(whitening, threadCount: threadCount)
            return try explicitBasis(white, significant: significant, threadCount: threadCount) {
                finish($0, whitening.times($1), $2)
            }
        case .linear:
            return try explicitBasis(centred, significant: significant, threadCount: threadCount, finish)
        }
    }

    /// From centred N x p features: eigenvalues, p x r projection and N x r basis, by the smaller of Gram and covariance.
    private static func explicitBasis(
        _ centred: Matrix, significant: ([Double]) -> [Int], threadCount: Int,
        _ finish: ([Double], Matrix, Matrix) -> (QueryMap, Matrix, [Double])
    ) throws(LinearAlgebraError) -> (QueryMap, Matrix, [Double]) {
        let usesGram = centred.rowCount < centred.columnCount
        let eigen = try (usesGram ? centred.gram : centred.crossProduct(threadCount: threadCount)).symmetricEigendecomposition()
        let kept = significant(eigen.values)
        let values = kept.map { eigen.values[$0] }
        let vectors = eigen.vectors.selectingRows(kept)
        if usesGram {
            let projection = centred.transposedTimes(vectors.transposed).scalingColumns(by: values.map { 1 / $0 })
            return finish(values, projection, vectors.transposed)
        }
        let projection = vectors.scalingRows(by: values.map { 1 / $0.squareRoot() }).transposed
        return finish(values, projection, centred.times(projection, threadCount: threadCount))
    }
}

extension [String] {
    /// The positions of each value, values in the order of their first one.
    var rowsByValue: [(value: String, rows: [Int])] {
        var positions: [String: Int] = [:]
        var groups: [(value: String, rows: [Int])] = []
        for (row, value) in enumerated() {
            if let position = positions[value] {
                groups[position].rows.append(row)
            } else {
                positions[value] = groups.count
                groups.append((value, [row]))
            }
        }
        return groups
    }
}
