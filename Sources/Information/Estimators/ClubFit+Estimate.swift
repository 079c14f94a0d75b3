import LinearAlgebra

extension ClubFit {
    /// EMI of sets under this q; rows whose group was fitted are judged by the q without that group.
    ///
    /// - Throws: `EstimationError.fitShape` when the sets have other modalities or widths than the fitted ones.
    public func estimate(_ sets: [SampleSet]) throws -> [EffectiveMutualInformation] {
        for set in sets { try checkShape(set) }
        return estimate(sets, coordinates: sets.map(queryMap.coordinates))
    }

    /// EMI of the very sets that were fitted, in their order: their coordinates are the basis.
    ///
    /// - Precondition: the sets have as many rows as were fitted.
    public func estimateFittedSets(_ sets: [SampleSet]) -> [EffectiveMutualInformation] {
        precondition(sets.reduce(0) { $0 + $1.rowCount } == basis.rowCount, "other sets than those that were fitted")
        return estimate(sets, coordinates: RowPool(sets).blocks.map { basis.selectingRows(Array($0)) })
    }

    private func estimate(_ sets: [SampleSet], coordinates: [Matrix]) -> [EffectiveMutualInformation] {
        let slopes = slopesWithoutGroup()
        return zip(sets, coordinates).enumerated().map { index, pair in
            let (set, coordinates) = pair
            let labels = set.dependenceLabels(setIndex: index)
            return CovarianceForm(
                directions: directions(coordinates, labels: labels, slopes: slopes),
                model: answerCoordinates(set.response), reference: answerCoordinates(set.reference)
            ).estimate(groups: labels)
        }
    }

    private func answerCoordinates(_ answers: Matrix) -> Matrix {
        answers.subtractingFromRows(answerCenter).timesTransposed(answerDirections)
    }

    /// r x k slopes of the full fit (key nil) and of the fits without each group: a fit without g is the fit to answers in
    /// which the rows of g are replaced by their held-out predictions, so that its coefficients are basis^T (Z - E_g).
    private func slopesWithoutGroup() -> [String?: Matrix] {
        let byPenalty = penalties.map { HeldOutRidge.shrinkage(eigenvalues, $0) }
        let shrinkage = Matrix(rowCount: eigenvalues.count, columnCount: penalties.count) { byPenalty[$1][$0] }
        var rows: [String: [Int]] = [:]
        for (row, label) in labels.enumerated() { rows[label, default: []].append(row) }
        var slopes: [String?: Matrix] = [nil: coefficients.multipliedElementwise(by: shrinkage)]
        for (label, rows) in rows {
            let taken = basis.selectingRows(rows).transposedTimes(residuals.selectingRows(rows))
            slopes[label] = coefficients.combining(taken) { $0 - $1 }.multipliedElementwise(by: shrinkage)
        }
        return slopes
    }

    /// n x k: a_id / variance_d with a_i = mu_{-g(i)}(x_i) - mu_{-g(i)}(mean of the set).
    private func directions(_ coordinates: Matrix, labels: [String], slopes: [String?: Matrix]) -> Matrix {
        let centred = coordinates.subtractingFromRows(coordinates.columnMeans)
        var result = Matrix.zeros(centred.rowCount, variances.count)
        let weights = variances.map { $0 > 0 ? 1 / $0 : 0 }
        var rowsByLabel: [String: [Int]] = [:]
        for (row, label) in labels.enumerated() { rowsByLabel[label, default: []].append(row) }
        for (label, rows) in rowsByLabel {
            guard let slope = slopes[label] ?? slopes[nil] else { continue }
            let predicted = centred.selectingRows(rows).times(slope)
            for (position, row) in rows.enumerated() {
                for column in weights.indices { result[row, column] = predicted[position, column] * weights[column] }
            }
        }
        return result
    }

    private func checkShape(_ set: SampleSet) throws(EstimationError) {
        let widths: [Int]
        let found: [Int]
        switch queryMap.form {
        case .linear(let fusion):
            widths = [queryMap.center.count]
            found = [set.fusedQuery(fusion).columnCount]
        case .kernel(_, let landmarks, let fusion):
            widths = landmarks.map(\.columnCount)
            found = QueryMap.kernelModalities([set], fusion: fusion).map(\.columnCount)
        }
        guard widths == found, set.reference.columnCount == answerCenter.count else {
            throw .fitShape(
                expected: "queries of \(widths) and answers of \(answerCenter.count) columns, as fitted",
                found: "\(found) and \(set.reference.columnCount) in \(set.name)")
        }
    }
}
