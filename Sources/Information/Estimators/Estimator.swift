import LinearAlgebra
import Statistics

/// A way to estimate I(X; Y_theta), I(X; Y) and so EMI. Each estimator is a struct whose properties are its parameters; it has a file of
/// its own and a line in `EstimatorCatalogue`.
///
/// A run first prepares the estimator with all its sets, which fixes what they share (q, projections, bandwidths). Then it asks the
/// prepared estimator for one set after the other.
package protocol Estimator: Sendable {
    /// The description of the estimator, which people read in `emi estimators` and the run acts on.
    static var about: EstimatorDescription { get }

    /// Makes the estimator from the parameters that `about.parameters` names, and ignores the others.
    ///
    /// - Throws: `EstimationError.parameter` for a value that makes no sense, `EstimationError.networkShape` for bad weights.
    init(_ parameters: EstimatorParameters) throws

    /// Throws when a set does not allow an estimate, whatever the other sets are.
    ///
    /// - Throws: `EstimationError`.
    func check(_ set: SampleSet) throws

    /// A sentence that warns when a set is outside the range on which the estimator was measured; nil for other sets.
    func caution(_ set: SampleSet) -> String?

    /// Computes what the sets of a run share. It empties `sets` as soon as it can, so that their memory is freed if nobody else holds them.
    ///
    /// - Parameter sets: the sets of the run; `about.sharing` says what is read of them.
    /// - Throws: `EstimationError` or `LinearAlgebraError` when the data does not allow an estimate.
    func prepare(releasing sets: inout [SampleSet], threadCount: Int) throws -> any PreparedEstimator

    /// Estimates I(X; Y) between the queries and references of one set.
    ///
    /// - Parameter hasError: whether to compute influences, from which the standard error follows; that can cost many times as much.
    /// - Throws: what `prepare` throws.
    func information(_ set: SampleSet, hasError: Bool, threadCount: Int) throws -> InformationEstimate

    /// The most memory, in bytes, that preparing takes for `rowCount` rows in all, of `rowBytes` bytes each.
    func poolBytes(rowCount: Int, rowBytes: Int) -> Int

    /// The name for messages, with the parameter that can make an estimate overflow, if it has one.
    var described: String { get }
}

/// An estimator that has seen all sets of a run and can now judge each.
package protocol PreparedEstimator: Sendable {
    /// Estimates EMI of a set.
    ///
    /// - Parameter position: its place among the sets that the estimator was prepared with; nil for any other set.
    /// - Throws: `EstimationError` or `LinearAlgebraError` when the data does not allow an estimate.
    func estimate(_ set: SampleSet, at position: Int?, threadCount: Int) throws -> EMIEstimate

    /// The gap between two sets, with the permutation test of "both sets have one distribution". `relabellings` number the rows of the
    /// first set, then those of the second. What was prepared is kept for all of them, because it treats both sets alike.
    ///
    /// - Parameter positions: the places of both sets, as for `estimate`.
    /// - Throws: what `estimate` throws.
    func gap<Relabellings>(
        _ positions: (Int?, Int?), _ estimates: (EMIEstimate, EMIEstimate), relabellings: Relabellings,
        intervals: IntervalMethod, threadCount: Int
    ) throws -> EMIDEstimate
    where Relabellings: RandomAccessCollection<Relabelling> & Sendable, Relabellings.Index == Int
}

/// What `emi estimators` says about an estimator, and what a run has to know about it.
package struct EstimatorDescription: Sendable, Equatable {
    /// The name on the command line and in reports.
    package let name: String
    /// What it computes, in a few words.
    package let summary: String
    /// The data for which it works.
    package let range: String
    /// Time and memory for n rows of d columns.
    package let cost: String
    /// The publication that it comes from.
    package let reference: String
    /// The scale of its nats: values compare only on one scale.
    package let scale: InformationScale
    /// The parameters that it takes.
    package var parameters: [EstimatorParameter] = []
    /// What the sets of a run share.
    package let sharing: Sharing
    /// Whether the fit reads responses as well as references.
    package var fitsResponses = false
    /// Whether EMI of other pairings and other subsets of rows costs only matrix products, so that a run can try many.
    package var relabelsCheaply = false
    /// Whether its small-sample correction takes rows as independent, which rows of one group are not.
    package var countsRows = false

    /// What the sets of a run share under an estimator, and so what has to be read before the first set can be judged.
    package enum Sharing: Sendable {
        /// Nothing: each set is judged by itself.
        case nothing
        /// A fit to the queries and references of all sets, which can be saved and applied.
        case fit
        /// All rows: projections and bandwidths come from the pool.
        case rows
    }
}

extension Estimator {
    /// The name on the command line and in reports.
    package var name: String { Self.about.name }

    package var described: String { name }

    package func check(_ set: SampleSet) throws { try checkRowCount(set) }

    package func caution(_ set: SampleSet) -> String? { nil }

    package func poolBytes(rowCount: Int, rowBytes: Int) -> Int { Self.about.sharing == .rows ? 2 * rowCount * rowBytes : 0 }

    /// Like `prepare(releasing:threadCount:)`, for a caller that still needs the sets.
    package func prepare(_ sets: [SampleSet], threadCount: Int = 1) throws -> any PreparedEstimator {
        var own = sets
        return try prepare(releasing: &own, threadCount: threadCount)
    }

    /// Estimates EMI of every set after preparing with all of them.
    ///
    /// - Throws: `EstimationError` or `LinearAlgebraError` when the data does not allow an estimate.
    package func estimate(_ sets: [SampleSet], threadCount: Int = 1) throws -> [EMIEstimate] {
        let prepared = try prepare(sets, threadCount: threadCount)
        let estimates = try sets.enumerated().map { try prepared.estimate($1, at: $0, threadCount: threadCount) }
        try checkFinite(estimates, of: sets)
        return estimates
    }

    /// The gap between two sets whose estimates are known; prepares with these two if relabelling needs it.
    ///
    /// - Throws: what `estimate` throws.
    package func gap<Relabellings>(
        _ first: SampleSet, _ second: SampleSet, estimates: (EMIEstimate, EMIEstimate), relabellings: Relabellings,
        intervals: IntervalMethod = IntervalMethod(), threadCount: Int = 1
    ) throws -> EMIDEstimate
    where Relabellings: RandomAccessCollection<Relabelling> & Sendable, Relabellings.Index == Int {
        try checkFinite([estimates.0, estimates.1], of: [first, second])
        if let gap = try EMIDEstimate(
            fromForms: estimates, relabellings: relabellings, intervals: intervals, threadCount: threadCount)
        {
            return gap
        }
        return try prepare([first, second], threadCount: threadCount).gap(
            (0, 1), estimates, relabellings: relabellings, intervals: intervals, threadCount: threadCount)
    }

    package func information(_ set: SampleSet, hasError: Bool, threadCount: Int) throws -> InformationEstimate {
        let estimate = try estimate([set], threadCount: threadCount)[0]
        return InformationEstimate(
            value: estimate.referenceMutualInformation,
            influence: hasError ? estimate.referenceInfluence : GroupInfluence(byGroup: [:])
        ) { pairingCount, seed in
            try estimate.independenceTest(pairingCount: pairingCount, seed: seed, threadCount: threadCount)
        }
    }

    /// Throws for fewer than 4 rows, which no estimate can do with.
    func checkRowCount(_ set: SampleSet) throws(EstimationError) {
        guard set.rowCount >= 4 else {
            throw EstimationError.tooFewRows(estimator: name, set: set.name, needed: 4, found: set.rowCount)
        }
    }

    /// Throws unless I(X; Y_theta) and I(X; Y) of every set are finite: a NaN would slip through every later comparison, and JSON
    /// cannot hold one.
    ///
    /// `estimate` and `gap` of this extension call it; whoever asks a prepared estimator has to call it.
    /// - Throws: `EstimationError.notFinite`, which names the first such set.
    package func checkFinite(_ estimates: [EMIEstimate], of sets: [SampleSet]) throws(EstimationError) {
        for (estimate, set) in zip(estimates, sets)
        where !estimate.modelMutualInformation.isFinite || !estimate.referenceMutualInformation.isFinite
            || !estimate.value.isFinite
        {
            throw .notFinite(estimator: described, set: set.name)
        }
    }
}

/// I(X; Y) of one set, in nats, with the influences from which its uncertainty follows.
package struct InformationEstimate: Sendable {
    /// The estimate in nats, never clamped.
    package let value: Double
    /// The influence of each group on the value; empty when no standard error was asked for.
    package let influence: GroupInfluence
    /// Which part the estimate rests on; nil for estimators that do not choose.
    package var choice: AutoInformation.Choice?
    /// Runs the test of "answers do not depend on queries"; nil when `EMIEstimate.independenceTest` would be.
    package let independenceTest: @Sendable (_ pairingCount: Int, _ seed: UInt64) throws -> Independence?

    init(
        value: Double, influence: GroupInfluence, choice: AutoInformation.Choice? = nil,
        independenceTest: @escaping @Sendable (_ pairingCount: Int, _ seed: UInt64) throws -> Independence?
    ) {
        self.value = value
        self.influence = influence
        self.choice = choice
        self.independenceTest = independenceTest
    }
}
