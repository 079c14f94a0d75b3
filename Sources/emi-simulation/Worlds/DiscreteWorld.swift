import Information

/// A finite world in which every quantity of the theory is exact. Queries are cells of a grid, and answers are 0..<K.
struct DiscreteWorld: Sendable {
    /// The number of values of each modality.
    let shape: [Int]
    /// The number of answers K.
    let answerCount: Int
    /// The coordinates of each cell, one for each modality.
    let cells: [[Int]]
    /// P_X by cell.
    let idQuery: [Double]
    /// Q_X by cell.
    let oodQuery: [Double]
    /// P_{Y|x} by cell.
    let idReference: [[Double]]
    /// Q_{Y|x} by cell.
    let oodReference: [[Double]]
    /// P_theta(.|x) by cell.
    let model: [[Double]]

    /// A world with these distributions, which are not normalised.
    init(
        shape: [Int], answerCount: Int, cells: [[Int]], idQuery: [Double], oodQuery: [Double],
        idReference: [[Double]], oodReference: [[Double]], model: [[Double]]
    ) {
        self.shape = shape
        self.answerCount = answerCount
        self.cells = cells
        self.idQuery = idQuery
        self.oodQuery = oodQuery
        self.idReference = idReference
        self.oodReference = oodReference
        self.model = model
    }

    /// The entropies and informations of one side, in nats.
    struct Side: Sendable, Equatable {
        /// H(Y).
        let referenceEntropy: Double
        /// H(Y_theta).
        let modelEntropy: Double
        /// I(X; Y).
        let referenceInformation: Double
        /// I(X; Y_theta).
        let modelInformation: Double
        /// max over the support of h(Y|x).
        let largestReferenceEntropy: Double
        /// max over the support of h(Y_theta|x).
        let largestModelEntropy: Double
        /// max over the support of h(Y|x) + h(Y_theta|x).
        let largestEntropySum: Double
        /// J(Y_theta, Y).
        let outputDivergence: Double
        /// EMI, in nats.
        var effectiveInformation: Double { modelInformation - referenceInformation }
    }

    /// The in-distribution side.
    var id: Side { side(idQuery, idReference) }
    /// The out-of-distribution side.
    var ood: Side { side(oodQuery, oodReference) }
    /// EMI(P) - EMI(Q).
    var gap: Double { id.effectiveInformation - ood.effectiveInformation }

    private func side(_ query: [Double], _ reference: [[Double]]) -> Side {
        let (references, models) = (mixed(query, reference), mixed(query, model))
        let (given, givenModel) = (reference.map(Discrete.entropy), model.map(Discrete.entropy))
        let support = query.indices.filter { query[$0] > 0 }
        func mean(_ values: [Double]) -> Double { zip(query, values).reduce(0) { $0 + $1.0 * $1.1 } }
        return Side(
            referenceEntropy: Discrete.entropy(references), modelEntropy: Discrete.entropy(models),
            referenceInformation: Discrete.entropy(references) - mean(given),
            modelInformation: Discrete.entropy(models) - mean(givenModel),
            largestReferenceEntropy: support.map { given[$0] }.max() ?? 0,
            largestModelEntropy: support.map { givenModel[$0] }.max() ?? 0,
            largestEntropySum: support.map { given[$0] + givenModel[$0] }.max() ?? 0,
            outputDivergence: Discrete.jensenShannonDivergence(models, references))
    }

    private func mixed(_ weights: [Double], _ rows: [[Double]]) -> [Double] {
        (0..<answerCount).map { answer in zip(weights, rows).reduce(0) { $0 + $1.0 * $1.1[answer] } }
    }

    /// The joint distribution of the modalities in `subset` (a bit mask).
    private func marginal(_ query: [Double], subset: Int) -> [Double] {
        let kept = shape.indices.filter { subset & (1 << $0) != 0 }
        var result = [Double](repeating: 0, count: kept.reduce(1) { $0 * shape[$1] })
        for (cell, weight) in zip(cells, query) {
            result[kept.reduce(0) { $0 * shape[$1] + cell[$1] }] += weight
        }
        return result
    }

    /// J of the modalities in `subset` (a bit mask).
    func queryDivergence(subset: Int) -> Double {
        Discrete.jensenShannonDivergence(marginal(idQuery, subset: subset), marginal(oodQuery, subset: subset))
    }

    /// The total variation of the joint query.
    var queryTotalVariation: Double { Discrete.totalVariation(idQuery, oodQuery) }

    /// The total variation of the modalities in `subset` (a bit mask).
    func totalVariation(subset: Int) -> Double {
        Discrete.totalVariation(marginal(idQuery, subset: subset), marginal(oodQuery, subset: subset))
    }

    /// The exact terms of every form of the bound.
    var boundTerms: BoundTerms {
        let (id, ood) = (id, ood)
        let joint = Discrete.jensenShannonDivergence(idQuery, oodQuery)
        let shares = fractions(ofShares: shapleyShares(modalityCount: shape.count, divergence: queryDivergence))
        let count = Double(answerCount)
        return BoundTerms(
            modalities: shape.indices.map { modality in
                let conditional = conditionals(given: modality)
                return BoundTerms.ModalityTerms(
                    name: "modality_\(modality)", divergence: queryDivergence(subset: 1 << modality),
                    share: shares?[modality] ?? 0,
                    conditionalVariation: conditional.reduce(0) {
                        $0 + min($1.id, $1.ood) * Discrete.totalVariationBound($1.divergence ?? 0)
                    },
                    conditionalRootDivergence: conditional.reduce(0) {
                        $0 + ($1.id + $1.ood) * ($1.divergence ?? 0).squareRoot()
                    })
            },
            jointDivergence: joint, outputDivergenceID: id.outputDivergence, outputDivergenceOOD: ood.outputDivergence,
            outputEntropyChange: (id.modelEntropy - id.referenceEntropy) - (ood.modelEntropy - ood.referenceEntropy),
            conceptChange: overlap { Discrete.entropy(idReference[$0]) - Discrete.entropy(oodReference[$0]) },
            conceptContinuity: overlap { cell in
                let divergence = Discrete.jensenShannonDivergence(idReference[cell], oodReference[cell])
                return Discrete.entropyContinuityBound(
                    Discrete.totalVariationBound(divergence), outcomeCount: count)
            },
            crossedEntropyScale: id.largestReferenceEntropy + ood.largestModelEntropy,
            publishedEntropyScale: ood.largestEntropySum,
            entropyScale: max(id.largestEntropySum, ood.largestEntropySum), answerCount: count)
    }

    private func overlap(_ value: (Int) -> Double) -> Double {
        cells.indices.reduce(0) { $0 + min(idQuery[$1], oodQuery[$1]) * value($1) }
    }

    /// The probabilities of each value of a modality, with the divergence and total variation of the other modalities given the value if
    /// both sides have it.
    func conditionals(given modality: Int) -> [(id: Double, ood: Double, divergence: Double?, variation: Double)] {
        (0..<shape[modality]).map { value in
            let inside = cells.indices.filter { cells[$0][modality] == value }
            let (id, ood) = (
                inside.reduce(0) { $0 + idQuery[$1] }, inside.reduce(0) { $0 + oodQuery[$1] }
            )
            guard id > 0, ood > 0 else { return (id, ood, nil, 1) }
            let (p, q) = (inside.map { idQuery[$0] / id }, inside.map { oodQuery[$0] / ood })
            return (id, ood, Discrete.jensenShannonDivergence(p, q), Discrete.totalVariation(p, q))
        }
    }
}
