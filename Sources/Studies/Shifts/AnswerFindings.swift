import Information

/// The answers of one set, sorted by the decoder of the run's channel into classes of references; information is in Shannon's nats.
package struct AnswerFindings: Sendable {
    /// K, the number of classes.
    package let classCount: Int
    /// How often, as a fraction of rows, each class of reference meets each class decoded from the response.
    package let table: AnswerTable

    /// Nil when the run has too few rows for classes, and under other estimators than the channel.
    init?(_ estimate: EMIEstimate, _ classes: AnswerClasses?) {
        guard let classes, let rows = estimate.channelRows else { return nil }
        classCount = classes.count
        table = classes.table(of: rows)
    }
}
