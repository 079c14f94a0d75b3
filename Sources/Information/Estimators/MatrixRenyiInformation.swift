import LinearAlgebra
import RealModule

/// Matrix-based Renyi mutual information S_alpha(A) + S_alpha(B) - S_alpha(A o B), with A and B the trace-one Gram matrices
/// of the two sides (`matrix-renyi`; Sanchez Giraldo, Rao and Principe, 1211.2459).
///
/// alpha = 1 is the von Neumann entropy; alpha = 2 needs no eigenvalues. The kernels `rbf` and `laplacian` take the median distance
/// of all sets of the run as bandwidth; `linear` takes the rows as they are. Row contributions are influence functions, computed from
/// the eigenvectors. Bias: large and positive for small n, and only partly the same for model and reference. The scale is its own, so
/// values do not compare with nats of other estimators. Range: n to 8,000. Cost: three eigendecompositions of n; O(n^2 d) for alpha = 2.
package struct MatrixRenyiInformation: RowwiseEstimator, Equatable {
    package static let about = EstimatorDescription(
        name: "matrix-renyi", summary: "entropies of Gram matrices of order alpha, on a scale of their own", range: "n to 8,000",
        cost: "O(n³), O(n² d) for alpha 2", reference: "arXiv 1211.2459", scale: .renyi, parameters: [.alpha, .renyiKernel], sharing: .rows)

    /// The largest number of rows: Gram matrices of 8,000 rows take 0.5 GB each.
    static let rowLimit = 8_000
    /// The order of the entropy, above 0.
    package var alpha: Double
    /// How modalities combine: `product` multiplies their kernels; nil and the other choices put one kernel on the fused query.
    package var fusion: QueryFusion?
    /// The kernel on both sides: `rbf`, `laplacian` or `linear`.
    package var kernel: Kernel
    /// The seed for choosing the rows whose median distance is taken, and for dealing groups to the blocks of the jackknife.
    package var seed: UInt64

    /// The names of the kernels that this estimator accepts.
    package static let kernelNames = ["rbf", "linear", "laplacian"]

    /// The estimator of order `alpha`.
    ///
    /// - Precondition: `alpha > 0`.
    package init(alpha: Double = 1, kernel: Kernel = .rbf(bandwidth: nil), fusion: QueryFusion? = nil, seed: UInt64 = 0) {
        self.kernel = kernel
        self.seed = seed
        precondition(alpha > 0, "matrix-renyi of order \(alpha)")
        self.alpha = alpha
        self.fusion = fusion
    }

    package init(_ parameters: EstimatorParameters) throws {
        let name = Self.about.name
        guard parameters.alpha > 0, parameters.alpha.isFinite else {
            throw EstimationError.parameter(estimator: name, parameter: .alpha, expected: "an order above 0", found: "\(parameters.alpha)")
        }
        guard Self.kernelNames.contains(parameters.renyiKernel), let kernel = Kernel(name: parameters.renyiKernel) else {
            throw EstimationError.parameter(
                estimator: name, parameter: .renyiKernel, expected: "one of \(Self.kernelNames.joined(separator: ", "))",
                found: "'\(parameters.renyiKernel)'")
        }
        self.init(alpha: parameters.alpha, kernel: kernel, fusion: parameters.fusion, seed: parameters.seed)
    }

    package var described: String { "\(name) of order \(alpha)" }

    package func check(_ set: SampleSet) throws {
        try checkRowCount(set)
        guard set.rowCount <= Self.rowLimit else {
            throw EstimationError.tooManyRows(estimator: name, set: set.name, limit: Self.rowLimit, found: set.rowCount)
        }
    }

    package func caution(_ set: SampleSet) -> String? {
        guard set.rowCount < 200 else { return nil }
        return "matrix-renyi is biased upwards in small sets, here of \(set.rowCount) rows: compare sets of one size only"
    }

    func pair(_ sets: [SampleSet], pool: RowGroups) -> RowwiseEstimation.Pair {
        let (models, references) = (sets.map(\.response).stacked(), sets.map(\.reference).stacked())
        let answersAgree = models == references
        let modalities =
            fusion == .product
            ? sets[0].modalities.indices.map { index in sets.map { $0.modalities[index].rows }.stacked() }
            : [sets.map { $0.fusedQuery(fusion) }.stacked()]
        let queryKernels = modalities.map { kernel.resolved(for: $0, seed: seed) }
        let answerKernel = kernel.resolved(for: references, seed: seed)
        return { rows, answerRows, detailed in
            let grams = zip(queryKernels, modalities).map { $0.gram($1.selectingRows(rows)) }
            let query = grams.dropFirst().reduce(grams[0]) { $0.multipliedElementwise(by: $1) }
            let queryEntropy = try entropy(query, detailed: detailed)
            func information(_ answers: Matrix) throws -> RowwiseInformation {
                let gram = answerKernel.gram(answers.selectingRows(answerRows))
                return try estimate(query, queryEntropy: queryEntropy, gram, detailed: detailed)
            }
            let reference = try information(references)
            return (answersAgree ? reference : try information(models), reference)
        }
    }

    /// I(X; Y) in nats from two n x n Gram matrices, the entropy of the first being known.
    ///
    /// - Parameter detailed: whether row contributions are asked for.
    /// - Throws: `LinearAlgebraError` when the eigenvalues do not converge.
    func estimate(
        _ a: Matrix, queryEntropy: RowwiseInformation, _ b: Matrix, detailed: Bool = false
    ) throws(LinearAlgebraError) -> RowwiseInformation {
        let (answer, joint) = (try entropy(b, detailed: detailed), try entropy(a.multipliedElementwise(by: b), detailed: detailed))
        guard let x = queryEntropy.contributions, let y = answer.contributions, let both = joint.contributions else {
            return RowwiseInformation(value: queryEntropy.value + answer.value - joint.value)
        }
        return RowwiseInformation(contributions: x.indices.map { x[$0] + y[$0] - both[$0] })
    }

    /// S_alpha of a Gram matrix after division by its trace.
    ///
    /// S_alpha = alpha/(1 - alpha) ln w_1 + ln(sum (w_i/w_1)^alpha)/(1 - alpha) with w_1 the largest weight: the sum lies
    /// between 1 and n, where sum w_i^alpha would vanish for large orders. Next to 1 the division by 1 - alpha would magnify
    /// rounding beyond the distance to the limit.
    ///
    /// With `detailed` each row has S_alpha plus its influence: alpha/(1 - alpha) (n p_i - n t_i), where t_i is the row's share of
    /// the trace and p_i = sum_k w_k^alpha v_ik^2 / sum_k w_k^alpha from eigenvectors v_k; -n sum_k w_k ln w_k v_ik^2 - n t_i S at
    /// alpha = 1. Their mean is S_alpha.
    /// - Throws: `LinearAlgebraError` when the eigenvalues do not converge.
    func entropy(_ gram: Matrix, detailed: Bool = false) throws(LinearAlgebraError) -> RowwiseInformation {
        let (trace, n) = (gram.trace, Double(gram.rowCount))
        let isShannon = abs(alpha - 1) < 1e-8
        func contributions(_ entropy: Double, powers: [Double]) -> RowwiseInformation {
            let total = powers.reduce(0, +)
            return RowwiseInformation(
                contributions: powers.indices.map { row in
                    let share = gram[row, row] / trace
                    return isShannon
                        ? entropy + n * (powers[row] - share * entropy)
                        : entropy + alpha / (1 - alpha) * n * (powers[row] / total - share)
                })
        }
        if alpha == 2 {
            // Element by element sum_k w_k^2 v_ik^2 is the square of a row.
            let squares = gram.squaredRowNorms
            let entropy = -Double.log(squares.reduce(0, +) / (trace * trace))
            return detailed ? contributions(entropy, powers: squares) : RowwiseInformation(value: entropy)
        }
        guard detailed else { return RowwiseInformation(value: entropy(ofSpectrum: try gram.symmetricEigenvalues(), trace: trace)) }
        let eigen = try gram.symmetricEigendecomposition()
        let entropy = entropy(ofSpectrum: eigen.values, trace: trace)
        let largest = max(.leastNormalMagnitude, eigen.values.last ?? 0)
        let terms = eigen.values.map { value -> Double in
            guard isShannon else { return .pow(max(0, value) / largest, alpha) }
            let weight = max(0, value) / trace
            return weight > 0 ? -weight * .log(weight) : 0
        }
        let squares = eigen.vectors.mapElements { $0 * $0 }
        return contributions(entropy, powers: squares.transposed.times(terms))
    }

    private func entropy(ofSpectrum eigenvalues: [Double], trace: Double) -> Double {
        if abs(alpha - 1) < 1e-8 { return vonNeumannEntropy(ofSpectrum: eigenvalues) }
        guard let largest = eigenvalues.last, largest > 0 else { return 0 }
        let powers = eigenvalues.reduce(0) { $0 + .pow(max(0, $1) / largest, alpha) }
        return alpha / (1 - alpha) * .log(largest / trace) + .log(powers) / (1 - alpha)
    }
}
