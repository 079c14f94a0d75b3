import Information

/// The answers of one set as a decoder of the run's channel reads them: classes of what the references are, in Shannon's nats.
package struct AnswerFindings: Sendable {
    /// K, the number of classes.
    package let classCount: Int
    /// Relative frequencies of (class of the reference, class decoded from the response).
    package let table: AnswerTable

    /// Nil where the run has too few rows for classes, and for estimates of other estimators.
    init?(_ estimate: EMIEstimate, _ classes: AnswerClasses?) {
        guard let classes, let rows = estimate.channelRows else { return nil }
        classCount = classes.count
        table = classes.table(of: rows)
    }
}
