import Information
import Statistics

/// What a run found out about one set, in nats.
package struct SetResult: Sendable {
    /// The name of the set.
    package let name: String
    /// n.
    package let sampleCount: Int
    /// The number of independent groups of rows.
    package let groupCount: Int
    /// EMI with its standard error and interval.
    package let emi: UncertainValue
    /// I(X; Y_theta).
    package let modelMutualInformation: Double
    /// I(X; Y).
    package let referenceMutualInformation: Double
    /// The test of "answers do not depend on queries" for either part; nil where it was not asked for, and where it cannot be made.
    package let independence: Independence?
    /// The mean cosine of response and reference.
    package let responseSimilarity: UncertainValue
    /// The mean whitened cosine of response and reference (`ChannelRows.whitenedCosines`); nil without a channel.
    package let whitenedSimilarity: UncertainValue?
    /// The answers in classes; nil without a channel and in small runs.
    package let answers: AnswerFindings?
    /// The rows' own scores, where the files have any.
    package let rowScores: RowScores?
    /// The score by reviews, of the set's own questions; nil without.
    package let reviewScore: Double?
    /// What single rows add, for comparisons with other models; nil for estimators whose rows do not, and for sets without names of items.
    package let rows: SetRows?
    /// What a reader should know.
    package let warnings: [RunWarning]

    /// The result of a set under an estimate.
    ///
    /// - Parameters:
    ///   - classes: of the answers of the run.
    ///   - notes: what is known of the run as a whole.
    /// - Throws: as the estimator, where queries and answers are paired anew.
    init(
        _ loaded: LoadedSet, _ estimate: EMIEstimate, classes: AnswerClasses? = nil, notes: [RunWarning] = [], _ settings: StudySettings,
        threadCount: Int
    ) throws {
        let set = loaded.set
        name = set.name
        sampleCount = set.rowCount
        groupCount = estimate.groupCount
        emi = estimate.uncertainValue(settings.intervals)
        modelMutualInformation = estimate.modelMutualInformation
        referenceMutualInformation = estimate.referenceMutualInformation
        independence = try estimate.independenceTest(
            pairingCount: settings.pairingCount(rowCount: set.rowCount), seed: settings.seed, threadCount: threadCount)
        let similarities = set.responseSimilarities
        func mean(_ values: [Double]) -> UncertainValue {
            UncertainValue(meanOf: values, groups: estimate.groups, intervals: settings.intervals)
        }
        responseSimilarity = mean(similarities)
        whitenedSimilarity = estimate.channelRows.map { mean($0.whitenedCosines) }
        answers = AnswerFindings(estimate, classes)
        reviewScore = loaded.reviewScore
        rowScores = loaded.scores.map { RowScores($0, estimate, settings) }
        rows = SetRows(set, estimate, similarities: similarities, scores: loaded.scores)
        warnings =
            notes + loaded.warnings + [scaleWarning(set, estimate, settings)].compactMap { $0 }
            + channelSetWarnings(set, estimate, similarities: similarities)
    }
}

/// What single rows of a set show, in nats: what a comparison with another model on the same items is made of.
package struct SetRows: Sendable {
    /// What each row adds to I(X; Y_theta) and I(X; Y).
    package let contributions: ContributedRows
    /// The cosine of response and reference.
    package let similarities: [Double]
    /// The rows' own scores.
    package let scores: [Double]?

    init?(_ set: SampleSet, _ estimate: EMIEstimate, similarities: [Double], scores: [Double]?) {
        guard let names = set.identifiers, let model = estimate.modelContributions, let reference = estimate.referenceContributions,
            model.count == names.count, reference.count == names.count
        else { return nil }
        contributions = ContributedRows(identifiers: names, groups: estimate.groups, model: model, reference: reference)
        self.similarities = similarities
        self.scores = scores.flatMap { $0.count == names.count ? $0 : nil }
    }
}

/// Scores of the single rows of a set (was the answer right, how good was it).
package struct RowScores: Sendable {
    /// Their mean: accuracy, where scores are 0 and 1.
    package let mean: Double
    /// Their correlation with what each row adds to EMI, over the means of groups where rows depend on each other; nil for
    /// estimators without contributions, and where one side does not vary.
    package let correlation: CorrelationSummary?

    init(_ scores: [Double], _ estimate: EMIEstimate, _ settings: StudySettings) {
        mean = scores.reduce(0, +) / Double(max(1, scores.count))
        correlation = estimate.contributions.flatMap { contributions in
            guard contributions.count == scores.count else { return nil }
            func means(_ values: [Double]) -> [Double] {
                Dictionary(grouping: zip(estimate.groups, values)) { $0.0 }.sorted { $0.key < $1.key }
                    .map { $0.value.reduce(0) { $0 + $1.1 } / Double($0.value.count) }
            }
            return CorrelationSummary(
                means(contributions), means(scores), confidence: settings.confidence, seed: settings.seed)
        }
    }
}

/// What a run found out about one shift, in nats.
package struct ShiftResult: Sendable {
    /// The OOD set.
    package let ood: SetResult
    /// EMI(ID) - EMI(OOD).
    package let emid: UncertainValue
    /// The permutation p-value of "no gap".
    package let emidPValue: Double?
    /// How well what single rows add to EMI tells ID from OOD; nil for estimators without contributions.
    package let separation: RankSum?
    /// The divergences.
    package let discrepancies: Discrepancies
    /// The fraction of the joint discrepancy that each modality carries, in the order of the modalities; nil where there is none.
    package let attribution: [(name: String, fraction: Double)]?
    /// All forms that have a value, in the order of `BoundForm`.
    package let bounds: [Bound]
    /// The entropies that scale the selected form; nil for a form without.
    package let entropyScale: Double?
    /// What can be said of the terms of the bounds.
    package let termsGuarantee: Guarantee
    /// Intervals of divergences and bounds; nil without relabellings.
    package let intervals: ShiftIntervals?
    /// The bound in the nats of the channel; nil under other estimators.
    package let channel: ChannelFindings?
    /// What a reader should know.
    package let warnings: [RunWarning]
}

/// The divergences between two sets and between the outputs of each, in nats.
package struct Discrepancies: Sendable {
    /// Of each modality, in their order.
    package let modalities: [(name: String, divergence: DivergenceEstimate)]
    /// Of the joint query, under the product of the modalities' kernels.
    package let joint: DivergenceEstimate
    /// Of response and reference in the ID set.
    package let outputID: DivergenceEstimate
    /// Of response and reference in the OOD set.
    package let outputOOD: DivergenceEstimate
    /// Divergences by subset of modalities, a bit mask.
    let bySubset: [Int: DivergenceEstimate]
}
