import LinearAlgebra

/// The features of a query in which a ridge regression is linear: a kernel against landmarks, or the fused query itself.
///
/// Coordinates are (f(x) - center) projection, with f(x) the kernel between x and the landmarks, or x.
public struct QueryMap: Sendable, Equatable {
    /// How modalities become kernels.
    public enum Form: Sendable, Equatable {
        /// The fused query itself.
        case linear(fusion: QueryFusion?)
        /// Gaussian kernels of each modality, exp(-d^2/(2 bandwidth^2)), against landmark rows; `fusion` says how they
        /// combine, nil being the sum over all non-empty subsets of their products.
        case kernel(bandwidths: [Double], landmarks: [Matrix], fusion: QueryFusion?)
    }

    /// How f(x) is made.
    public let form: Form
    /// Means of f over the fitted rows.
    public let center: [Double]
    /// Columns of f x r.
    public let projection: Matrix

    /// A map that is known, for example from a saved fit.
    public init(form: Form, center: [Double], projection: Matrix) {
        self.form = form
        self.center = center
        self.projection = projection
    }

    /// n x r coordinates of the queries of a set.
    func coordinates(_ set: SampleSet) -> Matrix {
        Self.features(form, [set]).subtractingFromRows(center).times(projection)
    }

    /// f of all rows of the sets, stacked.
    static func features(_ form: Form, _ sets: [SampleSet]) -> Matrix {
        switch form {
        case .linear(let fusion):
            return sets.map { $0.fusedQuery(fusion) }.stacked()
        case .kernel(let bandwidths, let landmarks, let fusion):
            let rows = kernelModalities(sets, fusion: fusion)
            return combined(
                zip(bandwidths, zip(rows, landmarks)).map { bandwidth, pair in
                    Kernel.rbf(bandwidth: bandwidth).matrix(pair.0, pair.1)
                }, fusion: fusion)
        }
    }

    /// The rows that each kernel sees, all sets stacked: those of each modality, or the fused query.
    static func kernelModalities(_ sets: [SampleSet], fusion: QueryFusion?) -> [Matrix] {
        if fusion == .mean || fusion == .concat { return [sets.map { $0.fusedQuery(fusion) }.stacked()] }
        return sets[0].modalities.indices.map { index in sets.map { $0.modalities[index].rows }.stacked() }
    }

    /// The combined kernel among the landmarks, m x m.
    static func landmarkGram(_ form: Form) -> Matrix {
        guard case .kernel(let bandwidths, let landmarks, let fusion) = form else { return .zeros(0, 0) }
        return combined(zip(bandwidths, landmarks).map { Kernel.rbf(bandwidth: $0).gram($1) }, fusion: fusion)
    }

    /// The sum over all non-empty subsets of the products of kernels, which is prod_k (1 + K_k) - 1; or the product alone.
    private static func combined(_ kernels: [Matrix], fusion: QueryFusion?) -> Matrix {
        if fusion == .product {
            return kernels.dropFirst().reduce(kernels[0]) { $0.multipliedElementwise(by: $1) }
        }
        return kernels.dropFirst().reduce(kernels[0]) { sum, kernel in sum.combining(kernel) { $0 + $1 + $0 * $1 } }
    }
}

extension [Matrix] {
    /// The rows of all matrices, in order.
    func stacked() -> Matrix {
        count == 1
            ? self[0]
            : Matrix(rowCount: reduce(0) { $0 + $1.rowCount }, columnCount: self[0].columnCount, elements: flatMap(\.elements))
    }
}
