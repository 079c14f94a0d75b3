import Information
import LinearAlgebra
import Statistics

/// The two sets of one simulated data set, and what tells the truth about them.
struct CoverageData: Sendable {
    let first: SampleSet
    let second: SampleSet
    /// The exact truth; nil if it is not known.
    let exact: (emi: Double, gap: Double)?
    /// Rows of the same two distributions that no fit has seen, with their group labels. The truth of a fitted q is its value on them.
    let unseen: [(set: SampleSet, labels: [String])]
}

/// A value in a simulation with its standard error and its truth.
struct CoveredValue: Sendable {
    let estimate: UncertainValue
    let truth: Double
    /// The standard error of the truth; 0 if the truth is exact.
    let truthError: Double

    /// Whether the interval contains the truth. The sampling error of the truth widens the interval like an error of the estimate.
    var isCovered: Bool {
        guard let interval = estimate.interval else { return false }
        let reach = (interval.upperBound - interval.lowerBound) / 2
        let widened = (reach * reach + 1.96 * 1.96 * truthError * truthError).squareRoot()
        return abs(estimate.value - truth) <= widened
    }

    /// The standard deviation that estimate minus truth should have.
    var errorOfDifference: Double? {
        estimate.standardError.map { ($0 * $0 + truthError * truthError).squareRoot() }
    }

    /// Whether the interval contains a value that is the same for all data sets.
    func covers(_ value: Double) -> Bool { estimate.interval?.contains(value) ?? false }
}

/// The results of one data set.
struct CoverageTrial: Sendable {
    let emi: CoveredValue
    let gap: CoveredValue

    init(_ data: CoverageData, _ estimator: any Estimator, intervals: IntervalMethod) throws {
        let sets = [data.first, data.second]
        let prepared = try estimator.prepare(sets)
        let estimates = try sets.enumerated().map { try prepared.estimate($1, at: $0, threadCount: 1) }
        let gap = try estimator.gap(
            data.first, data.second, estimates: (estimates[0], estimates[1]), relabellings: [Relabelling](),
            intervals: intervals)
        let emi = estimates[0].uncertainValue(intervals)
        if let fit = prepared as? CrossFit {
            let truth = try fit.truths(data.unseen)
            self.emi = CoveredValue(estimate: emi, truth: truth[0].value, truthError: truth[0].influence.standardError ?? 0)
            self.gap = CoveredValue(
                estimate: gap.gap, truth: truth[0].value - truth[1].value,
                truthError: truth[0].influence.subtracting(truth[1].influence).standardError ?? 0)
        } else {
            self.emi = CoveredValue(estimate: emi, truth: data.exact?.emi ?? .nan, truthError: 0)
            self.gap = CoveredValue(estimate: gap.gap, truth: data.exact?.gap ?? .nan, truthError: 0)
        }
    }
}

extension CrossFit {
    /// EMI of the distributions under this q, from rows that it has not seen. It is the mean over the folds of q, each of which judges
    /// equally many rows of a set (exactly so if the number of groups is a multiple of five).
    fileprivate func truths(
        _ unseen: [(set: SampleSet, labels: [String])]
    ) throws -> [(value: Double, influence: GroupInfluence)] {
        let judges = fits.map {
            CrossFit(fits: [$0], foldByLabel: [:], labelByKey: [:], modalityNames: modalityNames)
        }
        var sums = unseen.map { [Double](repeating: 0, count: $0.set.rowCount) }
        for judge in judges {
            for (index, estimate) in try judge.estimate(unseen.map(\.set)).enumerated() {
                for (row, contribution) in (estimate.contributions ?? []).enumerated() {
                    sums[index][row] += contribution / Double(judges.count)
                }
            }
        }
        return zip(sums, unseen).map { contributions, unseen in
            (contributions.mean, GroupInfluence(contributions: contributions, groups: unseen.labels))
        }
    }
}
