import LinearAlgebra

/// A fitted q(y|x): Gaussian with a ridge mean and a constant covariance, with all that is needed to judge any row by
/// the q that has not seen its group (CLUB, 2006.12013).
///
/// EMI values are comparable only under one q, so one fit serves all sets of a run, and can be saved for the next.
package struct ClubFit: Sendable, Equatable {
    /// The map from queries to r coordinates.
    package let queryMap: QueryMap
    /// N x r coordinates of the fitted rows, orthonormal columns.
    package let basis: Matrix
    /// r eigenvalues of the feature covariance.
    package let eigenvalues: [Double]
    /// N group labels of the fitted rows.
    package let labels: [String]
    /// d_y means of the fitted references.
    package let answerCenter: [Double]
    /// k x d_y directions of answers: principal directions of the fitted references, turned to the eigenvectors of their
    /// held-out residual covariance.
    package let answerDirections: Matrix
    /// k ridge penalties, one for each answer direction.
    package let penalties: [Double]
    /// N x k held-out residuals of the fitted references.
    package let residuals: Matrix
    /// r x k: basis^T times the coordinates of the fitted references.
    package let coefficients: Matrix
    /// k x k: the inverse of the covariance of q.
    package let precision: Matrix

    /// A known fit, for example from a file.
    package init(
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
    ///   - labels: for each set the group of every row.
    ///   - form: how queries become features.
    /// - Throws: `EstimationError.tooFewGroups`, or `LinearAlgebraError` when a factorisation fails.
    init(
        releasing sets: inout [SampleSet], labels: [[String]], form: QueryMap.Form, limits: Limits, threadCount: Int
    ) throws {
        var features = try QueryMap.features(form, sets, threadCount: threadCount)
        let references = sets.map(\.reference)
        sets = []
        let center = features.columnMeans
        features.subtractFromRows(center)
        let queries = try Self.principalBasis(form, centred: features, center: center, threadCount: threadCount)
        features = .zeros(0, 0)
        try self.init(queries, references: references, labels: labels.flatMap { $0 }, limits: limits, threadCount: threadCount)
    }

    /// Fits q to rows of a pool whose features are already computed.
    ///
    /// - Parameters:
    ///   - features: f of the rows after `whitening`, N x r.
    ///   - center: the means of f itself over the rows.
    ///   - references: the references of each set's rows.
    /// - Throws: what the other initialiser throws.
    init(
        form: QueryMap.Form, features: Matrix, center: [Double], whitening: Matrix?, references: [Matrix], labels: [String],
        limits: Limits, threadCount: Int
    ) throws {
        let centred = features.subtractingFromRows(features.columnMeans)
        let queries = try Self.explicitBasis(centred, threadCount: threadCount) { values, projection, basis in
            Self.queries(form, center: center, values, whitening.map { $0.times(projection) } ?? projection, basis)
        }
        try self.init(queries, references: references, labels: labels, limits: limits, threadCount: threadCount)
    }

    /// The fit without the rows that it was fitted to, which takes a fifth of the memory; it judges all rows in the same way.
    var withoutRows: ClubFit {
        ClubFit(
            queryMap: queryMap, basis: .zeros(0, eigenvalues.count), eigenvalues: eigenvalues, labels: [], answerCenter: answerCenter,
            answerDirections: answerDirections, penalties: penalties, residuals: .zeros(0, penalties.count), coefficients: coefficients,
            precision: precision)
    }

    /// Limits for the answer directions and for the covariance of q.
    struct Limits: Sendable {
        /// The largest number of answer components.
        let components: Int
        /// The floor of the eigenvalues of the residual covariance, as a share of their mean.
        let covarianceFloor: Double
    }

    private init(
        _ queries: (map: QueryMap, basis: Matrix, eigenvalues: [Double]), references: [Matrix], labels: [String], limits: Limits,
        threadCount: Int
    ) throws {
        self.labels = labels
        let groups = labels.rowsByValue
        guard groups.count >= 2 else { throw EstimationError.tooFewGroups(found: groups.count) }
        (queryMap, basis, eigenvalues) = queries
        let answerSpace = try AnswerSpace(references, limit: limits.components, threadCount: threadCount)
        answerCenter = answerSpace.center
        let answers = answerSpace.coordinates(references)
        let ridge = HeldOutRidge(basis: basis, eigenvalues: eigenvalues, groups: groups.map(\.rows))
        let heldOut = try ridge.heldOutResiduals(answers, threadCount: threadCount)
        // Per-direction penalties work best along the noise's principal axes: pick penalties, rotate to the residuals' axes, pick again.
        let axes = try heldOut.best.residuals.covarianceAboutZero.symmetricEigendecomposition().vectors
        let turned = try heldOut.turned(by: axes.transposed, threadCount: threadCount).best
        answerDirections = axes.times(answerSpace.directions)
        (penalties, residuals) = (turned.penalties, turned.residuals)
        coefficients = basis.transposedTimes(answers.timesTransposed(axes))
        precision = try residuals.covarianceAboutZero.flooredInverse(floor: limits.covarianceFloor)
    }

    /// The orthonormal basis of the centred features on their rows, and the map that gives any row its coordinates.
    private static func principalBasis(
        _ form: QueryMap.Form, centred: Matrix, center: [Double], threadCount: Int
    ) throws(LinearAlgebraError) -> (map: QueryMap, basis: Matrix, eigenvalues: [Double]) {
        switch form {
        case .kernel(_, let landmarks, _) where landmarks[0].rowCount == centred.rowCount:
            // Exact case: the landmarks are the rows and f is the Gram matrix itself, so it has to be centred on its other side too.
            let rowMeans = centred.transposed.columnMeans
            let gram = Matrix(rowCount: centred.rowCount, columnCount: centred.rowCount) { i, j in
                centred[i, j] - rowMeans[i]
            }
            let eigen = try gram.symmetricEigendecomposition()
            let kept = significant(eigen.values)
            let vectors = eigen.vectors.selectingRows(kept)
            let projection = vectors.scalingRows(by: kept.map { 1 / eigen.values[$0] }).transposed
            return queries(form, center: center, kept.map { eigen.values[$0] }, projection, vectors.transposed)
        case .kernel:
            // Nystrom: whiten the landmarks first, then the covariance of the whitened features.
            let whitening = try landmarkWhitening(form)
            return try explicitBasis(centred.times(whitening, threadCount: threadCount), threadCount: threadCount) {
                queries(form, center: center, $0, whitening.times($1), $2)
            }
        case .linear:
            return try explicitBasis(centred, threadCount: threadCount) { queries(form, center: center, $0, $1, $2) }
        }
    }

    /// The matrix that turns kernels against landmarks into features whose inner products give the kernel back.
    static func landmarkWhitening(_ form: QueryMap.Form) throws(LinearAlgebraError) -> Matrix {
        try NystromFeatures(landmarkGram: QueryMap.landmarkGram(form)).projection
    }

    private static func queries(
        _ form: QueryMap.Form, center: [Double], _ eigenvalues: [Double], _ projection: Matrix, _ basis: Matrix
    ) -> (map: QueryMap, basis: Matrix, eigenvalues: [Double]) {
        // Penalties are absolute numbers, so linear features are scaled by their own variance, and kernels by 1.
        let unit = if case .linear = form { eigenvalues.reduce(0, +) } else { Double(basis.rowCount) }
        return (QueryMap(form: form, center: center, projection: projection), basis, eigenvalues.map { $0 / unit })
    }

    /// The positions of the eigenvalues that are larger than rounding.
    private static func significant(_ values: [Double]) -> [Int] {
        let largest = max(0, values.last ?? 0)
        return values.indices.filter { values[$0] > 1e-12 * largest && values[$0] > 0 }
    }

    /// From centred N x p features: eigenvalues, p x r projection and N x r basis, by the smaller of Gram and covariance.
    private static func explicitBasis<Basis>(
        _ centred: Matrix, threadCount: Int, _ finish: ([Double], Matrix, Matrix) -> Basis
    ) throws(LinearAlgebraError) -> Basis {
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
