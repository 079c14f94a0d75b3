import LinearAlgebra
import Statistics

/// I(X; Y) of some rows: the value, and each row's contribution if the estimator knows it.
struct RowwiseInformation: Sendable {
    let value: Double
    /// One contribution for each row, whose mean is the value; nil when the estimator does not know them.
    let contributions: [Double]?
    /// Whether the contributions say how much each row moves the value, so that standard errors follow from them. Terms of a sum over
    /// nearest neighbours do not, because leaving a row out also changes the terms of other rows.
    let contributionsAreInfluences: Bool
    /// A factor for the influences, which adds the variation that does not come from the judged rows.
    var errorScale = 1.0

    init(value: Double) {
        self.value = value
        contributions = nil
        contributionsAreInfluences = false
    }

    init(contributions: [Double], areInfluences: Bool = true) {
        value = contributions.mean
        self.contributions = contributions
        contributionsAreInfluences = areInfluences
    }
}

/// An estimator that can compute a value for any rows of the pooled sets, with directions or bandwidths that it took from the pool.
protocol RowwiseEstimator: Estimator {
    /// The seed of its random steps, and of the blocks that a jackknife leaves out.
    var seed: UInt64 { get }

    /// Returns the function that estimates I(X; Y_theta) and I(X; Y) for any rows of the pooled sets.
    ///
    /// - Parameter pool: the groups of the pooled rows.
    /// - Throws: `EstimationError` or `LinearAlgebraError` when the data does not allow an estimate.
    func pair(_ sets: [SampleSet], pool: RowGroups) throws -> RowwiseEstimation.Pair

    /// That function, and a faster one for leaving blocks of rows out, if there is one.
    ///
    /// - Throws: what `pair` throws.
    func functions(
        _ sets: [SampleSet], pool: RowGroups
    ) throws -> (pair: RowwiseEstimation.Pair, leavingOut: RowwiseEstimation.LeavingOut?)
}

extension RowwiseEstimator {
    func functions(
        _ sets: [SampleSet], pool: RowGroups
    ) throws -> (pair: RowwiseEstimation.Pair, leavingOut: RowwiseEstimation.LeavingOut?) {
        (try pair(sets, pool: pool), nil)
    }
}

extension RowwiseEstimator {
    package func prepare(releasing sets: inout [SampleSet], threadCount: Int) throws -> any PreparedEstimator {
        try RowwiseEstimation(self, sets)
    }

    package func information(_ set: SampleSet, hasError: Bool, threadCount: Int) throws -> InformationEstimate {
        guard hasError else {
            try check(set)
            let rows = Array(0..<set.rowCount)
            let value = try pair([set], pool: RowGroups([set]))(rows, rows, false).reference.value
            guard value.isFinite else { throw EstimationError.notFinite(estimator: name, set: set.name) }
            return InformationEstimate(value: value, influence: GroupInfluence(byGroup: [:])) { _, _ in nil }
        }
        let estimate = try estimate([set], threadCount: threadCount)[0]
        return InformationEstimate(
            value: estimate.referenceMutualInformation, influence: estimate.referenceInfluence
        ) { pairingCount, seed in
            try estimate.independenceTest(pairingCount: pairingCount, seed: seed, threadCount: threadCount)
        }
    }
}

/// What an estimate needs to know about its rows besides their values.
struct RowwiseContext: Sendable {
    /// The name of the set that the rows belong to, or of all sets, for messages.
    let set: String
    /// The names of x and y, for messages.
    let arrays: (x: String, y: String)
    /// Whether the columns are those of the arrays, so that messages can name them.
    let namesColumns: Bool
    /// The group label of each row.
    let groups: [String]
}

/// The rows of some sets, projected on their principal directions if they are too wide for a covariance of the smallest set.
struct ProjectedRows {
    let queries: Matrix
    let models: Matrix
    let references: Matrix
    let isProjected: Bool
}

extension ProjectedRows {
    /// Estimates I(X; Y) of paired rows.
    typealias Information = @Sendable (_ x: Matrix, _ y: Matrix, _ context: RowwiseContext) throws -> RowwiseInformation

    /// The rows without a projection.
    init(plain sets: [SampleSet], fusion: QueryFusion?) {
        self.init(
            queries: sets.map { $0.fusedQuery(fusion) }.stacked(), models: sets.map(\.response).stacked(),
            references: sets.map(\.reference).stacked(), isProjected: false)
    }

    /// Returns the function that applies `information` to any of these rows, which are the rows of `sets`.
    func pair(_ sets: [SampleSet], pool: RowGroups, information: @escaping Information) -> RowwiseEstimation.Pair {
        let labels = pool.labels.flatMap { $0 }
        let blocks = zip(sets.map(\.name), pool.blocks).map { (name: $0, rows: $1) }
        let answersAgree = models == references
        let hasOneModality = sets[0].modalities.count == 1
        let queryName = sets[0].queryName
        return { rows, answerRows, _ in
            let selected = queries.selectingRows(rows)
            // Relabelled rows come from both sets. If all rows lie within the block of one set, messages name that set.
            let own = blocks.first { block in rows.allSatisfy(block.rows.contains) }?.name
            func estimate(_ answers: Matrix, _ name: String) throws -> RowwiseInformation {
                try information(
                    selected, answers.selectingRows(answerRows),
                    RowwiseContext(
                        set: own ?? blocks.map(\.name).joined(separator: " and "), arrays: (queryName, name),
                        namesColumns: !isProjected && hasOneModality, groups: rows.map { labels[$0] }))
            }
            let reference = try estimate(references, "reference")
            return (answersAgree ? reference : try estimate(models, "response"), reference)
        }
    }

    /// The rows, projected if they are too wide for a covariance.
    init(_ sets: [SampleSet], fusion: QueryFusion?) throws {
        let queries = sets.map { $0.fusedQuery(fusion) }.stacked()
        let (models, references) = (sets.map(\.response).stacked(), sets.map(\.reference).stacked())
        let prepared = try GaussianInformation(fusion: fusion).prepare(
            queries: queries, references: references, smallestCount: sets.map(\.rowCount).min() ?? 0)
        func projected(_ rows: Matrix, _ directions: Matrix?) -> Matrix {
            directions.map { rows.timesTransposed($0) } ?? rows
        }
        self.queries = projected(queries, prepared.query)
        self.models = projected(models, prepared.answer)
        self.references = projected(references, prepared.answer)
        isProjected = prepared.query != nil
    }
}

extension SampleSet {
    /// Throws for an array whose rows are all equal, for which a Gaussian has no density.
    func checkVariation(_ estimator: String) throws(EstimationError) {
        let arrays = [("response", response), ("reference", reference)] + modalities.map { ($0.name, $0.rows) }
        for (name, rows) in arrays where (1..<max(1, rows.rowCount)).allSatisfy({ rows.row($0).elementsEqual(rows.row(0)) }) {
            throw .constantRows(estimator: estimator, set: self.name, array: name)
        }
    }

    /// The name of the query in messages: that of its only modality, or "query".
    var queryName: String { modalities.count == 1 ? modalities[0].name : "query" }
}
