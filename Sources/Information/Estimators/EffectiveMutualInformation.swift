/// EMI = I(X; Y_theta) - I(X; Y) of one set, in nats, with what its uncertainty follows from (2502.00577).
public struct EffectiveMutualInformation: Sendable {
    /// I(X; Y_theta), never clamped.
    public let modelMutualInformation: Double
    /// I(X; Y), never clamped.
    public let referenceMutualInformation: Double
    /// How each group moves I(X; Y_theta).
    public let modelInfluence: GroupInfluence
    /// How each group moves I(X; Y).
    public let referenceInfluence: GroupInfluence
    /// n contributions whose mean is EMI; nil for estimators that have none.
    public let contributions: [Double]?
    /// The form behind the contributions, for permutation tests.
    let covariances: CovarianceForm?

    /// I(X; Y_theta) - I(X; Y).
    public var value: Double { modelMutualInformation - referenceMutualInformation }

    /// How each group moves EMI.
    public var influence: GroupInfluence { modelInfluence.subtracting(referenceInfluence) }

    /// EMI with its standard error and interval.
    public func uncertainValue(confidence: Double) -> UncertainValue {
        UncertainValue(value: value, influence: influence, confidence: confidence)
    }

    /// I(X; Y) alone with its standard error and interval.
    public func uncertainReferenceValue(confidence: Double) -> UncertainValue {
        UncertainValue(value: referenceMutualInformation, influence: referenceInfluence, confidence: confidence)
    }

    init(
        modelContributions: [Double], referenceContributions: [Double], groups: [String], covariances: CovarianceForm? = nil
    ) {
        let count = Double(modelContributions.count)
        modelMutualInformation = modelContributions.reduce(0, +) / count
        referenceMutualInformation = referenceContributions.reduce(0, +) / count
        modelInfluence = GroupInfluence(contributions: modelContributions, groups: groups)
        referenceInfluence = GroupInfluence(contributions: referenceContributions, groups: groups)
        self.covariances = covariances
        contributions = zip(modelContributions, referenceContributions).map { $0 - $1 }
    }

    init(
        model: Double, reference: Double, modelInfluence: GroupInfluence, referenceInfluence: GroupInfluence,
        modelContributions: [Double]? = nil, referenceContributions: [Double]? = nil
    ) {
        modelMutualInformation = model
        referenceMutualInformation = reference
        self.modelInfluence = modelInfluence
        self.referenceInfluence = referenceInfluence
        contributions = modelContributions.flatMap { model in
            referenceContributions.map { zip(model, $0).map { $0 - $1 } }
        }
        covariances = nil
    }
}
