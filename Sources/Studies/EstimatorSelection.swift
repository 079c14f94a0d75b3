import EmbeddingFiles
import Information

extension StudySettings {
    /// The names of the estimators that apply, in the order of the catalogue: those that need weights only where there are some.
    package var applicableEstimators: [String] { Estimator.names.filter { $0 != "club-network" || weights != nil } }

    /// Throws where a setting of an estimator that would be run makes no sense: it is not left out for that.
    ///
    /// - Throws: as `makeEstimator`.
    package func checkEstimators() throws {
        for name in comparesEstimators ? applicableEstimators : [estimator] {
            var own = self
            own.estimator = name
            _ = try own.makeEstimator()
        }
    }

    /// The estimator that the settings name, with its weights read.
    ///
    /// - Throws: `RunError` for an unknown name or missing weights, `EmbeddingFileError` and `EstimationError` for bad weights.
    package func makeEstimator() throws -> Estimator {
        switch estimator {
        case "club-kernel": return .clubKernel(ClubKernel(fusion: fusion, seed: seed))
        case "club-ridge": return .clubRidge(ClubRidge(fusion: fusion))
        case "gaussian": return .gaussian(GaussianInformation(fusion: fusion))
        case "copula": return .copula(CopulaInformation(fusion: fusion))
        case "ksg": return .kraskov(KraskovInformation(neighbourCount: try checkedNeighbourCount(), fusion: fusion))
        case "infonce": return .contrastive(ContrastiveInformation(fusion: fusion, seed: seed))
        case "auto":
            return .auto(AutoInformation(fusion: fusion, seed: seed, neighbourCount: try checkedNeighbourCount()))
        case "matrix-renyi":
            guard alpha > 0, alpha.isFinite else {
                throw RunError(code: "bad_setting", message: "matrix-renyi: expected an order above 0 (--alpha), found \(alpha)")
            }
            guard MatrixRenyiInformation.kernelNames.contains(renyiKernel), let kernel = Kernel(name: renyiKernel) else {
                throw RunError(
                    code: "unknown_kernel",
                    message: "matrix-renyi: expected one of \(MatrixRenyiInformation.kernelNames.joined(separator: ", ")), "
                        + "found '\(renyiKernel)'")
            }
            return .matrixRenyi(MatrixRenyiInformation(alpha: alpha, kernel: kernel, fusion: fusion))
        case "club-network":
            guard let weights else {
                throw RunError(
                    code: "missing_weights", message: "club-network: expected weights, found none",
                    hint: "give them with --weights FILE.safetensors, or choose --estimator club-kernel, which needs none")
            }
            let arrays = try readArrays(weights)
            let network = try ClubNetwork(
                weights: Dictionary(arrays.map { ($0.name, $0.matrix) }, uniquingKeysWith: { first, _ in first }))
            return .clubNetwork(network, fusion: fusion)
        default:
            throw RunError(
                code: "unknown_estimator", message: "expected one of \(Estimator.names.joined(separator: ", ")), "
                    + "found '\(estimator)'")
        }
    }

    private func checkedNeighbourCount() throws -> Int {
        guard neighbourCount >= 1 else {
            throw RunError(code: "bad_setting", message: "\(estimator): expected at least 1 neighbour (--k), found \(neighbourCount)")
        }
        return neighbourCount
    }

    /// The divergence that the settings describe.
    ///
    /// - Throws: `RunError` for an unknown kernel.
    package func makeDivergence() throws -> JensenShannonDivergence {
        guard let kernel = Kernel(name: kernel, bandwidth: bandwidth) else {
            throw RunError(
                code: "unknown_kernel",
                message: "expected one of \(Kernel.names.joined(separator: ", ")), found '\(kernel)'")
        }
        return JensenShannonDivergence(kernel: kernel, weighting: paperCompatibility ? .pooled : .equal, seed: seed)
    }
}
