import Information
import LinearAlgebra
import Statistics

/// Two sets of one data set of a simulation, with what tells the truth about them.
struct CoverageData: Sendable {
    let first: SampleSet
    let second: SampleSet
    /// Where the truth is known exactly.
    let exact: (emi: Double, gap: Double)?
    /// Rows of the same two laws that no fit has seen, with their group labels: the truth of a fitted q is its value on them.
    let unseen: [(set: SampleSet, labels: [String])]
}

/// A value in a simulation with its standard error, and whether an interval around it holds the truth.
struct CoveredValue: Sendable {
    let estimate: UncertainValue
    let truth: Double
    /// 0 where the truth is exact.
    let truthError: Double

    /// Whether the interval holds the truth; the sampling error of the truth widens the interval as an error of the estimate would.
    var isCovered: Bool {
        guard let interval = estimate.interval else { return false }
        let reach = (interval.upperBound - interval.lowerBound) / 2
        let widened = (reach * reach + 1.96 * 1.96 * truthError * truthError).squareRoot()
        return abs(estimate.value - truth) <= widened
    }

    /// What the estimate less the truth should vary by.
    var errorOfDifference: Double? {
        estimate.standardError.map { ($0 * $0 + truthError * truthError).squareRoot() }
    }

    /// Whether the interval holds a value that is the same for all data sets.
    func covers(_ value: Double) -> Bool { estimate.interval?.contains(value) ?? false }
}

/// What one data set gave.
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
    /// EMI of laws under this q, from rows that it has not seen: the mean over its folds, each of which judges as many rows of a
    /// set (exactly so where the number of groups is a multiple of five).
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
