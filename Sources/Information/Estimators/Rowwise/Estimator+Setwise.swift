import LinearAlgebra

/// I(X; Y) of some rows: the value, and what each row adds where the estimator knows it.
struct RowwiseInformation: Sendable {
    let value: Double
    /// As many as rows; their mean is the value.
    let contributions: [Double]?
    /// Whether the contributions say how rows move the value, so that standard errors follow from them. Terms of a sum over
    /// nearest neighbours do not: leaving a row out moves those of others.
    let contributionsAreInfluences: Bool
    /// What influences are multiplied by, for what varies beside the rows that are judged.
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

extension Estimator {
    /// For estimators computed set by set: the estimate for any rows of the pooled sets.
    ///
    /// - Parameter pool: that of the sets.
    /// - Precondition: `isRowwise`.
    func rowwisePair(_ sets: [SampleSet], pool: RowGroups) throws -> RowwiseEstimation.Pair {
        for set in sets { try check(set) }
        switch self {
        case .gaussian(let estimator):
            return try projectedPair(sets, pool, fusion: estimator.fusion) { x, y, context in
                RowwiseInformation(
                    value: try GaussianInformation.estimate(
                        x, y, set: context.set, arrays: context.arrays, namesColumns: context.namesColumns))
            }
        case .copula(let estimator):
            return try projectedPair(sets, pool, fusion: estimator.fusion) { x, y, context in
                RowwiseInformation(
                    value: try CopulaInformation.estimate(
                        x, y, set: context.set, arrays: context.arrays, namesColumns: context.namesColumns))
            }
        case .auto(let estimator):
            // One part for the run, chosen on the references of all sets: values by different parts do not compare.
            let rows = try ProjectedRows(sets, fusion: estimator.fusion)
            let part = try estimator.choose(
                rows.queries, rows.references, groups: pool.labels.flatMap { $0 }, set: sets.map(\.name).joined(separator: " and "),
                arrays: (sets[0].queryName, "reference")
            ).choice.part
            return pair(sets, pool, rows) { x, y, context in
                RowwiseInformation(
                    contributions: try estimator.contributions(
                        x, y, part: part, groups: context.groups, set: context.set, arrays: context.arrays),
                    areInfluences: part == .copula)
            }
        case .kraskov(let estimator):
            return plainPair(sets, pool, fusion: estimator.fusion) { x, y, context in
                RowwiseInformation(contributions: try estimator.contributions(x, y, set: context.set), areInfluences: false)
            }
        case .contrastive(let estimator):
            return plainPair(sets, pool, fusion: estimator.fusion) { x, y, context in
                let judged = try estimator.judge(x, y, groups: context.groups)
                var information = RowwiseInformation(contributions: judged.terms)
                information.errorScale = judged.errorScale
                return information
            }
        case .matrixRenyi(let estimator):
            return matrixPair(sets, estimator)
        case .clubKernel, .clubRidge, .clubNetwork:
            preconditionFailure("\(name) is not computed set by set")
        }
    }

    /// What an estimate of some rows may need beside them.
    struct Context: Sendable {
        /// The set that the rows are of, or all sets.
        let set: String
        /// The names of x and y, for messages.
        let arrays: (x: String, y: String)
        /// Whether columns are those of the arrays.
        let namesColumns: Bool
        /// One label a row.
        let groups: [String]
    }

    typealias Information = @Sendable (_ x: Matrix, _ y: Matrix, _ context: Context) throws -> RowwiseInformation

    /// Rows as they are.
    private func plainPair(
        _ sets: [SampleSet], _ pool: RowGroups, fusion: QueryFusion?, information: @escaping Information
    ) -> RowwiseEstimation.Pair {
        pair(
            sets, pool,
            ProjectedRows(
                queries: sets.map { $0.fusedQuery(fusion) }.stacked(), models: sets.map(\.response).stacked(),
                references: sets.map(\.reference).stacked(), isProjected: false),
            information: information)
    }

    /// Rows projected where they are too wide for a covariance.
    private func projectedPair(
        _ sets: [SampleSet], _ pool: RowGroups, fusion: QueryFusion?, information: @escaping Information
    ) throws -> RowwiseEstimation.Pair {
        pair(sets, pool, try ProjectedRows(sets, fusion: fusion), information: information)
    }

    private func pair(
        _ sets: [SampleSet], _ pool: RowGroups, _ data: ProjectedRows, information: @escaping Information
    ) -> RowwiseEstimation.Pair {
        let (queries, models, references) = (data.queries, data.models, data.references)
        let isProjected = data.isProjected
        let labels = pool.labels.flatMap { $0 }
        let blocks = zip(sets.map(\.name), pool.blocks).map { (name: $0, rows: $1) }
        let answersAgree = models == references
        let hasOneModality = sets[0].modalities.count == 1
        let queryName = sets[0].queryName
        return { rows, answerRows, _ in
            let selected = queries.selectingRows(rows)
            // Relabelled rows come from both sets; those of one set are within its block.
            let own = blocks.first { block in rows.allSatisfy(block.rows.contains) }?.name
            func estimate(_ answers: Matrix, _ name: String) throws -> RowwiseInformation {
                try information(
                    selected, answers.selectingRows(answerRows),
                    Context(
                        set: own ?? blocks.map(\.name).joined(separator: " and "), arrays: (queryName, name),
                        namesColumns: !isProjected && hasOneModality, groups: rows.map { labels[$0] }))
            }
            let reference = try estimate(references, "reference")
            return (answersAgree ? reference : try estimate(models, "response"), reference)
        }
    }

    private func matrixPair(_ sets: [SampleSet], _ estimator: MatrixRenyiInformation) -> RowwiseEstimation.Pair {
        let (models, references) = (sets.map(\.response).stacked(), sets.map(\.reference).stacked())
        let answersAgree = models == references
        let modalities = estimator.fusion == .product
            ? sets[0].modalities.indices.map { index in sets.map { $0.modalities[index].rows }.stacked() }
            : [sets.map { $0.fusedQuery(estimator.fusion) }.stacked()]
        let queryKernels = modalities.map { estimator.kernel.resolved(for: $0) }
        let answerKernel = estimator.kernel.resolved(for: references)
        return { rows, answerRows, detailed in
            let grams = zip(queryKernels, modalities).map { $0.gram($1.selectingRows(rows)) }
            let query = grams.dropFirst().reduce(grams[0]) { $0.multipliedElementwise(by: $1) }
            let queryEntropy = try estimator.entropy(query, detailed: detailed)
            func information(_ answers: Matrix) throws -> RowwiseInformation {
                let gram = answerKernel.gram(answers.selectingRows(answerRows))
                return try estimator.estimate(query, queryEntropy: queryEntropy, gram, detailed: detailed)
            }
            let reference = try information(references)
            return (answersAgree ? reference : try information(models), reference)
        }
    }
}

/// The rows of some sets, on their principal directions where they are too wide for a covariance of the smallest set.
struct ProjectedRows {
    let queries: Matrix
    let models: Matrix
    let references: Matrix
    let isProjected: Bool
}

extension ProjectedRows {
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
    /// What the query is called in messages.
    var queryName: String { modalities.count == 1 ? modalities[0].name : "query" }
}
