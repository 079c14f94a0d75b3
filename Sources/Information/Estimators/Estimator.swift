import LinearAlgebra
import RealModule

/// The estimators of mutual information, by name, with their parameters.
package enum Estimator: Sendable, Equatable {
    /// CLUB with a kernel-ridge mean, cross-fitted: the default.
    case clubKernel(ClubKernel)
    /// CLUB with a linear ridge mean, cross-fitted.
    case clubRidge(ClubRidge)
    /// CLUB with the published network.
    case clubNetwork(ClubNetwork, fusion: QueryFusion?)
    /// Gaussian log-determinants with exact bias correction.
    case gaussian(GaussianInformation)
    /// The same on normal scores.
    case copula(CopulaInformation)
    /// Nearest neighbours.
    case kraskov(KraskovInformation)
    /// Matrix-based Renyi entropy.
    case matrixRenyi(MatrixRenyiInformation)
    /// The contrastive lower bound.
    case contrastive(ContrastiveInformation)
    /// What fits the data among a copula, neighbours and kernel features.
    case auto(AutoInformation)

    /// The names, in the order of the documentation.
    package static let names = catalogue.map(\.name)

    /// The name on the command line and in reports.
    package var name: String {
        switch self {
        case .clubKernel: "club-kernel"
        case .clubRidge: "club-ridge"
        case .clubNetwork: "club-network"
        case .gaussian: "gaussian"
        case .copula: "copula"
        case .kraskov: "ksg"
        case .matrixRenyi: "matrix-renyi"
        case .contrastive: "infonce"
        case .auto: "auto"
        }
    }

    /// Whether estimates are computed set by set, under directions or bandwidths of the pooled sets (`RowwiseEstimation`).
    package var isRowwise: Bool {
        switch self {
        case .gaussian, .copula, .kraskov, .matrixRenyi, .contrastive, .auto: true
        case .clubKernel, .clubRidge, .clubNetwork: false
        }
    }

    /// Whether q is fitted to references, so that a fit can be shared, saved and applied.
    package var isFitted: Bool {
        switch self {
        case .clubKernel, .clubRidge: true
        case .clubNetwork, .gaussian, .copula, .kraskov, .matrixRenyi, .contrastive, .auto: false
        }
    }

    /// q fitted to the reference pairs of `sets`; nil for estimators without one.
    ///
    /// - Throws: `EstimationError` or `LinearAlgebraError` where the data does not allow it.
    package func fit(_ sets: [SampleSet], threadCount: Int = 1) throws -> CrossFit? {
        var own = sets
        return try fit(releasing: &own, threadCount: threadCount)
    }

    /// As `fit(_:threadCount:)`, emptying `sets` as soon as they have become features: where nobody else holds them, their
    /// memory is free for the fit.
    ///
    /// - Throws: as `fit(_:threadCount:)`.
    package func fit(releasing sets: inout [SampleSet], threadCount: Int = 1) throws -> CrossFit? {
        switch self {
        case .clubKernel(let estimator):
            try CrossFit(releasing: &sets, estimator.recipe, threadCount: threadCount)
        case .clubRidge(let estimator):
            try CrossFit(releasing: &sets, estimator.recipe, threadCount: threadCount)
        case .clubNetwork, .gaussian, .copula, .kraskov, .matrixRenyi, .contrastive, .auto: nil
        }
    }

    /// EMI of every set, under one q or one kernel bandwidth for all.
    ///
    /// - Parameter threadCount: for the repeated estimates of the jackknife.
    /// - Throws: `EstimationError` or `LinearAlgebraError` where the data does not allow an estimate.
    package func estimate(_ sets: [SampleSet], threadCount: Int = 1) throws -> [EMIEstimate] {
        let estimates = try uncheckedEstimate(sets, threadCount: threadCount)
        try checkFinite(estimates, of: sets)
        return estimates
    }

    /// I(X; Y) of the queries and references of one set, without its uncertainty, which can cost many times as much.
    ///
    /// - Throws: as `estimate`.
    package func referenceInformation(_ set: SampleSet, threadCount: Int = 1) throws -> Double {
        guard isRowwise else { return try estimate([set], threadCount: threadCount)[0].referenceMutualInformation }
        let rows = Array(0..<set.rowCount)
        let value = try rowwisePair([set], pool: RowGroups([set]))(rows, rows, false).reference.value
        guard value.isFinite else { throw EstimationError.notFinite(estimator: name, set: set.name) }
        return value
    }

    private func uncheckedEstimate(_ sets: [SampleSet], threadCount: Int) throws -> [EMIEstimate] {
        switch self {
        case .clubKernel, .clubRidge:
            guard let fit = try fit(sets, threadCount: threadCount) else { return [] }
            return try fit.estimate(sets, threadCount: threadCount)
        case .clubNetwork(let network, let fusion):
            return try network.estimate(sets, fusion: fusion)
        case .gaussian, .copula, .kraskov, .matrixRenyi, .contrastive, .auto:
            let pool = try RowwiseEstimation(self, sets)
            return try sets.indices.map { try pool.estimate($0, threadCount: threadCount) }
        }
    }

    /// Throws where a set by itself does not allow an estimate, whatever the other sets are.
    ///
    /// - Throws: `EstimationError`.
    package func check(_ set: SampleSet) throws(EstimationError) {
        guard isRowwise || isFitted else { return }
        guard set.rowCount >= 4 else {
            throw .tooFewRows(estimator: name, set: set.name, needed: 4, found: set.rowCount)
        }
        switch self {
        case .auto(let estimator)
        where estimator.neighbourCount >= set.rowCount && estimator.neighbourCount > AutoInformation.defaultNeighbourCount:
            // The default gives way where rows are few; a number that was asked for does not.
            throw .tooFewRows(
                estimator: "auto with \(estimator.neighbourCount) neighbours", set: set.name, needed: estimator.neighbourCount + 1,
                found: set.rowCount)
        case .gaussian, .copula, .auto:
            try set.checkVariation(name)
        case .kraskov(let estimator) where estimator.neighbourCount >= set.rowCount:
            throw .tooFewRows(
                estimator: "ksg with \(estimator.neighbourCount) neighbours", set: set.name,
                needed: estimator.neighbourCount + 1, found: set.rowCount)
        case .matrixRenyi where set.rowCount > MatrixRenyiInformation.rowLimit:
            throw .tooManyRows(
                estimator: name, set: set.name, limit: MatrixRenyiInformation.rowLimit, found: set.rowCount)
        default: return
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
