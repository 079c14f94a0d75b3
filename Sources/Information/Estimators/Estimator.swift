import LinearAlgebra
import Statistics

/// A way to estimate I(X; Y_theta), I(X; Y) and so EMI: a struct whose properties are its parameters, in a file of its own, with a line
/// in `EstimatorCatalogue`.
///
/// A run prepares an estimator once with its sets, which gives what all of them share (q, projections, bandwidths), and then asks the
/// prepared estimator for one set after the other.
package protocol Estimator: Sendable {
    /// What it is, for people and for the run.
    static var about: EstimatorDescription { get }

    /// The estimator with the parameters of `about.parameters`; the others are not looked at.
    ///
    /// - Throws: `EstimationError.parameter` for a value without meaning, `EstimationError.networkShape` for bad weights.
    init(_ parameters: EstimatorParameters) throws

    /// Throws where a set by itself does not allow an estimate, whatever the other sets are.
    ///
    /// - Throws: `EstimationError`.
    func check(_ set: SampleSet) throws

    /// A sentence for a set that is outside what the estimator was measured on; nil for others.
    func caution(_ set: SampleSet) -> String?

    /// What the sets of a run share. Empties `sets` as soon as it can: where nobody else holds them, their memory is free.
    ///
    /// - Parameter sets: `about.sharing` says what is read of them.
    /// - Throws: `EstimationError` or `LinearAlgebraError` where the data does not allow an estimate.
    func prepare(releasing sets: inout [SampleSet], threadCount: Int) throws -> any PreparedEstimator

    /// I(X; Y) of the queries and references of one set.
    ///
    /// - Parameter hasError: whether its influences are asked for, which can cost many times as much.
    /// - Throws: as `prepare`.
    func information(_ set: SampleSet, hasError: Bool, threadCount: Int) throws -> InformationEstimate

    /// Bytes that preparing takes at its peak, for `rowCount` rows of `rowBytes` bytes in all sets.
    func poolBytes(rowCount: Int, rowBytes: Int) -> Int

    /// The name with the parameter that can drive an estimate to its limits, for messages.
    var described: String { get }
}

/// What a run asks of an estimator once all its sets have been seen.
package protocol PreparedEstimator: Sendable {
    /// EMI of a set.
    ///
    /// - Parameter position: its place among the sets that the estimator was prepared with; nil for another set.
    /// - Throws: `EstimationError` or `LinearAlgebraError` where the data does not allow an estimate.
    func estimate(_ set: SampleSet, at position: Int?, threadCount: Int) throws -> EMIEstimate

    /// The gap between two sets, with the permutation law of "both sets have one distribution" over `relabellings` of the rows of the
    /// first set and then those of the second. What is prepared stays as it is: it treats the sets alike.
    ///
    /// - Parameter positions: as `position` of `estimate`.
    /// - Throws: as `estimate`.
    func gap<Relabellings>(
        _ positions: (Int?, Int?), _ estimates: (EMIEstimate, EMIEstimate), relabellings: Relabellings,
        intervals: IntervalMethod, threadCount: Int
    ) throws -> EMIDEstimate
    where Relabellings: RandomAccessCollection<Relabelling> & Sendable, Relabellings.Index == Int
}

/// What an estimator is, in the words of `emi estimators`, and what a run has to know of it.
package struct EstimatorDescription: Sendable, Equatable {
    /// The name on the command line and in reports.
    package let name: String
    /// What it computes.
    package let summary: String
    /// For which data.
    package let range: String
    /// Time and memory for n rows of d columns.
    package let cost: String
    /// Where it is from.
    package let reference: String
    /// What its nats are.
    package let scale: InformationScale
    /// Which parameters it has.
    package var parameters: [EstimatorParameter] = []
    /// What the sets of a run share.
    package let sharing: Sharing
    /// Whether the fit needs the responses too, and not references alone.
    package var fitsResponses = false
    /// Whether other pairings and other subsets of the rows cost a matrix product, so that a run tries many.
    package var relabelsCheaply = false
    /// Whether its correction of small samples counts rows as independent, which rows of groups are not.
    package var countsRows = false

    /// What the sets of a run share under an estimator, which is what has to be read before the first is judged.
    package enum Sharing: Sendable {
        /// Nothing: each set is judged by itself.
        case nothing
        /// A fit to the queries and references of all sets, which can be saved and applied.
        case fit
        /// All rows: projections and bandwidths are those of the pool.
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

    /// As `prepare(releasing:threadCount:)`, for sets that are wanted afterwards.
    package func prepare(_ sets: [SampleSet], threadCount: Int = 1) throws -> any PreparedEstimator {
        var own = sets
        return try prepare(releasing: &own, threadCount: threadCount)
    }

    /// EMI of every set, prepared with all of them.
    ///
    /// - Throws: `EstimationError` or `LinearAlgebraError` where the data does not allow an estimate.
    package func estimate(_ sets: [SampleSet], threadCount: Int = 1) throws -> [EMIEstimate] {
        let prepared = try prepare(sets, threadCount: threadCount)
        let estimates = try sets.enumerated().map { try prepared.estimate($1, at: $0, threadCount: threadCount) }
        try checkFinite(estimates, of: sets)
        return estimates
    }

    /// The gap between two sets that have their estimates; prepared with these two, where relabelling needs it.
    ///
    /// - Throws: as `estimate`.
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

    /// Throws for fewer rows than any estimate needs.
    func checkRowCount(_ set: SampleSet) throws(EstimationError) {
        guard set.rowCount >= 4 else {
            throw EstimationError.tooFewRows(estimator: name, set: set.name, needed: 4, found: set.rowCount)
        }
    }

    /// Throws unless I(X; Y_theta) and I(X; Y) of every set are finite: a NaN would pass every comparison after it, and JSON
    /// cannot hold one.
    ///
    /// `estimate` and `gap` call it; what a prepared estimator gives needs the call.
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

/// I(X; Y) of one set with what its uncertainty follows from, in nats.
package struct InformationEstimate: Sendable {
    /// Never clamped.
    package let value: Double
    /// How each group moves it; of no groups where no error was asked for.
    package let influence: GroupInfluence
    /// What it stands on, of estimators that choose.
    package var choice: AutoInformation.Choice?
    /// The test of "answers do not depend on queries"; nil as `EMIEstimate.independenceTest`.
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
