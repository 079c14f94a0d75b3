import LinearAlgebra
import RealModule
import Statistics

/// Mutual information of jointly Gaussian X and Y, with the exact small-sample correction (`gaussian`).
///
/// I = (ln det S_x + ln det S_y - ln det S_xy)/2 less its bias, sum over the digamma functions of
/// E ln det S = ln det Sigma + sum_{i=1..d} psi((n - i)/2) + d ln(2/(n - 1)) (Wishart; Misra, Singh and Demchuk 2005).
/// The correction is exact for Gaussian data with n > d_x + d_y + 1.
///
/// Wider data is first projected on its leading principal directions, which are found on all sets of the run, at most n/10 a side.
/// Dependence outside these directions is not seen. Bias: towards 0 for dependence that is not linear. Cost: O(n d^2).
package struct GaussianInformation: RowwiseEstimator, Equatable {
    package static let about = EstimatorDescription(
        name: "gaussian", summary: "log-determinants of covariances, bias-corrected",
        range: "Gaussian data; wide data by projection", cost: "O(n d²)", reference: "Misra, Singh and Demchuk 2005", scale: .shannon,
        sharing: .rows, countsRows: true)

    /// When data is too wide, n/(2 * rowsPerDirection) directions a side are kept: this many rows for each of them.
    package var rowsPerDirection = 5
    /// How modalities combine; nil is the mean if their widths agree, and concatenation otherwise.
    package var fusion: QueryFusion?
    /// The seed for dealing groups to the blocks of the jackknife.
    package var seed: UInt64

    /// The estimator with its usual settings.
    package init(fusion: QueryFusion? = nil, seed: UInt64 = 0) {
        self.fusion = fusion
        self.seed = seed
    }

    package init(_ parameters: EstimatorParameters) {
        self.init(fusion: parameters.fusion, seed: parameters.seed)
    }

    package func check(_ set: SampleSet) throws {
        try checkRowCount(set)
        try set.checkVariation(name)
    }

    package func caution(_ set: SampleSet) -> String? {
        let width = set.modalities.map(\.rows.columnCount).max() ?? 0
        guard 2 * (width + set.reference.columnCount) > set.rowCount else { return nil }
        return "gaussian reads \(set.rowCount) rows of \(width) and \(set.reference.columnCount) columns through a few principal "
            + "directions, and does not see what lies outside"
    }

    func pair(_ sets: [SampleSet], pool: RowGroups) throws -> RowwiseEstimation.Pair {
        pair(of: try ProjectedRows(sets, fusion: fusion), sets, pool: pool)
    }

    private func pair(of rows: ProjectedRows, _ sets: [SampleSet], pool: RowGroups) -> RowwiseEstimation.Pair {
        rows.pair(sets, pool: pool) { x, y, context in
            RowwiseInformation(
                value: try Self.estimate(
                    x, y, set: context.set, arrays: context.arrays, namesColumns: context.namesColumns))
        }
    }

    func functions(
        _ sets: [SampleSet], pool: RowGroups
    ) throws -> (pair: RowwiseEstimation.Pair, leavingOut: RowwiseEstimation.LeavingOut?) {
        let projected = try ProjectedRows(sets, fusion: fusion)
        let answersAgree = projected.models == projected.references
        let leavingOut: RowwiseEstimation.LeavingOut = { rows, blocks, threadCount in
            let references = try Self.estimates(
                projected.queries, projected.references, rows: rows, withoutEach: blocks, threadCount: threadCount)
            let models =
                answersAgree
                ? references
                : try Self.estimates(projected.queries, projected.models, rows: rows, withoutEach: blocks, threadCount: threadCount)
            return zip(models, references).map { model, reference in
                guard let model, let reference else { return nil }
                return InformationParts(model: model, reference: reference)
            }
        }
        return (pair(of: projected, sets, pool: pool), leavingOut)
    }

    /// I(X; Y) of some rows without each of some blocks of them, from one covariance: for a block B of b rows, with m the mean of all n,
    ///
    ///     C without B = C - sum over B of (r - m)(r - m)^T - s s^T/(n - b),   s = sum over B of (r - m).
    ///
    /// All blocks together cost as much as one covariance. Where a block held nearly all of some column's variance, what it leaves is
    /// rounding: the result is nil there, and for too few rows.
    private static func estimates(
        _ x: Matrix, _ y: Matrix, rows: [Int], withoutEach blocks: [[Int]], threadCount: Int
    ) throws -> [Double?] {
        let widths = (x.columnCount, y.columnCount)
        let all = x.selectingRows(rows).beside(y.selectingRows(rows))
        let mean = all.columnMeans
        let whole = all.subtractingFromRows(mean).crossProduct
        return try concurrentMap(count: blocks.count, threadCount: threadCount) { index in
            let block = blocks[index]
            let count = rows.count - block.count
            guard count > widths.0 + widths.1 + 1 else { return nil }
            let left = x.selectingRows(block).beside(y.selectingRows(block)).subtractingFromRows(mean)
            let sums = left.columnMeans.map { $0 * Double(block.count) }
            var kept = whole.combining(left.crossProduct) { $0 - $1 }
            let width = sums.count
            kept.withElements { elements in
                for i in 0..<width {
                    let factor = sums[i] / Double(count)
                    for j in 0..<width { elements[i &* width &+ j] -= factor * sums[j] }
                }
            }
            // A pivot that is below 1e-8 of the column's variance has lost half of its digits.
            guard let joint = try? kept.choleskyDecomposition(),
                (0..<width).allSatisfy({ joint.factor[$0, $0] * joint.factor[$0, $0] > 1e-8 * whole[$0, $0] })
            else { return nil }
            let parts = try [Array(0..<widths.0), Array(widths.0..<width)].map {
                try kept.selectingRowsAndColumns($0).choleskyDecomposition().logDeterminant
            }
            return (parts[0] + parts[1] - joint.logDeterminant) / 2 - bias(rowCount: count, widths.0, widths.1)
        }
    }

    /// The projections of queries and answers that serve all sets of a run; nil when the data is narrow enough without.
    struct Preparation: Sendable {
        let query: Matrix?
        let answer: Matrix?
    }

    /// Makes projections narrow enough for the smallest of the sets; nil when the data already is.
    func prepare(queries: Matrix, references: Matrix, smallestCount: Int) throws(LinearAlgebraError) -> Preparation {
        let width = queries.columnCount + references.columnCount
        // Twice as many rows as columns leave room for the jackknife, which takes rows away.
        guard 2 * width > smallestCount else { return Preparation(query: nil, answer: nil) }
        let limit = max(1, smallestCount / (2 * rowsPerDirection))
        return Preparation(
            query: try queries.subtractingFromRows(queries.columnMeans).principalDirections(limit: limit),
            answer: try references.subtractingFromRows(references.columnMeans).principalDirections(limit: limit))
    }

    /// I(X; Y) in nats of n paired rows.
    ///
    /// - Parameters:
    ///   - estimator: the name of the estimator that asks, for messages.
    ///   - set: the name of the set, for messages.
    ///   - arrays: the names of x and y, for messages.
    ///   - namesColumns: whether the columns are those of the arrays, so that messages can name them.
    /// - Throws: `EstimationError.dependentColumns` for rank-deficient columns, `EstimationError.tooFewRows`.
    static func estimate(
        _ x: Matrix, _ y: Matrix, estimator: String = "gaussian", set: String = "set",
        arrays: (x: String, y: String) = ("query", "reference"), namesColumns: Bool = true
    ) throws -> Double {
        let n = x.rowCount
        let (dx, dy) = (x.columnCount, y.columnCount)
        guard n > dx + dy + 1 else {
            throw EstimationError.tooFewRows(
                estimator: estimator, set: "a set with a group left out", needed: dx + dy + 2, found: n)
        }
        let both = Matrix(
            rowCount: n, columnCount: dx + dy,
            elements: (0..<n).flatMap { Array(x.row($0)) + Array(y.row($0)) })
        let joint = both.subtractingFromRows(both.columnMeans).crossProduct
        // Each side is checked by itself first, so that a message names the right one.
        let blocks = [(0..<dx, [arrays.x]), (dx..<(dx + dy), [arrays.y]), (0..<(dx + dy), [arrays.x, arrays.y])]
        var logDeterminants: [Double] = []
        for (columns, names) in blocks {
            let (value, dependent) = try joint.logDeterminant(columns)
            if let dependent {
                throw EstimationError.dependentColumns(
                    estimator: estimator, set: set, arrays: names, column: names.count == 1 && namesColumns ? dependent : nil)
            }
            logDeterminants.append(value)
        }
        let plugIn = (logDeterminants[0] + logDeterminants[1] - logDeterminants[2]) / 2
        return plugIn - bias(rowCount: n, dx, dy)
    }

    /// How much the plug-in value of n Gaussian rows exceeds the truth on average, in nats.
    ///
    /// - Precondition: `n > dx + dy`.
    static func bias(rowCount n: Int, _ dx: Int, _ dy: Int) -> Double {
        func digammas(_ d: Int) -> Double { (0..<d).reduce(0) { $0 + SpecialFunctions.digamma(Double(n - 1 - $1) / 2) } }
        return (digammas(dx) + digammas(dy) - digammas(dx + dy)) / 2
    }
}

extension Matrix {
    /// ln det of a block of a covariance, and the first column that those before it determine, if there is one: what they leave of its
    /// variance is rounding, and the determinant would be rounding too.
    fileprivate func logDeterminant(
        _ columns: Range<Int>
    ) throws(LinearAlgebraError) -> (value: Double, dependentColumn: Int?) {
        let block = selectingRowsAndColumns(Array(columns))
        do throws(LinearAlgebraError) {
            let cholesky = try block.choleskyDecomposition()
            let factor = cholesky.factor
            let dependent = (0..<columns.count).first { factor[$0, $0] * factor[$0, $0] <= 1e-13 * block[$0, $0] }
            return (cholesky.logDeterminant, dependent)
        } catch {
            guard case .notPositiveDefinite(_, let pivot) = error else { throw error }
            return (0, pivot)
        }
    }
}
