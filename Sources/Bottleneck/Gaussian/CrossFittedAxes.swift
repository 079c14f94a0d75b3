import LinearAlgebra

/// The axes of all folds, from which any ridge and any new pairing within folds can be computed.
struct CrossFittedAxes: Sendable {
    let folds: GroupFolds
    private let axes: [FoldAxes]
    private let rowCount: Int

    /// The ridge with the most held-out information, and the held-out results under it.
    struct Choice: Sendable {
        let ridge: Double
        let heldOut: HeldOutCorrelations
        let resolved: (correlations: [Double], standardErrors: [Double])
        /// The coordinates, n x k, each row along directions that have not seen its group. Columns of different folds belong to different
        /// directions.
        let query: Matrix
        let answer: Matrix
    }

    /// - Throws: `BottleneckError.tooFewGroups`; `LinearAlgebraError` for elements that are not finite.
    init(_ query: Matrix, _ answer: Matrix, groups: [String], threadCount: Int) throws {
        precondition(query.rowCount == answer.rowCount && groups.count == query.rowCount, "unpaired rows")
        let folds = GroupFolds(groups: groups)
        guard folds.labels.count > 2 else { throw BottleneckError.tooFewGroups(found: folds.labels.count) }
        axes = try concurrentMap(count: folds.count, threadCount: threadCount) {
            try FoldAxes(query, answer, folds, fold: $0)
        }
        (self.folds, rowCount) = (folds, query.rowCount)
    }

    /// Chooses the ridge by the information of the resolved directions; among equal ones the first.
    ///
    /// - Parameter pairing: for each row, the row of its fold whose answer replaces its own.
    func best(_ settings: GaussianBottleneck.Settings, pairing: [Int]? = nil, threadCount: Int) throws -> Choice {
        precondition(!settings.ridges.isEmpty && settings.limit > 0, "no ridge, or no direction")
        let pairings = axes.indices.map { fold in pairing.map { local($0, fold: fold) } }
        let crosses = try concurrentMap(count: axes.count, threadCount: threadCount) {
            axes[$0].cross(pairing: pairings[$0]?.fitted)
        }
        let choices = try concurrentMap(count: settings.ridges.count, threadCount: threadCount) { index in
            let ridge = settings.ridges[index]
            let parts = try axes.indices.map { fold in
                try axes[fold].heldOutCoordinates(
                    cross: crosses[fold], ridge: ridge, limit: settings.limit, heldOutPairing: pairings[fold]?.heldOut)
            }
            let k = parts.map(\.query.columnCount).min() ?? 0
            var (query, answer) = (Matrix.zeros(rowCount, k), Matrix.zeros(rowCount, k))
            for (fold, part) in zip(axes, parts) {
                query.setRows(fold.heldOut, to: part.query.firstColumns(k))
                answer.setRows(fold.heldOut, to: part.answer.firstColumns(k))
            }
            let heldOut = HeldOutCorrelations(query, answer, folds: folds)
            return Choice(ridge: ridge, heldOut: heldOut, resolved: heldOut.resolved, query: query, answer: answer)
        }
        return choices.dropFirst().reduce(choices[0]) { best, next in
            gaussianInformation(next.resolved.correlations) > gaussianInformation(best.resolved.correlations)
                ? next : best
        }
    }

    /// Translates a pairing within folds into positions among the fitted and the held-out rows of one fold.
    private func local(_ pairing: [Int], fold: Int) -> (fitted: [Int], heldOut: [Int]) {
        func positions(_ rows: [Int]) -> [Int] {
            let place = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, $0) })
            return rows.map { place[pairing[$0]] ?? 0 }
        }
        return (positions(folds.rows(outside: fold)), positions(axes[fold].heldOut))
    }
}
