import LinearAlgebra
import Statistics

/// The pooled rows of two samples in the feature space of a kernel, from which the spectrum of any weighted subset can be computed.
///
/// The d x d covariance and the n x n Gram matrix have the same non-zero spectrum, so each subset of rows uses the smaller of the two.
/// A product of kernels has no small feature space and always uses its Gram matrix; above `gramLimit` rows, Nystrom features
/// stand in for it.
struct PooledRows: Sendable {
    /// Up to this many pooled rows, kernels without explicit features are computed exactly.
    static let gramLimit = 4_000
    /// The number of landmarks of the Nystrom features, which are used above `gramLimit`.
    static let landmarkCount = 512

    /// The features of all N rows, N x d; nil when the kernel has none.
    let features: Matrix?
    /// The Gram matrix of all N rows, N x N; nil when no subset needs it, or when N is above `gramLimit`.
    let gram: Matrix?
    /// k(x, x) of each row.
    private let diagonal: [Double]
    /// The share of the kernel's trace that the Nystrom features leave out; 0 when the spectrum is exact.
    let missingTrace: Double

    /// Pools rows under a product of kernels, one for each modality.
    ///
    /// - Parameters:
    ///   - rows: for each modality the pooled rows, N x d_k.
    ///   - smallestSubset: the smallest number of rows whose spectrum will be asked for.
    /// - Throws: `LinearAlgebraError` from the Nystrom features.
    init(rows: [Matrix], kernel: Kernel, smallestSubset: Int, seed: UInt64) throws(LinearAlgebraError) {
        let count = rows[0].rowCount
        if rows.count == 1, kernel.hasExplicitFeatures {
            let explicit = kernel.explicitFeatures(rows[0])
            features = explicit
            gram = smallestSubset < explicit.columnCount && count <= Self.gramLimit ? explicit.gram : nil
            diagonal = explicit.squaredRowNorms
            missingTrace = 0
            return
        }
        let kernels = rows.map { kernel.resolved(for: $0, seed: seed) }
        if count <= Self.gramLimit {
            let product = Self.productOfGrams(rows, kernels)
            features = nil
            gram = product
            diagonal = (0..<count).map { product[$0, $0] }
            missingTrace = 0
        } else {
            var generator = SeededGenerator(seed: seed, stream: "landmarks")
            let landmarks = generator.sample(Self.landmarkCount, below: count)
            let marks = rows.map { $0.selectingRows(landmarks) }
            var cross = kernels[0].matrix(rows[0], marks[0])
            for index in rows.indices.dropFirst() { cross.multiplyElementwise(by: kernels[index].matrix(rows[index], marks[index])) }
            let explicit = try NystromFeatures(landmarkGram: Self.productOfGrams(marks, kernels)).features(crossGram: cross)
            features = explicit
            gram = nil
            diagonal = explicit.squaredRowNorms
            let norms = zip(rows, kernels).map { $1.diagonal($0) }
            let exactTrace = (0..<count).reduce(0.0) { sum, i in sum + norms.reduce(1) { $0 * $1[i] } }
            missingTrace = exactTrace > 0 ? max(0, 1 - diagonal.reduce(0, +) / exactTrace) : 0
        }
    }

    private static func productOfGrams(_ rows: [Matrix], _ kernels: [Kernel]) -> Matrix {
        let grams = zip(rows, kernels).map { $1.gram($0) }
        return grams.dropFirst().reduce(grams[0]) { $0.multipliedElementwise(by: $1) }
    }

    /// N, the number of rows of both samples together.
    var rowCount: Int { diagonal.count }

    /// The sum of k(x, x) over these rows.
    func trace(_ subset: [Int]) -> Double {
        subset.reduce(0) { $0 + diagonal[$1] }
    }

    /// The eigenvalues of sum_i w_i phi(x_i) phi(x_i)^T over these rows: as many as the smaller side has, the others being zero.
    ///
    /// - Parameter roots: the roots of the weights; nil takes 1.
    /// - Throws: `LinearAlgebraError` when the eigenvalues do not converge.
    func spectrum(_ subset: [Int], roots: [Double]? = nil) throws(LinearAlgebraError) -> [Double] {
        try smallerSide(subset, roots: roots)?.symmetricEigenvalues() ?? []
    }

    /// The sums over the spectra of several subsets, without eigenvalues: six times as fast at 90 rows.
    ///
    /// - Parameter roots: for each subset the roots of the weights of its rows; nil takes 1.
    /// - Throws: `LinearAlgebraError` for elements that are not finite.
    func spectralSums(_ subsets: [[Int]], roots: [[Double]]? = nil) throws(LinearAlgebraError) -> [SpectralSums] {
        if let gram, subsets.allSatisfy({ usesGram($0) }) {
            return try gram.spectralSums(ofSubmatrices: subsets, roots: roots)
        }
        var matrices: [Matrix] = []
        for (index, subset) in subsets.enumerated() {
            matrices.append(try smallerSide(subset, roots: roots?[index]) ?? .zeros(0, 0))
        }
        return try SpectralSums.of(matrices)
    }

    /// The Gram matrix or the covariance of these rows, whichever is smaller; nil where there are neither.
    func smallerSide(_ subset: [Int], roots: [Double]? = nil) throws(LinearAlgebraError) -> Matrix? {
        if var block = gramBlock(subset) {
            guard let roots else { return block }
            let size = subset.count
            block.withElements { elements in
                for i in 0..<size {
                    for j in 0..<size { elements[i &* size &+ j] *= roots[i] * roots[j] }
                }
            }
            return block
        }
        guard var rows = featureRows(subset) else { return nil }
        if let roots { rows = rows.scalingRows(by: roots) }
        return rows.rowCount < rows.columnCount ? rows.gram : rows.crossProduct
    }

    /// Whether the spectrum of these rows is computed from their Gram matrix.
    private func usesGram(_ subset: [Int]) -> Bool {
        gram != nil && (features.map { subset.count <= $0.columnCount } ?? true)
    }

    /// The Gram matrix of these rows if their spectrum is computed from it; nil if it is computed from the covariance.
    func gramBlock(_ subset: [Int]) -> Matrix? {
        guard let gram, usesGram(subset) else { return nil }
        return gram.selectingRowsAndColumns(subset)
    }

    /// These rows in the feature space; nil for kernels without explicit features.
    func featureRows(_ subset: [Int]) -> Matrix? { features?.selectingRows(subset) }

    /// The sum of the kernel over all pairs of these rows.
    func kernelSum(_ subset: [Int]) -> Double {
        if let features {
            let means = features.selectingRows(subset).columnMeans
            let count = Double(subset.count)
            return means.reduce(0) { $0 + $1 * $1 } * count * count
        }
        guard let gram else { return 0 }
        return subset.reduce(0) { sum, i in subset.reduce(sum) { $0 + gram[i, $1] } }
    }

    /// Whether the spectra of both parts are computed from covariances, which can be added.
    func hasCovariances(_ split: RowSplit) -> Bool {
        guard gram == nil, let features else { return false }
        return min(split.first.count, split.second.count) >= features.columnCount
    }

    /// sum_i phi(x_i) phi(x_i)^T over these rows; nil for kernels without explicit features.
    func crossProduct(_ subset: [Int]) -> Matrix? {
        featureRows(subset)?.crossProduct
    }
}
