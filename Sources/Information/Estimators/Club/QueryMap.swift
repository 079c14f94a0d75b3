import LinearAlgebra

/// The features of a query in which a ridge regression is linear: a kernel against landmarks, or the fused query itself.
///
/// The coordinates are (f(x) - center) projection, where f(x) is the kernel between x and the landmarks, or x itself.
package struct QueryMap: Sendable, Equatable {
    /// How modalities become kernels.
    package enum Form: Sendable, Equatable {
        /// The fused query itself.
        case linear(fusion: QueryFusion?)
        /// Gaussian kernels of each modality, exp(-d^2/(2 bandwidth^2)), with landmark rows. `fusion` says how they are combined; nil takes
        /// the sum over all non-empty subsets of their products.
        case kernel(bandwidths: [Double], landmarks: [Matrix], fusion: QueryFusion?)
    }

    /// How f(x) is computed.
    package let form: Form
    /// The means of f over the fitted rows.
    package let center: [Double]
    /// The projection, columns of f x r.
    package let projection: Matrix

    /// A known map, for example from a saved fit.
    package init(form: Form, center: [Double], projection: Matrix) {
        self.form = form
        self.center = center
        self.projection = projection
    }

    /// The m x r coordinates of some rows of a set, minus the mean over all its rows.
    ///
    /// - Parameter features: f of all rows of the set.
    func centredCoordinates(_ features: Matrix, rows: [Int]) -> Matrix {
        features.selectingRows(rows).subtractingFromRows(features.columnMeans).times(projection)
    }

    /// f of all rows of the sets, stacked. Each set is computed on its own, so that digits do not depend on the threads. Sets of a grid
    /// share their images or questions (61 scenarios, 8 visual conditions), so a kernel of equal rows is computed once.
    static func features(_ form: Form, _ sets: [SampleSet], threadCount: Int) throws -> Matrix {
        guard case .kernel(let bandwidths, let landmarks, let fusion) = form else {
            return try concurrentMap(count: sets.count, threadCount: threadCount) { features(form, sets[$0]) }.stacked()
        }
        let rows = sets.map { kernelModalities($0, fusion: fusion) }
        let distinct = bandwidths.indices.map { modality in DistinctMatrices(rows.map { $0[modality] }) }
        let kernels = try bandwidths.indices.map { modality in
            try concurrentMap(count: distinct[modality].matrices.count, threadCount: threadCount) { index in
                Kernel.rbf(bandwidth: bandwidths[modality])
                    .matrix(distinct[modality].matrices[index], landmarks[modality])
            }
        }
        return try concurrentMap(count: sets.count, threadCount: threadCount) { index in
            combined(kernels.indices.map { kernels[$0][distinct[$0].positions[index]] }, fusion: fusion)
        }.stacked()
    }

    /// f of the rows of a set.
    static func features(_ form: Form, _ set: SampleSet) -> Matrix {
        switch form {
        case .linear(let fusion):
            return set.fusedQuery(fusion)
        case .kernel(let bandwidths, let landmarks, let fusion):
            let rows = kernelModalities(set, fusion: fusion)
            return combined(
                zip(bandwidths, zip(rows, landmarks)).map { bandwidth, pair in
                    Kernel.rbf(bandwidth: bandwidth).matrix(pair.0, pair.1)
                }, fusion: fusion)
        }
    }

    /// The rows that each kernel uses: those of each modality, or the fused query.
    static func kernelModalities(_ set: SampleSet, fusion: QueryFusion?) -> [Matrix] {
        fusion == .mean || fusion == .concat ? [set.fusedQuery(fusion)] : set.modalities.map(\.rows)
    }

    /// The combined kernel between the landmarks, m x m.
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
        if count == 1 { return self[0] }
        let rowCount = reduce(0) { $0 + $1.rowCount }
        var elements: [Double] = []
        elements.reserveCapacity(rowCount * self[0].columnCount)
        for matrix in self { elements.append(contentsOf: matrix.elements) }
        return Matrix(rowCount: rowCount, columnCount: self[0].columnCount, elements: elements)
    }

    /// The rows at ascending positions in the stacked matrices, which are not actually stacked.
    func selectingStackedRows(_ positions: [Int]) -> Matrix {
        var elements: [Double] = []
        elements.reserveCapacity(positions.count * self[0].columnCount)
        var (index, start) = (0, 0)
        for position in positions {
            while position - start >= self[index].rowCount {
                start += self[index].rowCount
                index += 1
            }
            elements.append(contentsOf: self[index].row(position - start))
        }
        return Matrix(rowCount: positions.count, columnCount: self[0].columnCount, elements: elements)
    }
}

/// The distinct matrices among some matrices.
struct DistinctMatrices: Sendable {
    /// Each matrix once, in the order of first appearance.
    private(set) var matrices: [Matrix] = []
    /// For each of the given matrices, its position in `matrices`.
    private(set) var positions: [Int] = []

    init(_ all: [Matrix]) {
        var candidates: [UInt64: [Int]] = [:]
        for matrix in all {
            let key = matrix.fingerprint
            if let position = candidates[key]?.first(where: { matrices[$0] == matrix }) {
                positions.append(position)
            } else {
                candidates[key, default: []].append(matrices.count)
                positions.append(matrices.count)
                matrices.append(matrix)
            }
        }
    }
}
