import LinearAlgebra

/// What each fitted group adds to the slopes of q: S basis_g^T E_g, an r x k matrix for each group.
///
/// It gives the same effects as `ClubFit.effectsOfFittedRows` summed by group, but costs grow with groups and not with rows: sixty shifts
/// of thirty images have thousands of rows.
package struct GroupSlopes: Sendable, Equatable {
    /// The largest number of groups. Each takes as much memory as the slopes themselves, and among many groups none moves the others much.
    static let groupLimit = 64

    /// The labels of the fitted groups.
    package let labels: [String]
    /// The slopes of all groups, one below the other, (G r) x k.
    package let slopes: Matrix

    private var rank: Int { slopes.rowCount / labels.count }

    /// Known slopes, for example from a file.
    ///
    /// - Precondition: at least one label, and as many rows for each.
    package init(labels: [String], slopes: Matrix) {
        precondition(!labels.isEmpty && slopes.rowCount % labels.count == 0, "as many rows for each group")
        self.labels = labels
        self.slopes = slopes
    }

    init(_ fit: ClubFit) {
        let byPenalty = fit.penalties.map { HeldOutRidge.shrinkage(fit.eigenvalues, $0) }
        let groups = fit.labels.rowsByValue
        labels = groups.map(\.value)
        slopes = groups.map { group in
            let taken = fit.basis.selectingRows(group.rows).transposedTimes(fit.residuals.selectingRows(group.rows))
            return Matrix(rowCount: taken.rowCount, columnCount: taken.columnCount) { taken[$0, $1] * byPenalty[$1][$0] }
        }.stacked()
    }

    /// For each of several answers: what each group adds to the contributions of m rows, G x m, in nats.
    ///
    /// - Parameters:
    ///   - coordinates: m x r of the rows' queries.
    ///   - weighted: m x k of their answers, times the precision of q.
    func effects(_ coordinates: Matrix, _ weighted: [Matrix]) -> [Matrix] {
        // One product for all answers, because most of the time goes into reading the slopes.
        let products = weighted.stacked().timesTransposed(slopes)
        let (count, rank) = (coordinates.rowCount, rank)
        return weighted.indices.map { index in
            Matrix(rowCount: labels.count, columnCount: count) { group, row in
                let product = products.row(index &* count &+ row)
                var sum = 0.0
                for i in 0..<rank { sum += product[product.startIndex &+ group &* rank &+ i] * coordinates[row, i] }
                return sum
            }
        }
    }
}
