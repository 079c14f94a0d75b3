import Attribution

/// The results of an attribution.
package struct AttributionResult: Sendable {
    /// The pairs in question.
    package let pairs: LoadedPairs
    /// What the detector says about each pair.
    package let detection: MisalignmentDetection
    /// The head to which the influences belong; nil if nobody asked for influences.
    package let head: TrainedPairHead?
    /// The ridge of that head.
    package let headRidge: Double?
    /// The influences on a validation set, with that set.
    package let valuation: (value: PairValuation, validation: LoadedPairs)?
    /// Why answers to queries were wrong; nil without queries.
    package let trace: Trace?
    /// What the reader should know.
    package let warnings: [RunWarning]
    /// Every file that was read, in the order of reading.
    package let files: [String]
    /// The number of rows whose right side occurs in another row too.
    package let duplicateRightCount: Int
    /// The number of rows whose left side occurs in another row too.
    package let duplicateLeftCount: Int

    /// The head's answers to queries.
    package struct Trace: Sendable {
        /// The queries.
        package let queries: LoadedPairs
        /// The names of the candidates.
        package let candidates: [String]
        /// The number of queries that the head answers wrongly.
        package let wrongCount: Int
        /// The traces of the worst wrong answers.
        package let traces: [AnswerTrace]
    }
}
