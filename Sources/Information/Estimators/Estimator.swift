import LinearAlgebra
import RealModule

/// The estimators of mutual information, by name, with their parameters.
public enum Estimator: Sendable, Equatable {
    /// CLUB with a kernel-ridge mean, cross-fitted: the default.
    case clubKernel(ClubKernel)
    /// CLUB with a linear ridge mean, cross-fitted.
    case clubRidge(ClubRidge)
    /// CLUB with the published network.
    case clubNetwork(ClubNetwork, fusion: QueryFusion?)
    /// Gaussian log-determinants with exact bias correction.
    case gaussian(GaussianInformation)
    /// Matrix-based Renyi entropy.
    case matrixRenyi(MatrixRenyiInformation)

    /// The names, in the order of the documentation.
    public static let names = ["club-kernel", "club-ridge", "club-network", "gaussian", "matrix-renyi"]

    /// The name on the command line and in reports.
    public var name: String {
        switch self {
        case .clubKernel: "club-kernel"
        case .clubRidge: "club-ridge"
        case .clubNetwork: "club-network"
        case .gaussian: "gaussian"
        case .matrixRenyi: "matrix-renyi"
        }
    }

    /// Whether estimates are computed set by set, under directions or bandwidths of the pooled sets (`SetwisePool`).
    public var isSetwise: Bool {
        switch self {
        case .gaussian, .matrixRenyi: true
        case .clubKernel, .clubRidge, .clubNetwork: false
        }
    }

    /// Whether q is fitted to references, so that a fit can be shared, saved and applied.
    public var isFitted: Bool {
        switch self {
        case .clubKernel, .clubRidge: true
        case .clubNetwork, .gaussian, .matrixRenyi: false
        }
    }

    /// q fitted to the reference pairs of `sets`; nil for estimators without one.
    ///
    /// - Throws: `EstimationError` or `LinearAlgebraError` where the data does not allow it.
    public func fit(_ sets: [SampleSet], threadCount: Int = 1) throws -> CrossFit? {
        var own = sets
        return try fit(releasing: &own, threadCount: threadCount)
    }

    /// As `fit(_:threadCount:)`, emptying `sets` as soon as they have become features: where nobody else holds them, their
    /// memory is free for the fit.
    ///
    /// - Throws: as `fit(_:threadCount:)`.
    public func fit(releasing sets: inout [SampleSet], threadCount: Int = 1) throws -> CrossFit? {
        switch self {
        case .clubKernel(let estimator):
            try CrossFit(releasing: &sets, threadCount: threadCount) {
                try estimator.fit(releasing: &$0, labels: $1, threadCount: $2)
            }
        case .clubRidge(let estimator):
            try CrossFit(releasing: &sets, threadCount: threadCount) {
                try estimator.fit(releasing: &$0, labels: $1, threadCount: $2)
            }
        case .clubNetwork, .gaussian, .matrixRenyi: nil
        }
    }

    /// EMI of every set, under one q or one kernel bandwidth for all.
    ///
    /// - Parameter threadCount: for the repeated estimates of the jackknife.
    /// - Throws: `EstimationError` or `LinearAlgebraError` where the data does not allow an estimate.
    public func estimate(_ sets: [SampleSet], threadCount: Int = 1) throws -> [EffectiveMutualInformation] {
        let estimates = try uncheckedEstimate(sets, threadCount: threadCount)
        try checkFinite(estimates, of: sets)
        return estimates
    }

    private func uncheckedEstimate(_ sets: [SampleSet], threadCount: Int) throws -> [EffectiveMutualInformation] {
        switch self {
        case .clubKernel, .clubRidge:
            guard let fit = try fit(sets, threadCount: threadCount) else { return [] }
            return try fit.estimateFittedSets(sets, threadCount: threadCount)
        case .clubNetwork(let network, let fusion):
            return try network.estimate(sets, fusion: fusion)
        case .gaussian, .matrixRenyi:
            let pool = try SetwisePool(self, sets)
            return try sets.indices.map { try pool.estimate($0, threadCount: threadCount) }
        }
    }

    /// Throws where a set by itself does not allow an estimate, whatever the other sets are.
    ///
    /// - Throws: `EstimationError`.
    public func check(_ set: SampleSet) throws(EstimationError) {
        switch self {
        case .gaussian, .matrixRenyi:
            guard set.rowCount >= 4 else {
                throw .tooFewRows(estimator: name, set: set.name, needed: 4, found: set.rowCount)
            }
            if case .gaussian = self { try set.checkVariation(name) }
            guard case .matrixRenyi = self, set.rowCount > MatrixRenyiInformation.rowLimit else { return }
            throw .tooManyRows(
                estimator: name, set: set.name, limit: MatrixRenyiInformation.rowLimit, found: set.rowCount)
        case .clubKernel, .clubRidge, .clubNetwork: return
        }
    }

    /// For estimators computed set by set: the estimate for any rows of the pooled sets.
    func setwisePair(_ sets: [SampleSet]) throws -> SetwisePool.Pair {
        for set in sets { try check(set) }
        let (models, references) = (sets.map(\.response).stacked(), sets.map(\.reference).stacked())
        let smallest = sets.map(\.rowCount).min() ?? 0
        let answersAgree = models == references
        switch self {
        case .gaussian(let estimator):
            let queries = sets.map { $0.fusedQuery(estimator.fusion) }.stacked()
            let prepared = try estimator.prepare(queries: queries, references: references, smallestCount: smallest)
            func projected(_ rows: Matrix, _ directions: Matrix?) -> Matrix {
                directions.map { rows.timesTransposed($0) } ?? rows
            }
            let (x, model, reference) = (
                projected(queries, prepared.query), projected(models, prepared.answer),
                projected(references, prepared.answer)
            )
            let queryName = sets[0].modalities.count == 1 ? sets[0].modalities[0].name : "query"
            let blocks = zip(sets.map(\.name), RowPool(sets).blocks).map { (name: $0, rows: $1) }
            let namesColumns = prepared.query == nil && sets[0].modalities.count == 1
            return { rows, answerRows in
                let selected = x.selectingRows(rows)
                // Relabelled rows come from both sets; those of one set are within its block.
                let own = blocks.first { block in rows.allSatisfy(block.rows.contains) }?.name
                func information(_ answers: Matrix, _ name: String) throws -> Double {
                    try GaussianInformation.estimate(
                        selected, answers.selectingRows(answerRows), set: own ?? blocks.map(\.name).joined(separator: " and "),
                        arrays: (queryName, name), namesColumns: namesColumns)
                }
                let references = try information(reference, "reference")
                return InformationParts(
                    model: answersAgree ? references : try information(model, "response"), reference: references)
            }
        case .matrixRenyi(let estimator):
            let product = estimator.fusion == .product
            let modalities = product
                ? sets[0].modalities.indices.map { index in sets.map { $0.modalities[index].rows }.stacked() }
                : [sets.map { $0.fusedQuery(estimator.fusion) }.stacked()]
            let queryKernels = modalities.map { Kernel.rbf(bandwidth: nil).resolved(for: $0) }
            let answerKernel = Kernel.rbf(bandwidth: nil).resolved(for: references)
            return { rows, answerRows in
                let grams = zip(queryKernels, modalities).map { $0.gram($1.selectingRows(rows)) }
                let query = grams.dropFirst().reduce(grams[0]) { $0.multipliedElementwise(by: $1) }
                let queryEntropy = try estimator.entropy(query)
                func information(_ answers: Matrix) throws -> Double {
                    let gram = answerKernel.gram(answers.selectingRows(answerRows))
                    return try estimator.estimate(query, queryEntropy: queryEntropy, gram)
                }
                let reference = try information(references)
                return InformationParts(model: answersAgree ? reference : try information(models), reference: reference)
            }
        case .clubKernel, .clubRidge, .clubNetwork:
            preconditionFailure("\(name) is not computed set by set")
        }
    }
}

extension SampleSet {
    /// Throws for an array whose rows are all equal: a Gaussian has no density then.
    fileprivate func checkVariation(_ estimator: String) throws(EstimationError) {
        let arrays = [("response", response), ("reference", reference)] + modalities.map { ($0.name, $0.rows) }
        for (name, rows) in arrays where (1..<max(1, rows.rowCount)).allSatisfy({ rows.row($0).elementsEqual(rows.row(0)) }) {
            throw .constantRows(estimator: estimator, set: self.name, array: name)
        }
    }
}
