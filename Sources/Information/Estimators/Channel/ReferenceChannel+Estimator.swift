import LinearAlgebra

extension ReferenceChannel: Estimator {
    package static let about = EstimatorDescription(
        name: "reference-channel", summary: "a Gaussian channel from references to responses, one for the run, held out by group; for EMI",
        range: "embeddings of responses and references, pools from 1,000 rows", cost: "O(n d²), O(n²) a set up to 1,000 rows",
        reference: "this project", scale: .channel, parameters: [.fit], sharing: .fit, fitsResponses: true, relabelsCheaply: true)

    package init(_ parameters: EstimatorParameters) { self.init() }

    package func prepare(releasing sets: inout [SampleSet], threadCount: Int) throws -> any PreparedEstimator {
        let (fit, rows) = try judged(sets, threadCount: threadCount)
        sets = []
        return PreparedChannel(fit: fit, rows: rows)
    }

    package func information(_ set: SampleSet, hasError: Bool, threadCount: Int) throws -> InformationEstimate {
        throw EstimationError.noResponses(estimator: name)
    }

    package func poolBytes(rowCount: Int, rowBytes: Int) -> Int {
        // The sets themselves, and for each row five vectors of the channel.
        rowCount * (rowBytes + 8 * 5 * (componentLimit + 1))
    }
}

/// A channel with the rows of the sets that it was fitted to, prepared for their judges.
package struct PreparedChannel: PreparedEstimator {
    /// The fit of the channel.
    package let fit: ChannelFit
    /// The rows of each fitted set, in the order of the sets; empty for a fit from a file.
    let rows: [ChannelRows]
    /// The estimates of these sets, if they are kept because they cost more than they take.
    private var estimates: [EMIEstimate] = []

    /// A prepared channel of large sets, whose estimates are computed once.
    ///
    /// - Throws: what the work on the threads throws.
    package init(_ judged: (fit: ChannelFit, rows: [ChannelRows]), threadCount: Int) throws {
        self.init(fit: judged.fit, rows: judged.rows)
        estimates = try concurrentMap(count: judged.rows.count, threadCount: threadCount) { judged.rows[$0].estimate }
    }

    /// The estimate of a set that the channel was prepared with, and that is kept; nil for any other.
    package func keptEstimate(at position: Int?) -> EMIEstimate? {
        position.flatMap { estimates.indices.contains($0) ? estimates[$0] : nil }
    }

    /// A prepared channel from a fit that was saved to a file.
    package init(fit: ChannelFit) {
        self.init(fit: fit, rows: [])
    }

    init(fit: ChannelFit, rows: [ChannelRows]) {
        self.fit = fit
        self.rows = rows
    }

    package func estimate(_ set: SampleSet, at position: Int?, threadCount: Int) throws -> EMIEstimate {
        if let known = keptEstimate(at: position) { return known }
        if let position, rows.indices.contains(position) { return rows[position].estimate }
        return try fit.estimate([set], threadCount: threadCount)[0]
    }

    /// The decoder of answers for all sets of the run; nil when they have fewer rows than `AnswerClasses.fewestRows`.
    ///
    /// - Throws: `LinearAlgebraError`.
    package func answerClasses() throws -> AnswerClasses? {
        guard rows.reduce(0, { $0 + $1.rowCount }) >= AnswerClasses.fewestRows else { return nil }
        return try AnswerClasses(fit, rows)
    }

    /// Whether no fitted set's responses say anything of the references (`ChannelDoubts.carriesNothing`).
    package var carriesNothing: Bool {
        !rows.isEmpty && (estimates.isEmpty ? ChannelDoubts.carriesNothing(rows) : ChannelDoubts.carriesNothing(estimates))
    }
}
