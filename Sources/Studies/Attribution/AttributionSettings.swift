/// All settings on which the numbers of an attribution depend.
package struct AttributionSettings: Sendable, Equatable {
    /// The number of axes per side in which the head lives.
    package var rank = 64
    /// The penalty of the head; nil takes the one that separates pairs best from decoys.
    package var ridge: Double?
    /// The number of held-out folds; groups stay whole.
    package var folds = 5
    /// Rows with q up to this level are confirmed as related.
    package var alpha = 0.05
    /// Rows that look unrelated with at least this probability are flagged.
    package var flagThreshold = 0.5
    /// The share of all training pairs, taken from the harmful ones, that a refit leaves out to test the predictions.
    package var remove = 0.1
    /// Whether to divide influences by the size of the change of the weights, too.
    package var relative = false
    /// The number of training pairs that are named for each traced answer and left out of its refit.
    package var causes = 10
    /// The largest number of wrong answers to trace.
    package var traced = 10
    /// The seed of every random step.
    package var seed: UInt64 = 0

    /// The default settings.
    package init() {}
}
