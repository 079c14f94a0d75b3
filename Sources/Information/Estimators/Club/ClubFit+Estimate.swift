import LinearAlgebra

extension ClubFit {
    /// EMI of sets under this q. A row whose group was fitted is judged by slopes without that group.
    ///
    /// - Parameter labels: the group of each row, for each set.
    /// - Precondition: the sets have the modalities and widths of the fit (`checkShape`).
    func estimate(
        _ sets: [SampleSet], labels: [[String]], threadCount: Int
    ) throws -> [EMIEstimate] {
        try concurrentMap(count: sets.count, threadCount: threadCount) { index in
            let (set, labels) = (sets[index], labels[index])
            let rows = Array(0..<set.rowCount)
            let directions = answerDirections(
                features: QueryMap.features(queryMap.form, set), labels: labels, rows: rows)
            return CovarianceForm(directions: directions, model: set.response, reference: set.reference).estimate(groups: labels)
        }
    }

    /// The directions of some rows of a set in the space of answers, m x d_y.
    ///
    /// - Parameter features: f of all rows of the set.
    func answerDirections(features: Matrix, labels: [String], rows: [Int]) -> Matrix {
        let coordinates = queryMap.centredCoordinates(features, rows: rows)
        return directions(coordinates, labels: rows.map { labels[$0] }).times(answerDirections)
    }

    /// The directions a_i Sigma^-1, m x k, with a_i = mu_{-g(i)}(x_i) - mu_{-g(i)}(mean of the set).
    ///
    /// A fit without g equals the fit to answers in which held-out predictions replace the rows of g, so its coefficients are basis^T (Z -
    /// E_g). Groups are processed one at a time, because the slopes of each are as large as the fit itself.
    private func directions(_ coordinates: Matrix, labels: [String]) -> Matrix {
        let byPenalty = penalties.map { HeldOutRidge.shrinkage(eigenvalues, $0) }
        let shrinkage = Matrix(rowCount: eigenvalues.count, columnCount: penalties.count) { byPenalty[$1][$0] }
        let slopes = coefficients.multipliedElementwise(by: shrinkage)
        let own = Set(labels)
        var fitted: [String: [Int]] = [:]
        for (row, label) in self.labels.enumerated() where own.contains(label) { fitted[label, default: []].append(row) }
        // All rows of groups that were not fitted share one set of slopes.
        guard !fitted.isEmpty else { return coordinates.times(slopes).times(precision) }
        var result = Matrix.zeros(coordinates.rowCount, penalties.count)
        for (label, rows) in labels.rowsByValue {
            var own = slopes
            if let fittedRows = fitted[label] {
                let taken = basis.selectingRows(fittedRows).transposedTimes(residuals.selectingRows(fittedRows))
                own = slopes.combining(taken.multipliedElementwise(by: shrinkage)) { $0 - $1 }
            }
            result.setRows(rows, to: coordinates.selectingRows(rows).times(own).times(precision))
        }
        return result
    }

    /// Throws unless a set is as wide as the fitted ones.
    func checkShape(_ set: SampleSet) throws(EstimationError) {
        let widths: [Int]
        let found: [Int]
        switch queryMap.form {
        case .linear(let fusion) where fusion == .mean && !set.modalitiesHaveOneWidth,
            .kernel(_, _, let fusion) where fusion == .mean && !set.modalitiesHaveOneWidth:
            throw .fitShape(
                expected: "modalities of one width, as fitted with --fuse mean",
                found: "\(set.modalities.map(\.rows.columnCount)) columns in \(set.name)")
        case .linear(let fusion):
            widths = [queryMap.center.count]
            found = [set.fusedQuery(fusion).columnCount]
        case .kernel(_, let landmarks, let fusion):
            widths = landmarks.map(\.columnCount)
            found = QueryMap.kernelModalities(set, fusion: fusion).map(\.columnCount)
        }
        guard widths == found, set.reference.columnCount == answerCenter.count else {
            throw .fitShape(
                expected: "queries of \(widths) and answers of \(answerCenter.count) columns, as fitted",
                found: "\(found) and \(set.reference.columnCount) in \(set.name)")
        }
    }
}
