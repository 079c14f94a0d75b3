import Information
import Statistics

/// What every estimator says of the same sets, in nats.
package struct EstimatorComparison: Sendable {
    /// One estimator's EMI of the ID set and of the OOD set.
    package struct Entry: Sendable {
        /// The estimator.
        package let name: String
        /// EMI of the ID set; nil where there is no estimate.
        package let id: UncertainValue?
        /// EMI of the OOD set.
        package let ood: UncertainValue?
        /// EMI(ID) - EMI(OOD).
        package let emid: UncertainValue?
        /// Spearman's correlation of what rows of the ID set add to EMI with the same under the first estimator; nil for those
        /// without row contributions.
        package let rowCorrelation: Double?
        /// Why there is no estimate.
        package let failure: RunError?
    }

    /// In the order of the catalogue; those that need weights only where there are some.
    package let entries: [Entry]

    /// The share of estimates that have the sign of most of them; nil where there is none.
    package static func signAgreement(_ values: [Double]) -> Double? {
        let signs = values.filter { $0 != 0 }
        guard !signs.isEmpty else { return nil }
        let positive = signs.count { $0 > 0 }
        return Double(max(positive, signs.count - positive)) / Double(signs.count)
    }
}

/// EMI and EMID by every estimator that applies.
///
/// - Throws: `RunError` for bad settings. What single estimators cannot do stands in their entries.
package func compareEstimators(
    id: LoadedSet, ood: LoadedSet?, settings: StudySettings, threadCount: Int
) throws -> EstimatorComparison {
    let sets = [id.set] + (ood.map { [$0.set] } ?? [])
    var baseline: [Double]?
    var entries: [EstimatorComparison.Entry] = []
    for name in settings.applicableEstimators {
        var own = settings
        own.estimator = name
        let estimator = try own.makeEstimator()
        do {
            let estimates = try estimator.estimate(sets, threadCount: threadCount)
            let contributions = estimates[0].contributions
            if baseline == nil { baseline = contributions }
            let gap = estimates.count > 1
                ? try estimator.gap(
                    sets[0], sets[1], estimates: (estimates[0], estimates[1]), relabellings: [], intervals: settings.intervals
                ).gap : nil
            entries.append(
                EstimatorComparison.Entry(
                    name: name, id: estimates[0].uncertainValue(settings.intervals),
                    ood: estimates.dropFirst().first?.uncertainValue(settings.intervals), emid: gap,
                    rowCorrelation: correlation(contributions, baseline), failure: nil))
        } catch {
            entries.append(
                EstimatorComparison.Entry(
                    name: name, id: nil, ood: nil, emid: nil, rowCorrelation: nil, failure: RunError(error)))
        }
    }
    return EstimatorComparison(entries: entries)
}

private func correlation(_ values: [Double]?, _ baseline: [Double]?) -> Double? {
    guard let values, let baseline, values.count == baseline.count else { return nil }
    return Correlation.spearman(values, baseline)?.coefficient
}
