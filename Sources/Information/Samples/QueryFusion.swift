import LinearAlgebra

/// How modalities are fused into one query X.
public enum QueryFusion: String, Sendable, Codable, CaseIterable {
    /// The mean of the embeddings, as in the paper; needs modalities of one width.
    case mean
    /// The embeddings side by side.
    case concat
    /// The product of the modalities' kernels, for estimators with a kernel.
    case product
}

extension SampleSet {
    /// The query as one n x d matrix. Unless `fusion` chooses, it is the mean of the modalities if their widths agree, and their
    /// concatenation otherwise.
    ///
    /// - Precondition: `mean` needs modalities of one width. `product` has no matrix; it stands for concatenation here.
    public func fusedQuery(_ fusion: QueryFusion? = nil) -> Matrix {
        guard modalities.count > 1 else { return modalities[0].rows }
        switch fusion ?? (modalitiesHaveOneWidth ? .mean : .concat) {
        case .mean:
            precondition(modalitiesHaveOneWidth, "the mean of modalities of different widths")
            let sum = modalities.dropFirst().reduce(modalities[0].rows) { $0.adding($1.rows) }
            return sum.mapElements { $0 / Double(modalities.count) }
        case .concat, .product:
            return concatenatedQuery
        }
    }

    /// Whether all modalities have one width, so that they can be averaged.
    public var modalitiesHaveOneWidth: Bool {
        modalities.allSatisfy { $0.rows.columnCount == modalities[0].rows.columnCount }
    }

    private var concatenatedQuery: Matrix {
        var elements: [Double] = []
        let width = modalities.reduce(0) { $0 + $1.rows.columnCount }
        elements.reserveCapacity(rowCount * width)
        for i in 0..<rowCount {
            for modality in modalities { elements.append(contentsOf: modality.rows.row(i)) }
        }
        return Matrix(rowCount: rowCount, columnCount: width, elements: elements)
    }
}
