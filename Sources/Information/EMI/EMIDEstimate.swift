import LinearAlgebra
import Statistics

/// EMID = EMI(P) - EMI(Q) with its uncertainty, in nats (2502.00577). Positive: the model lost relevance under the shift.
package struct EMIDEstimate: Sendable {
    /// The gap with its standard error and interval; groups that both sets share are compared within themselves.
    package let gap: UncertainValue
    /// The permutation p-value of "no gap" against either sign; nil without relabellings.
    package let pValue: Double?

    /// The gap between two estimates against the gaps under relabelling; none of those leaves the p-value out.
    ///
    /// What is below 1e-12 of the mutual informations is their rounding: a set against itself has no gap, and no error of it.
    /// - Parameter thinned: the gap on the thinned rows that were relabelled; nil where all rows were.
    init(
        _ estimates: (EMIEstimate, EMIEstimate), thinned: Double? = nil, null: [Double],
        intervals: IntervalMethod
    ) {
        let scale = [estimates.0, estimates.1].reduce(1) {
            max($0, abs($1.modelMutualInformation), abs($1.referenceMutualInformation))
        }
        let rounding = 1e-12 * scale
        let value = estimates.0.value - estimates.1.value
        gap = UncertainValue(
            value: abs(value) < rounding ? 0 : value,
            influence: estimates.0.influence.subtracting(estimates.1.influence).snapped(below: rounding),
            intervals: intervals)
        pValue =
            null.isEmpty
            ? nil : Self.pValue(observed: thinned ?? value, null: null, tolerance: rounding)
    }

    /// The two-sided p-value of `observed`, by distances from the mean of all B + 1 values.
    ///
    /// Biased estimators of sets of different sizes have a gap without a shift, so that their null is not centred on 0. The
    /// centre takes the observed value as one of them, as exchangeability asks for.
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
    /// The gap between two estimates with its permutation law, where their forms give that of other rows; nil where they do not and
    /// there are relabellings to try.
    ///
    /// - Throws: what the threads throw.
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
            zip(effectiveInformation(splits.map(\.first)), effectiveInformation(splits.map(\.second))).map { $0 - $1 }
        }
    }

    /// The gap between two estimates against `gaps` under relabelling, which are averaged over thinnings where there are some.
    ///
    /// - Parameter chunk: relabellings that are evaluated together.
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
