import LinearAlgebra
import RealModule
import Statistics

/// A contrastive lower bound of mutual information with a kernel critic (`infonce`; van den Oord, Li and Vinyals, 1807.03748).
///
/// I >= E_i [f(x_i, y_i) - ln (1/N) sum_j exp f(x_i, y_j)] for any critic f that has not seen the N rows. The critic is t times the
/// ln density ratio of a Gaussian with the canonical correlations of kernel features of the normal scores
/// (`KernelCanonicalFeatures`): no network and no training loop. Rows are dealt by group to five folds: one judges, one chooses
/// the temperature t, the penalty and the number of functions, the other three fit. Row contributions are the terms of the mean.
/// The folds also show how much another critic would change the value. With w the variance of the mean over rows and s^2 the variance of
/// the five folds' means, b = max(0, s^2 - 5 w) is the variance due to the critic, and the squared standard error is max(w, s^2/5) + b/3.
/// The 1/3 is the ratio of judged to fitted rows, which Nadeau and Bengio (2003) add because critics share rows.
///
/// Bias: a lower bound in expectation, at most ln N with N = n/5 rows a fold (500 at most); dependence that the three functions do not
/// carry is missing. Range: n from about 400 (with 200, a critic is now and then far off). Cost: O(n m^2 + m^3) with m = 300 landmarks,
/// and O(n N).
package struct ContrastiveInformation: RowwiseEstimator, Equatable {
    package static let about = EstimatorDescription(
        name: "infonce", summary: "contrastive lower bound with a kernel critic, cross-fitted by group",
        range: "n from 400; at most ln(n/5)", cost: "O(n m² + m³)", reference: "arXiv 1807.03748", scale: .shannon, sharing: .rows)

    /// How modalities combine; nil is the mean if their widths agree, and concatenation otherwise.
    package var fusion: QueryFusion?
    /// The seed for choosing folds and landmarks.
    package var seed: UInt64

    private static let foldCount = 5
    private static let temperatures = [0.25, 0.5, 0.7, 0.85, 1.0, 1.2]
    private static let negativeLimit = 500

    /// The estimator with its usual settings.
    package init(fusion: QueryFusion? = nil, seed: UInt64 = 0) {
        self.fusion = fusion
        self.seed = seed
    }

    package init(_ parameters: EstimatorParameters) {
        self.init(fusion: parameters.fusion, seed: parameters.seed)
    }

    func pair(_ sets: [SampleSet], pool: RowGroups) -> RowwiseEstimation.Pair {
        ProjectedRows(plain: sets, fusion: fusion).pair(sets, pool: pool) { x, y, context in
            let judged = try judge(x, y, groups: context.groups)
            var information = RowwiseInformation(contributions: judged.terms)
            information.errorScale = judged.errorScale
            return information
        }
    }

    /// What each row contributes to the bound, in nats; the mean is the bound.
    ///
    /// - Parameter groups: the group label of each row.
    /// - Throws: `EstimationError.tooFewGroups` for fewer than 5 groups, `LinearAlgebraError` when a factorisation fails.
    package func contributions(_ x: Matrix, _ y: Matrix, groups: [String], threadCount: Int = 1) throws -> [Double] {
        try judge(x, y, groups: groups, threadCount: threadCount).terms
    }

    /// The contributions, and the factor for their standard error that adds the variation between critics.
    ///
    /// - Throws: what `contributions` throws.
    func judge(
        _ x: Matrix, _ y: Matrix, groups: [String], threadCount: Int = 1
    ) throws -> (terms: [Double], errorScale: Double) {
        let folds = GroupFolds(groups: groups, count: Self.foldCount, seed: seed, stream: "contrastive folds")
        guard folds.rows.count == Self.foldCount else {
            throw EstimationError.tooFewGroups(found: folds.rows.count, needed: Self.foldCount)
        }
        let features = try KernelCanonicalFeatures(x.normalScores, y.normalScores, seed: seed)
        let judged = try concurrentMap(count: folds.rows.count, threadCount: threadCount) { fold in
            let tuning = (fold + 1) % folds.rows.count
            let fit = features.covariances(fittedTo: folds.rows(without: fold, tuning))
            // The critic that is 0 everywhere gives the bound 0, so the choice starts from there.
            var best = (value: 0.0, penalty: KernelCanonicalFeatures.penalties[0], critic: Critic(correlations: [], temperature: 0))
            for penalty in KernelCanonicalFeatures.penalties {
                let functions = try fit.functions(penalty: penalty, of: folds.rows[tuning])
                for rank in 1...max(1, functions.x.columnCount) {
                    let correlations = functions.correlations.prefix(rank).map { min(0.99, max(0, $0)) }
                    for temperature in Self.temperatures {
                        let critic = Critic(correlations: Array(correlations), temperature: temperature)
                        let terms = critic.terms(functions, negativeLimit: Self.negativeLimit)
                        let value = terms.reduce(0, +) / Double(max(1, terms.count))
                        if value > best.value { best = (value, penalty, critic) }
                    }
                }
            }
            return best.critic.terms(
                try fit.functions(penalty: best.penalty, of: folds.rows[fold]), negativeLimit: Self.negativeLimit)
        }
        var result = [Double](repeating: 0, count: x.rowCount)
        for (rows, terms) in zip(folds.rows, judged) {
            for (row, term) in zip(rows, terms) { result[row] = term }
        }
        return (result, Self.errorScale(result, groups: groups, foldMeans: judged.map(\.mean)))
    }

    /// The square root of [max(w, s^2/J) + b/(J - 2)]/w for J folds, of which J - 2 fit each critic; 1 when rows do not vary.
    static func errorScale(_ terms: [Double], groups: [String], foldMeans: [Double]) -> Double {
        guard let error = GroupInfluence(contributions: terms, groups: groups).standardError, error > 0 else { return 1 }
        let (byRows, folds, mean) = (error * error, Double(foldMeans.count), foldMeans.mean)
        let spread = foldMeans.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (folds - 1)
        let critics = max(0, spread - folds * byRows)
        return ((max(byRows, spread / folds) + critics / (folds - 2)) / byRows).squareRoot()
    }
}

/// The critic f(x, y) = t sum_i [r_i a_i b_i - r_i^2 (a_i^2 + b_i^2)/2]/(1 - r_i^2): the temperature t times the log density ratio of
/// Gaussian pairs (a_i, b_i) of correlation r_i, without its constant.
private struct Critic: Sendable {
    let correlations: [Double]
    let temperature: Double

    /// The terms of the bound, in the order of the rows; each batch of rows serves as its own negatives.
    func terms(_ functions: KernelCanonicalFeatures.Functions, negativeLimit: Int) -> [Double] {
        let count = functions.x.rowCount
        let batches = max(1, (count + negativeLimit - 1) / negativeLimit)
        return (0..<batches).flatMap { batch in
            let rows = Array((batch * count / batches)..<((batch + 1) * count / batches))
            return terms(functions.x.selectingRows(rows), functions.y.selectingRows(rows))
        }
    }

    private func terms(_ x: Matrix, _ y: Matrix) -> [Double] {
        let n = x.rowCount
        guard !correlations.isEmpty, n > 0 else { return [Double](repeating: 0, count: n) }
        let squares = correlations.map { temperature * $0 * $0 / (2 * (1 - $0 * $0)) }
        let products = correlations.map { temperature * $0 / (1 - $0 * $0) }
        func quadratic(_ rows: Matrix) -> [Double] {
            (0..<n).map { row in zip(squares, rows.row(row)).reduce(0) { $0 + $1.0 * $1.1 * $1.1 } }
        }
        let right = quadratic(y)
        let (a, b) = (x.selectingColumns(0..<correlations.count), y.selectingColumns(0..<correlations.count))
        let scores = a.scalingColumns(by: products).timesTransposed(b)
        return (0..<n).map { i in
            var row = Array(scores.row(i))
            for j in 0..<n { row[j] -= right[j] }
            let largest = row.max() ?? 0
            let sum = row.reduce(0) { $0 + .exp($1 - largest) }
            // The part of f that depends on x_i alone is left out: it is in both terms and cancels.
            return row[i] - largest - .log(sum / Double(n))
        }
    }
}
