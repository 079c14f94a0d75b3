import LinearAlgebra

extension ClubFit {
    /// EMI of sets under this q; rows whose group was fitted are judged by slopes without that group.
    ///
    /// - Parameter labels: the group of each row, by set.
    /// - Precondition: modalities and widths are those of the fit (`checkShape`).
    func estimate(
        _ sets: [SampleSet], labels: [[String]], threadCount: Int
    ) throws -> [EffectiveMutualInformation] {
        let coordinates = try concurrentMap(count: sets.count, threadCount: threadCount) { queryMap.coordinates(sets[$0]) }
        let directions = try directions(coordinates, labels: labels, threadCount: threadCount)
        return sets.indices.map { estimate(sets[$0], directions: directions[$0], labels: labels[$0]) }
    }

    /// The directions of some rows of a set in the space of answers, m x d_y.
    func answerDirections(of set: SampleSet, labels: [String], rows: [Int]) throws -> Matrix {
        try directions([queryMap.coordinates(set)], labels: [labels], threadCount: 1)[0]
            .selectingRows(rows).times(answerDirections)
    }

    /// What this q, without each row's own group, says of the fitted rows: all that EMI needs of their queries.
    ///
    /// - Parameter rowCounts: the rows of each fitted set, in their order.
    /// - Precondition: the counts sum to the number of fitted rows.
    public func judgedRows(rowCounts: [Int], threadCount: Int = 1) throws -> [JudgedRows] {
        precondition(rowCounts.reduce(0, +) == basis.rowCount, "other sets than those that were fitted")
        var blocks: [Range<Int>] = []
        for count in rowCounts {
            let start = blocks.last?.upperBound ?? 0
            blocks.append(start..<(start + count))
        }
        let labels = blocks.map { Array(self.labels[$0]) }
        let directions = try directions(
            blocks.map { basis.selectingRows(Array($0)) }, labels: labels, threadCount: threadCount)
        return zip(directions, labels).map { JudgedRows(directions: $0, labels: $1) }
    }

    /// EMI of a fitted set whose queries have been judged.
    ///
    /// - Precondition: the set has the rows that were judged.
    public func estimate(_ set: SampleSet, judgedBy rows: JudgedRows) -> EffectiveMutualInformation {
        estimate(set, directions: rows.directions, labels: rows.labels)
    }

    private func estimate(_ set: SampleSet, directions: Matrix, labels: [String]) -> EffectiveMutualInformation {
        CovarianceForm(
            directions: directions, model: answerCoordinates(set.response), reference: answerCoordinates(set.reference)
        ).estimate(groups: labels)
    }

    private func answerCoordinates(_ answers: Matrix) -> Matrix {
        answers.subtractingFromRows(answerCenter).timesTransposed(answerDirections)
    }

    /// For each set n x k: a_i Sigma^-1 with a_i = mu_{-g(i)}(x_i) - mu_{-g(i)}(mean of the set).
    ///
    /// A fit without g is the fit to answers in which the rows of g are replaced by their held-out predictions, so that its
    /// coefficients are basis^T (Z - E_g). Groups are taken one at a time: their slopes are as large as the fit itself.
    private func directions(
        _ coordinates: [Matrix], labels: [[String]], threadCount: Int
    ) throws -> [Matrix] {
        let byPenalty = penalties.map { HeldOutRidge.shrinkage(eigenvalues, $0) }
        let shrinkage = Matrix(rowCount: eigenvalues.count, columnCount: penalties.count) { byPenalty[$1][$0] }
        let slopes = coefficients.multipliedElementwise(by: shrinkage)
        let fitted = Dictionary(uniqueKeysWithValues: self.labels.rowsByValue.map { ($0.value, $0.rows) })
        let means = coordinates.map(\.columnMeans)
        let groups = groupsAcross(labels)
        let predicted = try concurrentMap(count: groups.count, threadCount: threadCount) { index -> Matrix in
            let group = groups[index]
            var own = slopes
            if let rows = fitted[group.label] {
                let taken = basis.selectingRows(rows).transposedTimes(residuals.selectingRows(rows))
                own = slopes.combining(taken.multipliedElementwise(by: shrinkage)) { $0 - $1 }
            }
            return Matrix(rows: group.rows.map { set, row in zip(coordinates[set].row(row), means[set]).map { $0 - $1 } })
                .times(own).times(precision)
        }
        var result = coordinates.map { Matrix.zeros($0.rowCount, penalties.count) }
        for (group, values) in zip(groups, predicted) {
            for (position, place) in group.rows.enumerated() {
                for column in penalties.indices { result[place.set][place.row, column] = values[position, column] }
            }
        }
        return result
    }

    /// The rows of each group over all sets, groups in the order of their first row.
    private func groupsAcross(_ labels: [[String]]) -> [(label: String, rows: [(set: Int, row: Int)])] {
        var positions: [String: Int] = [:]
        var groups: [(label: String, rows: [(set: Int, row: Int)])] = []
        for (set, labels) in labels.enumerated() {
            for (row, label) in labels.enumerated() {
                if let position = positions[label] {
                    groups[position].rows.append((set, row))
                } else {
                    positions[label] = groups.count
                    groups.append((label, [(set, row)]))
                }
            }
        }
        return groups
    }

    /// Throws unless a set has the widths of the fitted ones.
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

/// The queries of one set as q sees them, each row by the q that has not seen its group.
public struct JudgedRows: Sendable {
    /// n x k.
    let directions: Matrix
    /// n group labels.
    let labels: [String]
}
