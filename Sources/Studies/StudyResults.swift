import Information
import Statistics

/// The results of a run for one set, in nats.
package struct SetResult: Sendable {
    /// The name of the set.
    package let name: String
    /// The number of rows, n.
    package let sampleCount: Int
    /// The number of independent groups of rows.
    package let groupCount: Int
    /// EMI with its standard error and interval.
    package let emi: UncertainValue
    /// I(X; Y_theta), the information between queries and the model's responses.
    package let modelMutualInformation: Double
    /// I(X; Y), the information between queries and references.
    package let referenceMutualInformation: Double
    /// The test of "answers do not depend on queries", for responses and for references; nil when not asked for or not possible.
    package let independence: Independence?
    /// The mean cosine of response and reference.
    package let responseSimilarity: UncertainValue
    /// The mean whitened cosine of response and reference (`ChannelRows.whitenedCosines`); nil under other estimators than the channel.
    package let whitenedSimilarity: UncertainValue?
    /// The answers sorted into classes; nil under other estimators than the channel, and in small runs.
    package let answers: AnswerFindings?
    /// The names of the modalities that make up the query.
    package let modalityNames: [String]
    /// The scores of the rows; nil when the files have none.
    package let rowScores: RowScores?
    /// The score that review files give the set's own questions; nil without reviews.
    package let reviewScore: Double?
    /// What single rows contribute, for comparisons with other models; nil for estimators that are not sums over rows, and for sets whose
    /// items have no names.
    package let rows: SetRows?
    /// What a reader should know.
    package let warnings: [RunWarning]

    /// Makes the result of a set from its estimate.
    ///
    /// - Parameters:
    ///   - classes: the classes of the run's answers.
    ///   - notes: warnings that hold for every set of the run.
    /// - Throws: what the estimator throws when the independence test pairs queries and answers anew.
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
        let pairingCount = settings.pairingCount(rowCount: set.rowCount)
        independence =
            if loaded.large != nil, let rows = estimate.channelRows {
                try rows.independenceOfNegatives(pairingCount: pairingCount, seed: settings.seed, threadCount: threadCount)
            } else {
                try estimate.independenceTest(pairingCount: pairingCount, seed: settings.seed, threadCount: threadCount)
            }
        let similarities = loaded.large?.similarities ?? set.responseSimilarities
        func mean(_ values: [Double]) -> UncertainValue {
            UncertainValue(meanOf: values, groups: estimate.groups, intervals: settings.intervals)
        }
        responseSimilarity = mean(similarities)
        whitenedSimilarity = estimate.channelRows.map { mean($0.whitenedCosines) }
        answers = AnswerFindings(estimate, classes)
        modalityNames = set.modalities.map(\.name)
        reviewScore = loaded.reviewScore
        rowScores = loaded.scores.map { RowScores($0, estimate, settings) }
        rows = SetRows(set, estimate, similarities: similarities, scores: loaded.scores)
        warnings =
            notes + loaded.warnings + [scaleWarning(set, estimate, settings)].compactMap { $0 }
            + channelSetWarnings(loaded, estimate, similarities: similarities)
    }
}

/// The contributions of a set's rows, in nats: a comparison with another model on the same items is made of them.
package struct SetRows: Sendable {
    /// What each row contributes to I(X; Y_theta) and to I(X; Y).
    package let contributions: ContributedRows
    /// The cosine of response and reference in each row.
    package let similarities: [Double]
    /// The scores of the rows; nil when the files have none.
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

/// A summary of the scores of a set's rows (was the answer right, how good was it).
package struct RowScores: Sendable {
    /// The mean score: the accuracy when scores are 0 and 1.
    package let mean: Double
    /// The correlation of scores with what rows contribute to EMI, between the means of groups of dependent rows; nil for estimators
    /// without contributions, and when one side does not vary.
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

/// The results of a run for one shift, in nats.
package struct ShiftResult: Sendable {
    /// The OOD set.
    package let ood: SetResult
    /// EMID = EMI(ID) - EMI(OOD): what the shift takes away.
    package let emid: UncertainValue
    /// The permutation p-value of the hypothesis that there is no gap.
    package let emidPValue: Double?
    /// The number of groups of references that answers of both sets are compared with; nil when EMID is the difference of the two EMI.
    package let comparedGroupCount: Int?
    /// How well the contribution of a single row tells whether it is of the ID or the OOD set; nil for estimators without contributions.
    package let separation: RankSum?
    /// The divergences between the two sets' queries, and between the outputs of each set.
    package let discrepancies: Discrepancies
    /// The fraction of the joint discrepancy that each modality carries, in the order of the modalities; nil when there is no discrepancy.
    package let attribution: [(name: String, fraction: Double)]?
    /// Every form of the bound that has a value, in the order of `BoundForm`.
    package let bounds: [Bound]
    /// The entropies that scale the selected form of the bound; nil for a form that has none.
    package let entropyScale: Double?
    /// What is guaranteed about the terms of the bounds.
    package let termsGuarantee: Guarantee
    /// Intervals of the divergences and bounds; nil without relabellings.
    package let intervals: ShiftIntervals?
    /// The bound in the channel's own nats; nil under other estimators.
    package let channel: ChannelFindings?
    /// What a reader should know.
    package let warnings: [RunWarning]
}

/// The divergences between two sets' queries, and between response and reference within each, in nats.
package struct Discrepancies: Sendable {
    /// The divergence of each modality between the two sets, in the order of the modalities.
    package let modalities: [(name: String, divergence: DivergenceEstimate)]
    /// The divergence of the joint query, under the product of the modalities' kernels.
    package let joint: DivergenceEstimate
    /// The divergence between response and reference in the ID set.
    package let outputID: DivergenceEstimate
    /// The divergence between response and reference in the OOD set.
    package let outputOOD: DivergenceEstimate
    /// The divergence of each subset of modalities; the key is the subset as a bit mask.
    let bySubset: [Int: DivergenceEstimate]
}
