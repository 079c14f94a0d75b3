/// What a bottleneck compresses, what it keeps information about, and how it is judged.
package struct BottleneckSettings: Sendable, Equatable {
    /// X: `query`, `response`, or the name of a modality.
    package var of = "query"
    /// Y, the part of the set about which the bottleneck keeps information.
    package var target = Target.reference
    /// The features in which directions are linear.
    package var kernel = Features.product
    /// How many nats about X one nat about Y is worth; nil takes the smallest beta that keeps everything resolved.
    package var beta: Double?
    /// The largest number of columns; nil takes as many as beta implies.
    package var rank: Int?
    /// The number of pairings for the p-value of "X tells nothing about Y", and of relabellings for divergences.
    package var permutations = 100
    /// The confidence level of intervals, between 0 and 1.
    package var confidence = 0.95
    /// Whether rows are divided by their norms.
    package var normalize = true
    /// The seed of every random step.
    package var seed: UInt64 = 0

    /// The choices for Y.
    package enum Target: String, Sendable, CaseIterable {
        case reference
        case response
    }

    /// The features of X in which directions are linear.
    package enum Features: String, Sendable, CaseIterable {
        /// The columns themselves.
        case linear
        /// The kernel of `club-kernel`, for the modalities alone and together.
        case product
    }

    /// The default settings.
    package init() {}
}
