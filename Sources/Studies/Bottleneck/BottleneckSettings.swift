/// What a bottleneck is of, what for, and how it is judged.
package struct BottleneckSettings: Sendable, Equatable {
    /// X: `query`, `response`, or the name of a modality.
    package var of = "query"
    /// Y: what of the set the bottleneck keeps information about.
    package var target = Target.reference
    /// The features in which directions are linear.
    package var kernel = Features.product
    /// The price of a nat of X in nats of Y; nil takes the smallest that keeps what is there.
    package var beta: Double?
    /// The largest number of columns; nil takes as many as beta gives.
    package var rank: Int?
    /// The number of pairings for the p-value of "X tells nothing about Y", and of relabellings for divergences.
    package var permutations = 100
    /// The confidence level of intervals, between 0 and 1.
    package var confidence = 0.95
    /// Whether rows are divided by their norms.
    package var normalize = true
    /// The seed of every random step.
    package var seed: UInt64 = 0

    /// Y.
    package enum Target: String, Sendable, CaseIterable {
        case reference
        case response
    }

    /// The features of X.
    package enum Features: String, Sendable, CaseIterable {
        /// The columns themselves.
        case linear
        /// The kernel of `club-kernel`: modalities, alone and together.
        case product
    }

    /// The usual settings.
    package init() {}
}
