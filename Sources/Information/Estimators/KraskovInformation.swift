import LinearAlgebra
import RealModule
import Statistics

/// Mutual information from nearest neighbours (`ksg`; Kraskov, Stoegbauer and Grassberger, cond-mat/0305641, algorithm 1).
///
/// I = psi(k) + psi(n) - mean_i [psi(n_x(i) + 1) + psi(n_y(i) + 1)], where n_x(i) counts the other rows that are strictly nearer
/// to x_i than the k-th neighbour of (x_i, y_i) is to it, in the maximum norm over all columns, each column divided by its
/// standard deviation. Row contributions are the terms of the mean. Standard errors come from leaving groups out, because neighbours share
/// rows. They are a third too large (0.054 for a true 0.041 with 1 + 1 Gaussian columns, n = 400), while those from the terms would be a
/// third too small. If the k-th neighbour is at distance zero (answers that repeat), k is the number of equal pairs and n_x, n_y count
/// equal rows (Gao et al., 1709.06212), so that discrete data gets its plug-in value.
///
/// Bias: small in two to four dimensions, far too low if dependence is strong or columns are many (25 + 25 Gaussian columns with 1.02 nats
/// give 0.1), so it does not suit raw embeddings. Range: d_x + d_y up to about 6 at n = 2,000. Cost: O(n log n) up to 10 columns (k-d
/// tree), O(n^2 d) above (vectorised), memory O(n d).
package struct KraskovInformation: RowwiseEstimator, Equatable {
    package static let about = EstimatorDescription(
        name: "ksg", summary: "k nearest neighbours, algorithm 1, maximum norm", range: "up to about 6 columns in all",
        cost: "O(n log n) up to 10 columns, O(n² d) above; memory O(n d)", reference: "arXiv cond-mat/0305641", scale: .shannon,
        parameters: [.neighbourCount], sharing: .rows)

    /// k, the number of nearest neighbours.
    package var neighbourCount: Int
    /// How modalities combine; nil is the mean if their widths agree, and concatenation otherwise.
    package var fusion: QueryFusion?
    /// The seed for dealing groups to the blocks of the jackknife.
    package var seed: UInt64

    /// The estimator with k neighbours.
    ///
    /// - Precondition: `neighbourCount >= 1`.
    package init(neighbourCount: Int = 5, fusion: QueryFusion? = nil, seed: UInt64 = 0) {
        precondition(neighbourCount >= 1, "\(neighbourCount) neighbours")
        self.neighbourCount = neighbourCount
        self.fusion = fusion
        self.seed = seed
    }

    package init(_ parameters: EstimatorParameters) throws {
        let count = try parameters.checkedNeighbourCount(Self.about.name)
        self.init(neighbourCount: count, fusion: parameters.fusion, seed: parameters.seed)
    }

    package func check(_ set: SampleSet) throws {
        try checkRowCount(set)
        guard neighbourCount < set.rowCount else {
            throw EstimationError.tooFewRows(
                estimator: "ksg with \(neighbourCount) neighbours", set: set.name, needed: neighbourCount + 1,
                found: set.rowCount)
        }
    }

    func pair(_ sets: [SampleSet], pool: RowGroups) -> RowwiseEstimation.Pair {
        ProjectedRows(plain: sets, fusion: fusion).pair(sets, pool: pool) { x, y, context in
            RowwiseInformation(contributions: try contributions(x, y, set: context.set), areInfluences: false)
        }
    }

    /// What each row contributes; the mean is I(X; Y) in nats, never clamped.
    ///
    /// - Throws: `EstimationError.tooFewRows` unless there are more than k rows.
    package func contributions(_ x: Matrix, _ y: Matrix, set: String = "set", threadCount: Int = 1) throws(EstimationError) -> [Double] {
        try contributions(scaled: x.columnsStandardized, y.columnsStandardized, set: set, threadCount: threadCount)
    }

    /// The same, for columns that are already scaled.
    func contributions(scaled x: Matrix, _ y: Matrix, set: String = "set", threadCount: Int = 1) throws(EstimationError) -> [Double] {
        let n = x.rowCount
        guard neighbourCount < n else {
            throw EstimationError.tooFewRows(
                estimator: "ksg with \(neighbourCount) neighbours", set: set, needed: neighbourCount + 1, found: n)
        }
        let counts = NeighbourCounts(x, y, k: neighbourCount, threadCount: threadCount)
        // psi at the whole numbers up to n follows from psi(m + 1) = psi(m) + 1/m.
        var digamma = [0.0, SpecialFunctions.digamma(1)]
        for m in 1...max(1, n) { digamma.append(digamma[m] + 1 / Double(m)) }
        return counts.joint.indices.map {
            digamma[counts.joint[$0]] + digamma[n] - digamma[counts.x[$0] + 1] - digamma[counts.y[$0] + 1]
        }
    }
}
