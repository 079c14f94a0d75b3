import LinearAlgebra

extension ClubFit {
    /// For each of several answers, an N x m matrix: what each fitted row, together with the rest of its group, adds through the slopes to
    /// the contributions of m rows of a set, in nats.
    ///
    /// A contribution is c^T B P z, with the coordinates c of the query, slopes B, precision P, and the answer z in the directions of q. A
    /// group g adds S basis_g^T E_g to B, and a fit without g lacks exactly this. Precision, penalties and directions are kept fixed.
    /// - Parameters:
    ///   - coordinates: the coordinates of the rows' queries, m x r.
    ///   - weighted: the weighted answers (`weighted`), m x k for each of them.
    func effectsOfFittedRows(_ coordinates: Matrix, _ weighted: [Matrix]) -> [Matrix] {
        var effects = weighted.map { _ in Matrix.zeros(basis.rowCount, coordinates.rowCount) }
        // Directions with the same penalty share one hat matrix.
        for penalty in Set(penalties).sorted() {
            let columns = penalties.indices.filter { penalties[$0] == penalty }
            let hat = basis.timesTransposed(coordinates.scalingColumns(by: HeldOutRidge.shrinkage(eigenvalues, penalty)))
            let errors = residuals.selectingColumns(columns)
            for index in weighted.indices {
                let products = errors.timesTransposed(weighted[index].selectingColumns(columns))
                effects[index] = effects[index].adding(hat.multipliedElementwise(by: products))
            }
        }
        return effects
    }

    /// Answers (minus their means) in the directions of q, multiplied by its precision: m x k.
    func weighted(_ answers: Matrix) -> Matrix { answers.timesTransposed(answerDirections).times(precision) }
}

extension Matrix {
    /// The columns at the given positions.
    fileprivate func selectingColumns(_ columns: [Int]) -> Matrix {
        Matrix(rowCount: rowCount, columnCount: columns.count) { self[$0, columns[$1]] }
    }
}
