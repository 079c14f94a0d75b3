import Statistics

/// EMI = I(X; Y_theta) - I(X; Y) of one set, in nats, with the influences from which its uncertainty follows (2502.00577).
package struct EMIEstimate: Sendable {
    /// I(X; Y_theta), never clamped.
    package let modelMutualInformation: Double
    /// I(X; Y), never clamped.
    package let referenceMutualInformation: Double
    /// The influence of each group on I(X; Y_theta).
    package let modelInfluence: GroupInfluence
    /// The influence of each group on I(X; Y).
    package let referenceInfluence: GroupInfluence
    /// The group of each row, under the labels that the influences use. A group that is in two sets has the same label in both.
    package let groups: [String]
    /// n contributions whose mean is EMI; nil for estimators that have none.
    package let contributions: [Double]?
    /// n contributions whose mean is I(X; Y_theta); nil for estimators that have none.
    package let modelContributions: [Double]?
    /// n contributions whose mean is I(X; Y); nil for estimators that have none.
    package let referenceContributions: [Double]?
    /// Computes EMI of subsets of the rows fast, for permutation tests; nil when every subset needs an estimate of its own.
    let form: (any SubsetForm)?
    /// The pairings of queries and answers that are as likely as the observed one if answers do not depend on queries.
    let pairing: PairingDesign
    /// Prepares the function that gives both parts of EMI under any pairing.
    let underPairing: @Sendable () -> PairedInformation

    /// The number of independent groups of rows, as standard errors count them.
    package var groupCount: Int { Set(groups).count }

    /// Whether every row is a group of its own.
    package var rowsAreIndependent: Bool { groupCount == groups.count }

    /// I(X; Y_theta) - I(X; Y).
    package var value: Double { modelMutualInformation - referenceMutualInformation }

    /// The influence of each group on EMI.
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
        modelInfluence = GroupInfluence(spreadOf: modelContributions, groups: groups, training: training?.model)
        referenceInfluence = GroupInfluence(spreadOf: referenceContributions, groups: groups, training: training?.reference)
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
    ///   - form: computes EMI of subsets of the rows.
    ///   - preparingPairs: prepares what every pairing needs; called only when a test asks for pairings.
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

/// I(X; Y_theta) and I(X; Y), in nats.
struct InformationParts: Sendable {
    let model: Double
    let reference: Double
}

/// The parts of EMI when the query of row i is paired with the answer of row `answers[i]`.
typealias PairedInformation = @Sendable (_ answers: [Int]) throws -> InformationParts
