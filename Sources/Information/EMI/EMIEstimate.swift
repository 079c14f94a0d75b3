import Statistics

/// EMI = I(X; Y_theta) - I(X; Y) of one set, in nats, with what its uncertainty follows from (2502.00577).
package struct EMIEstimate: Sendable {
    /// I(X; Y_theta), never clamped.
    package let modelMutualInformation: Double
    /// I(X; Y), never clamped.
    package let referenceMutualInformation: Double
    /// How each group moves I(X; Y_theta).
    package let modelInfluence: GroupInfluence
    /// How each group moves I(X; Y).
    package let referenceInfluence: GroupInfluence
    /// The group of each row, by the labels of the influences; of rows that move alike in two sets the labels are the same.
    package let groups: [String]
    /// n contributions whose mean is EMI; nil for estimators that have none.
    package let contributions: [Double]?
    /// n contributions whose mean is I(X; Y_theta); nil for estimators that have none.
    package let modelContributions: [Double]?
    /// n contributions whose mean is I(X; Y); nil for estimators that have none.
    package let referenceContributions: [Double]?
    /// What gives EMI of other rows of the set, for permutation tests; nil where every subset is an estimate of its own.
    let form: (any SubsetForm)?
    /// Which pairings of queries and answers are as likely as the one that was seen, if answers do not depend on queries.
    let pairing: PairingDesign
    /// Prepares the parts of EMI under any pairing.
    let underPairing: @Sendable () -> PairedInformation

    /// The number of independent groups of rows, as standard errors count them.
    package var groupCount: Int { Set(groups).count }

    /// Whether every row is a group of its own.
    package var rowsAreIndependent: Bool { groupCount == groups.count }

    /// I(X; Y_theta) - I(X; Y).
    package var value: Double { modelMutualInformation - referenceMutualInformation }

    /// How each group moves EMI.
    package var influence: GroupInfluence { modelInfluence.subtracting(referenceInfluence) }

    /// EMI with its standard error and interval.
    package func uncertainValue(_ intervals: IntervalMethod) -> UncertainValue {
        UncertainValue(value: value, influence: influence, intervals: intervals)
    }

    /// I(X; Y) alone with its standard error and interval.
    package func uncertainReferenceValue(_ intervals: IntervalMethod) -> UncertainValue {
        UncertainValue(value: referenceMutualInformation, influence: referenceInfluence, intervals: intervals)
    }

    init(
        modelContributions: [Double], referenceContributions: [Double], groups: [String], judges: [Int]? = nil,
        training: (model: TrainingInfluence, reference: TrainingInfluence)? = nil, covariances: CovarianceForm
    ) {
        let count = Double(modelContributions.count)
        modelMutualInformation = modelContributions.reduce(0, +) / count
        referenceMutualInformation = referenceContributions.reduce(0, +) / count
        // With two groups both deviate from the mean equally by construction, so their spread tells nothing: no standard error.
        let isKnown = Set(groups).count > 2
        modelInfluence =
            isKnown
            ? GroupInfluence(contributions: modelContributions, groups: groups, training: training?.model)
            : GroupInfluence(unknownOf: groups)
        referenceInfluence =
            isKnown
            ? GroupInfluence(contributions: referenceContributions, groups: groups, training: training?.reference)
            : GroupInfluence(unknownOf: groups)
        form = covariances
        self.groups = groups
        pairing = PairingDesign(groups: groups, judges: judges)
        underPairing = { covariances.underPairing }
        contributions = zip(modelContributions, referenceContributions).map { $0 - $1 }
        (self.modelContributions, self.referenceContributions) = (modelContributions, referenceContributions)
    }

    init(
        _ parts: InformationParts, modelInfluence: GroupInfluence, referenceInfluence: GroupInfluence, groups: [String],
        modelContributions: [Double]? = nil, referenceContributions: [Double]? = nil, underPairing: @escaping PairedInformation
    ) {
        self.init(
            parts, modelInfluence: modelInfluence, referenceInfluence: referenceInfluence, groups: groups,
            modelContributions: modelContributions, referenceContributions: referenceContributions, preparingPairs: { underPairing })
    }

    /// - Parameters:
    ///   - form: what gives EMI of other rows.
    ///   - preparingPairs: computes what any pairing needs, when a test asks for it.
    init(
        _ parts: InformationParts, modelInfluence: GroupInfluence, referenceInfluence: GroupInfluence, groups: [String],
        modelContributions: [Double]? = nil, referenceContributions: [Double]? = nil, form: (any SubsetForm)? = nil,
        preparingPairs: @escaping @Sendable () -> PairedInformation
    ) {
        modelMutualInformation = parts.model
        referenceMutualInformation = parts.reference
        self.modelInfluence = modelInfluence
        self.referenceInfluence = referenceInfluence
        contributions = modelContributions.flatMap { model in
            referenceContributions.map { zip(model, $0).map { $0 - $1 } }
        }
        self.form = form
        (self.modelContributions, self.referenceContributions) = (modelContributions, referenceContributions)
        self.groups = groups
        pairing = PairingDesign(groups: groups)
        underPairing = preparingPairs
    }
}

/// What EMI of thousands of subsets of rows costs a few matrix products with.
package protocol SubsetForm: Sendable {
    /// EMI of any subsets of the rows of this set and then of another, in nats; nil for a form of another kind.
    func effectiveInformation(with other: any SubsetForm) -> (@Sendable (_ subsets: [[Int]]) -> [Double])?
}

/// I(X; Y_theta) and I(X; Y), in nats.
struct InformationParts: Sendable {
    let model: Double
    let reference: Double
}

/// The parts of EMI with the answer of row `answers[i]` for the query of row i.
typealias PairedInformation = @Sendable (_ answers: [Int]) throws -> InformationParts
