import RealModule

/// The quantities from which the forms of the bound are computed, in nats: exact for finite worlds, estimated for samples.
///
/// Notation of the theorems: J = Jensen-Shannon divergence, tau(J) = the largest total variation that J allows,
/// h = conditional entropy of an answer given the query, P in-distribution, Q out-of-distribution.
package struct BoundTerms: Sendable, Equatable {
    /// The terms of one modality of the query.
    package struct ModalityTerms: Sendable, Equatable {
        /// The modality's name.
        package var name: String
        /// J_k, the divergence between the modality's marginals under P and Q.
        package var divergence: Double
        /// The fraction of J_X that is due to this modality, in [0, 1].
        package var share: Double
        /// kappa_k: the sum over the modality's values of min(P_k, Q_k) tau(J of the other modalities given the value).
        package var conditionalVariation: Double
        /// D_k: the mean over P_k plus the mean over Q_k of sqrt(J of the other modalities given the value).
        package var conditionalRootDivergence: Double

        /// The terms of one modality.
        package init(
            name: String, divergence: Double, share: Double, conditionalVariation: Double,
            conditionalRootDivergence: Double
        ) {
            self.name = name
            self.divergence = divergence
            self.share = share
            self.conditionalVariation = conditionalVariation
            self.conditionalRootDivergence = conditionalRootDivergence
        }
    }

    /// The terms of each modality.
    package var modalities: [ModalityTerms]
    /// J_X, the divergence of the joint query.
    package var jointDivergence: Double
    /// a = J(P_{Y_theta}, P_Y), between responses and references in the ID set.
    package var outputDivergenceID: Double
    /// b = J(Q_{Y_theta}, Q_Y), between responses and references in the OOD set.
    package var outputDivergenceOOD: Double
    /// O = [H(P_{Y_theta}) - H(P_Y)] - [H(Q_{Y_theta}) - H(Q_Y)].
    package var outputEntropyChange: Double
    /// C = sum_x min(P, Q)(h_P - h_Q); 0 if the law of the reference given the query does not change.
    package var conceptChange: Double
    /// sum_x min(P, Q) F_K(tau(J(P_{Y|x}, Q_{Y|x}))).
    package var conceptContinuity: Double
    /// R = max over supp P of h_P, plus max over supp Q of h_theta.
    package var crossedEntropyScale: Double
    /// H as published: max over supp Q of h_Q + h_theta.
    package var publishedEntropyScale: Double
    /// H over both supports, each with its own reference: the larger of max h_P + h_theta on P and h_Q + h_theta on Q.
    package var entropyScale: Double
    /// K, the number of distinct answers.
    package var answerCount: Double
    /// The most by which entropies of answers counted in samples may be too low in expectation; 0 for exact entropies.
    package var finiteSampleTerm: Double

    /// Terms with these values; the properties explain each.
    package init(
        modalities: [ModalityTerms], jointDivergence: Double, outputDivergenceID: Double, outputDivergenceOOD: Double,
        outputEntropyChange: Double, conceptChange: Double, conceptContinuity: Double, crossedEntropyScale: Double,
        publishedEntropyScale: Double, entropyScale: Double, answerCount: Double, finiteSampleTerm: Double = 0
    ) {
        self.modalities = modalities
        self.jointDivergence = jointDivergence
        self.outputDivergenceID = outputDivergenceID
        self.outputDivergenceOOD = outputDivergenceOOD
        self.outputEntropyChange = outputEntropyChange
        self.conceptChange = conceptChange
        self.conceptContinuity = conceptContinuity
        self.crossedEntropyScale = crossedEntropyScale
        self.publishedEntropyScale = publishedEntropyScale
        self.entropyScale = entropyScale
        self.answerCount = answerCount
        self.finiteSampleTerm = finiteSampleTerm
    }

    /// The value of every form that is built from entropies, in their order. A form with a term that is not a number (the root of a
    /// negative divergence, which only the published weighting gives) is left out.
    package var bounds: [Bound] {
        BoundForm.entropyForms.map(bound).filter { $0.value.isFinite }
    }

    /// The value of one form.
    ///
    /// - Precondition: it is one of `BoundForm.entropyForms`.
    package func bound(_ form: BoundForm) -> Bound {
        let terms: [Bound.Term] =
            switch form {
            case .joint: jointTerms
            case .split: splitTerms
            case .correctedGeneral:
                rootTerms(scale: correctedScale) + [
                    Bound.Term(
                        name: "interaction",
                        value: correctedScale
                            * modalities.reduce(0) { $0 + $1.conditionalRootDivergence } / Double(max(1, modalities.count))),
                    Bound.Term(name: "concept", value: conceptContinuity),
                ] + continuityTerms
            case .correctedSimplified: rootTerms(scale: correctedScale) + continuityTerms
            case .paper: rootTerms(scale: publishedEntropyScale) + fourthRootTerms(scale: 4)
            case .scaleAdjusted: rootTerms(scale: 1) + fourthRootTerms(scale: 1)
            case .channel, .channelDivergence, .channelRange: preconditionFailure("a channel's bound is not made of entropies")
            }
        return Bound(form: form, value: terms.reduce(0) { $0 + $1.value }, terms: terms)
    }

    /// sqrt(2) H, or twice that if there is a single modality.
    ///
    /// The queries contribute at most 2H T_X, and T_X is at most the mean over m modalities of sqrt(2 J_k) + kappa_k. That gives a factor
    /// 2/m: the sum covers it for two or more modalities, not for one (a seesaw in one modality exceeds sqrt(2) H sqrt(J)).
    private var correctedScale: Double {
        (modalities.count == 1 ? 2 : 1) * 2.0.squareRoot() * entropyScale
    }

    private var jointTerms: [Bound.Term] {
        let input = crossedEntropyScale * Discrete.totalVariationBound(jointDivergence)
        return modalities.map { Bound.Term(name: $0.name, value: input * $0.share) } + changeTerms
    }

    /// The mean over the modalities k of T_k + kappa_k, each of which is at least T_X.
    private var splitTerms: [Bound.Term] {
        modalities.map { modality in
            let variation = Discrete.totalVariationBound(modality.divergence) + modality.conditionalVariation
            return Bound.Term(
                name: modality.name, value: crossedEntropyScale / Double(modalities.count) * variation)
        } + changeTerms
    }

    private var changeTerms: [Bound.Term] {
        [Bound.Term(name: "output", value: outputEntropyChange), Bound.Term(name: "concept", value: conceptChange)]
            + finiteSampleTerms
    }

    private func rootTerms(scale: Double) -> [Bound.Term] {
        modalities.map { Bound.Term(name: $0.name, value: scale * $0.divergence.squareRoot()) }
    }

    private func fourthRootTerms(scale: Double) -> [Bound.Term] {
        outputTerms { scale * $0.squareRoot().squareRoot() }
    }

    private var continuityTerms: [Bound.Term] {
        outputTerms {
            Discrete.entropyContinuityBound(Discrete.totalVariationBound($0), outcomeCount: answerCount)
        } + finiteSampleTerms
    }

    private var finiteSampleTerms: [Bound.Term] {
        finiteSampleTerm > 0 ? [Bound.Term(name: "finite_sample", value: finiteSampleTerm)] : []
    }

    private func outputTerms(_ transform: (Double) -> Double) -> [Bound.Term] {
        [
            Bound.Term(name: "output_id", value: transform(outputDivergenceID)),
            Bound.Term(name: "output_ood", value: transform(outputDivergenceOOD)),
        ]
    }
}

extension BoundTerms {
    /// The entropies that scale a form: R for `joint` and `split`, H for the other forms of entropies; nil for forms without entropies.
    package func entropyScale(of form: BoundForm) -> Double? {
        switch form {
        case .joint, .split: crossedEntropyScale
        case .correctedGeneral, .correctedSimplified: entropyScale
        case .paper: publishedEntropyScale
        case .scaleAdjusted, .channel, .channelDivergence, .channelRange: nil
        }
    }
}
