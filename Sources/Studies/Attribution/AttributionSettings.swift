/// Everything that decides the numbers of an attribution.
package struct AttributionSettings: Sendable, Equatable {
    /// Axes a side that the head lives in.
    package var rank = 64
    /// The penalty of the head; nil chooses it by how pairs stand apart from decoys.
    package var ridge: Double?
    /// Folds by group that scores are held out in.
    package var folds = 5
    /// Rows with q up to this are confirmed as related.
    package var alpha = 0.05
    /// Rows that look unrelated with at least this are flagged.
    package var flagThreshold = 0.5
    /// The share of training pairs, of those that harm, that is removed to hold predictions against a refit.
    package var remove = 0.1
    /// Whether influences are divided by the size of the change of the weights, too.
    package var relative = false
    /// Training pairs that are named for each traced answer, and left out of its refit.
    package var causes = 10
    /// Wrong answers that are traced, at most.
    package var traced = 10
    /// The seed of every random step.
    package var seed: UInt64 = 0

    /// The defaults.
    package init() {}
}
