import LinearAlgebra
import Statistics

/// EMID = EMI(P) - EMI(Q) with its uncertainty, in nats (2502.00577). A positive value means that the model lost relevance under the shift.
///
/// An estimator whose EMI depends on the size of a set gives it here for sets of the same size: where the numbers of groups differ, the
/// gap is not the difference of the two estimates, of which the smaller set's is nearer to 0 without any shift.
package struct EMIDEstimate: Sendable {
    /// The gap with its standard error and interval. A group that is in both sets is compared with itself.
    package let gap: UncertainValue
    /// The influence of each group on the gap.
    package let influence: GroupInfluence
    /// What the rows contribute to EMI at one size; nil when the gap is the difference of the two estimates.
    package let equalSizes: EqualSizes?
    /// The number of groups that answers of both sets were compared with; nil when the gap is the difference of the two estimates.
    package var comparedGroupCount: Int? { equalSizes?.groupCount }
    /// The two-sided permutation p-value of "no gap"; nil without relabellings.
    package let pValue: Double?

    /// Compares the gap between two estimates with the gaps under relabelling; without any of these there is no p-value.
    ///
    /// A gap below 1e-12 of the mutual informations is rounding and counts as 0: a set compared with itself has no gap and no error.
    /// - Parameter thinned: the gap on the thinned rows that were relabelled; nil when all rows were.
    init(
        _ estimates: (EMIEstimate, EMIEstimate), thinned: Double? = nil, null: [Double],
        intervals: IntervalMethod
    ) {
        let scale = [estimates.0, estimates.1].reduce(1) {
            max($0, abs($1.modelMutualInformation), abs($1.referenceMutualInformation))
        }
        let rounding = 1e-12 * scale
        let difference = estimates.0.value - estimates.1.value
        var (value, influence) = (difference, estimates.0.influence.subtracting(estimates.1.influence))
        equalSizes = estimates.1.form.flatMap { estimates.0.form?.contributionsAtEqualSizes(with: $0) }
        if let equal = equalSizes {
            value = equal.first.mean - equal.second.mean
            influence = GroupInfluence(spreadOf: equal.first, groups: estimates.0.groups)
                .subtracting(GroupInfluence(spreadOf: equal.second, groups: estimates.1.groups))
        }
        self.influence = influence
        gap = UncertainValue(
            value: abs(value) < rounding ? 0 : value, influence: influence.snapped(below: rounding), intervals: intervals)
        pValue =
            null.isEmpty
            ? nil : Self.pValue(observed: thinned ?? difference, null: null, tolerance: rounding)
    }

    /// The two-sided p-value of `observed`: how many null values lie as far from the mean of all B + 1 values.
    ///
    /// The test compares differences of EMI, each set at its own size. When sizes differ, biased estimators show such a difference without
    /// any shift, so the null values are not centred on 0. The observed value counts towards the centre, since under the null hypothesis it is exchangeable with the others.
    private static func pValue(observed: Double, null: [Double], tolerance: Double) -> Double {
        let center = (null.reduce(0, +) + observed) / Double(null.count + 1)
        return permutationPValue(
            observed: abs(observed - center), null: null.map { abs($0 - center) }, tolerance: tolerance)
    }
}

extension PreparedEstimator {
    package func gap<Relabellings>(
        _ positions: (Int?, Int?), _ estimates: (EMIEstimate, EMIEstimate), relabellings: Relabellings,
        intervals: IntervalMethod, threadCount: Int
    ) throws -> EMIDEstimate
    where Relabellings: RandomAccessCollection<Relabelling> & Sendable, Relabellings.Index == Int {
        try EMIDEstimate(fromForms: estimates, relabellings: relabellings, intervals: intervals, threadCount: threadCount)
            ?? EMIDEstimate(estimates, null: [], intervals: intervals)
    }
}

extension EMIDEstimate {
    /// The gap between two estimates with its permutation test, computed from the estimates' forms. Nil when there are relabellings to try
    /// but the forms cannot give EMI of other rows.
    ///
    /// - Throws: what the work on the threads throws.
    init?<Relabellings>(
        fromForms estimates: (EMIEstimate, EMIEstimate), relabellings: Relabellings, intervals: IntervalMethod,
        threadCount: Int
    ) throws where Relabellings: RandomAccessCollection<Relabelling> & Sendable, Relabellings.Index == Int {
        guard !relabellings.isEmpty else {
            self.init(estimates, null: [], intervals: intervals)
            return
        }
        guard let left = estimates.0.form, let right = estimates.1.form,
            let effectiveInformation = left.effectiveInformation(with: right)
        else { return nil }
        try self.init(
            estimates, relabellings: relabellings, intervals: intervals, chunk: 128, threadCount: threadCount
        ) { splits in
            let values = effectiveInformation(splits.map(\.first) + splits.map(\.second))
            return splits.indices.map { values[$0] - values[splits.count + $0] }
        }
    }

    /// Compares the gap between two estimates with `gaps` under relabelling; when rows are thinned, each gap is a mean over thinnings.
    ///
    /// - Parameter chunk: how many relabellings `gaps` evaluates in one call.
    init<Relabellings>(
        _ estimates: (EMIEstimate, EMIEstimate), relabellings: Relabellings,
        intervals: IntervalMethod, chunk: Int = 1, threadCount: Int,
        gaps: @Sendable ([RowSplit]) throws -> [Double]
    ) throws where Relabellings: RandomAccessCollection<Relabelling> & Sendable, Relabellings.Index == Int {
        @Sendable func mean(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) / Double(values.count) }
        let chunkCount = (relabellings.count + chunk - 1) / chunk
        let null = try concurrentMap(count: chunkCount, threadCount: threadCount) { index -> [Double] in
            let range = (index * chunk)..<min(relabellings.count, (index + 1) * chunk)
            let dealt = range.map { relabellings[relabellings.startIndex + $0].dealt }
            let values = try gaps(dealt.flatMap { $0 })
            let size = dealt[0].count
            return dealt.indices.map { mean(values[($0 * size)..<(($0 + 1) * size)]) }
        }.flatMap { $0 }
        let drawn = relabellings.first?.drawn ?? []
        self.init(
            estimates, thinned: drawn.isEmpty ? nil : mean(try gaps(drawn)[...]), null: null, intervals: intervals)
    }
}
