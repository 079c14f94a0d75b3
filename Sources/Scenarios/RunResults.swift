import Information

/// What a run found out about one set, in nats.
public struct SetResult: Sendable {
    /// The name of the set.
    public let name: String
    /// n.
    public let sampleCount: Int
    /// The number of independent groups of rows.
    public let groupCount: Int
    /// EMI with its standard error and interval.
    public let emi: UncertainValue
    /// I(X; Y_theta).
    public let modelMutualInformation: Double
    /// I(X; Y).
    public let referenceMutualInformation: Double
    /// The mean cosine of response and reference.
    public let responseSimilarity: Double
    /// What a reader should know.
    public let warnings: [RunWarning]
}

/// What a run found out about one shift, in nats.
public struct ShiftResult: Sendable {
    /// The OOD set.
    public let ood: SetResult
    /// EMI(ID) - EMI(OOD).
    public let emid: UncertainValue
    /// The permutation p-value of "no gap".
    public let emidPValue: Double?
    /// The divergences.
    public let discrepancies: Discrepancies
    /// The fraction of the joint discrepancy that each modality carries, in the order of the modalities; nil where there is none.
    public let attribution: [(name: String, fraction: Double)]?
    /// All forms that have a value.
    public let bounds: [Bound]
    /// What a reader should know.
    public let warnings: [RunWarning]
}

/// The divergences between two sets and between the outputs of each, in nats.
public struct Discrepancies: Sendable {
    /// Of each modality, in their order.
    public let modalities: [(name: String, divergence: DivergenceEstimate)]
    /// Of the joint query, under the product of the modalities' kernels.
    public let joint: DivergenceEstimate
    /// Of response and reference in the ID set.
    public let outputID: DivergenceEstimate
    /// Of response and reference in the OOD set.
    public let outputOOD: DivergenceEstimate
    /// Divergences by subset of modalities, a bit mask.
    let bySubset: [Int: DivergenceEstimate]
}
