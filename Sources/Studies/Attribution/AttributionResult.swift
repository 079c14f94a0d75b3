import Attribution

/// What an attribution found.
package struct AttributionResult: Sendable {
    /// The pairs that were asked about.
    package let pairs: LoadedPairs
    /// What the detector says of each.
    package let detection: MisalignmentDetection
    /// The head that influences are of; nil where none were asked for.
    package let head: TrainedPairHead?
    /// The ridge of that head.
    package let headRidge: Double?
    /// Influences on a validation set, with its name and size.
    package let valuation: (value: PairValuation, validation: LoadedPairs)?
    /// Why answers to queries were wrong.
    package let trace: Trace?
    /// What a reader should know.
    package let warnings: [RunWarning]
    /// Every file that was read, in the order of reading.
    package let files: [String]
    /// Rows whose right side stands in another row too.
    package let duplicateRightCount: Int
    /// Rows whose left side stands in another row too.
    package let duplicateLeftCount: Int

    /// Answers of the head to queries.
    package struct Trace: Sendable {
        /// The queries.
        package let queries: LoadedPairs
        /// Names of the candidates.
        package let candidates: [String]
        /// How many queries the head answers wrongly.
        package let wrongCount: Int
        /// The worst of them, traced.
        package let traces: [AnswerTrace]
    }
}
