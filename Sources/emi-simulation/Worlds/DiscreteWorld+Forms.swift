import Information
import RealModule

extension DiscreteWorld {
    /// Forms of the bound that only a finite world can evaluate or that serve only for comparison: relatives of the reported forms, and all
    /// readings of the published text.
    enum ReferenceForm: String, Sendable, CaseIterable {
        /// O + C + (max g_P - min g_Q) T_X, g = h(Y|x) - h(Y_theta|x): the tightest of the family.
        case exactRange
        /// O + C + 2 sqrt(E_M delta^2) sd_M(g): at most `deviation` (`DeviationBound`).
        case separation
        /// O + C + 2 tau(J_X) sd_M(g).
        case deviation
        /// `joint` with sqrt(2 J) instead of tau(J).
        case jointPinsker
        /// |O| + concept continuity + R tau(J_X).
        case jointAbsolute
        /// The same with R or its mirror image, whichever is larger, which bounds |EMID|.
        case twoSided
        /// F_K(tau(a)) + F_K(tau(b)) instead of |O|.
        case jointContinuity
        /// `split` with |O| and the concept's continuity.
        case splitAbsolute
        /// The published simplified form, with 8 (a + b)^(1/4) for the outputs.
        case publishedSimplified
        /// sqrt(2/m) H sum sqrt(J_k) + 8 (a + b)^(1/4) (2512.17270).
        case publishedComponents
        /// The same for a single component, the joint query.
        case publishedOnJoint
        /// H sum sqrt(J_k) + |O|.
        case publishedWithEntropyChange
        /// The published general form over the values that both sides have.
        case publishedGeneralShared
        /// The published general form, with ln 2 for the values that only one side has.
        case publishedGeneralLargest
        /// `publishedGeneralShared` with the code's 4 (a^(1/4) + b^(1/4)).
        case codeGeneralShared
        /// `publishedGeneralLargest` with the code's 4 (a^(1/4) + b^(1/4)).
        case codeGeneralLargest
    }

    /// The value of a reference form, in nats.
    func value(_ form: ReferenceForm) -> Double {
        let terms = boundTerms
        let (id, ood) = (id, ood)
        let variation = Discrete.totalVariationBound(terms.jointDivergence)
        let changes = terms.outputEntropyChange + terms.conceptChange
        let absolute = abs(terms.outputEntropyChange) + terms.conceptContinuity
        let roots = terms.modalities.reduce(0) { $0 + $1.divergence.squareRoot() }
        let outputs = 8 * (terms.outputDivergenceID + terms.outputDivergenceOOD).squareRoot().squareRoot()
        let mirrored = ood.largestReferenceEntropy + id.largestModelEntropy
        switch form {
        case .exactRange: return changes + entropyGapRange * queryTotalVariation
        case .separation: return changes + deviationBound.bySeparation
        case .deviation: return changes + deviationBound.byDivergence
        case .jointPinsker:
            return changes + terms.crossedEntropyScale * min(1, (2 * terms.jointDivergence).squareRoot())
        case .jointAbsolute: return absolute + terms.crossedEntropyScale * variation
        case .twoSided: return absolute + max(terms.crossedEntropyScale, mirrored) * variation
        case .jointContinuity:
            let continuity = [id.outputDivergence, ood.outputDivergence].reduce(0) {
                $0
                    + Discrete.entropyContinuityBound(
                        Discrete.totalVariationBound($1), outcomeCount: Double(answerCount))
            }
            return continuity + terms.conceptContinuity + terms.crossedEntropyScale * variation
        case .splitAbsolute: return terms.bound(.split).value - changes + absolute
        case .publishedSimplified: return terms.publishedEntropyScale * roots + outputs
        case .publishedComponents:
            return (2 / Double(shape.count)).squareRoot() * terms.publishedEntropyScale * roots + outputs
        case .publishedOnJoint:
            return 2.0.squareRoot() * terms.publishedEntropyScale * terms.jointDivergence.squareRoot() + outputs
        case .publishedWithEntropyChange:
            return terms.publishedEntropyScale * roots + abs(terms.outputEntropyChange)
        case .publishedGeneralShared:
            return value(.publishedSimplified) + generalTerms(missing: 0)
        case .publishedGeneralLargest:
            return value(.publishedSimplified) + generalTerms(missing: .log(2))
        case .codeGeneralShared:
            return terms.bound(.paper).value + generalTerms(missing: 0)
        case .codeGeneralLargest:
            return terms.bound(.paper).value + generalTerms(missing: .log(2))
        }
    }

    /// EMID - O - C is E_P g - E_Q g with g = h(Y|x) - h(Y_theta|x). The references' entropy is that of the side on which x is likelier,
    /// because C contains the change that both sides share.
    var deviationBound: DeviationBound {
        DeviationBound(
            id: idQuery, ood: oodQuery,
            values: cells.indices.map { cell in
                Discrete.entropy(idQuery[cell] > oodQuery[cell] ? idReference[cell] : oodReference[cell])
                    - Discrete.entropy(model[cell])
            })
    }

    /// max over supp P of g_P minus min over supp Q of g_Q, with g = h(Y|x) - h(Y_theta|x).
    var entropyGapRange: Double {
        func gaps(_ query: [Double], _ reference: [[Double]]) -> [Double] {
            cells.indices.filter { query[$0] > 0 }.map { Discrete.entropy(reference[$0]) - Discrete.entropy(model[$0]) }
        }
        return (gaps(idQuery, idReference).max() ?? 0) - (gaps(oodQuery, oodReference).min() ?? 0)
    }

    /// The sum of the means under P_k and under Q_k of sqrt(J of the other modalities given the value). `missing` replaces J if only one
    /// side has the value.
    func conditionalRootDivergence(given modality: Int, missing: Double) -> Double {
        conditionals(given: modality).reduce(0) { $0 + ($1.id + $1.ood) * ($1.divergence ?? missing).squareRoot() }
    }

    /// sum over the modality's values of min(P_k, Q_k) T(the other modalities given the value): the tightest kappa of the `split` form,
    /// which uses tau(J) instead of T.
    func conditionalTotalVariation(given modality: Int) -> Double {
        conditionals(given: modality).reduce(0) { $0 + min($1.id, $1.ood) * $1.variation }
    }

    /// E_P of h_P - h_Q, the change of the reference's uncertainty on the in-distribution queries.
    var conceptChangeUnderID: Double {
        cells.indices.reduce(0) {
            $0 + idQuery[$1] * (Discrete.entropy(idReference[$1]) - Discrete.entropy(oodReference[$1]))
        }
    }

    /// E_P of J(P_{Y|x}, Q_{Y|x})^(1/4).
    var conceptFourthRoot: Double {
        cells.indices.reduce(0) { sum, cell in
            let divergence = Discrete.jensenShannonDivergence(idReference[cell], oodReference[cell])
            return sum + idQuery[cell] * divergence.squareRoot().squareRoot()
        }
    }

    private func generalTerms(missing: Double) -> Double {
        boundTerms.publishedEntropyScale
            * shape.indices.reduce(0) { $0 + conditionalRootDivergence(given: $1, missing: missing) }
            + 4 * conceptFourthRoot
    }
}
