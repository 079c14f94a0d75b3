import Bottleneck
import Information
import LinearAlgebra
import Statistics

/// The bottleneck of a study, and how its representation stands beside others of as many columns.
package struct BottleneckResult: Sendable {
    /// The name of the ID set.
    package let id: String
    /// Rows and groups of it.
    package let sampleCount: Int
    package let groupCount: Int
    /// The names of X, with the number of columns of its features.
    package let source: String
    package let columnCount: Int
    /// The cross-fitted bottleneck.
    package let bottleneck: GaussianBottleneck
    /// The p-value of "X tells nothing of Y"; nil without pairings.
    package let pValue: Double?
    /// Held-out matching of X and Y, in nats; nil where no direction is resolved.
    package let matching: MatchingInformation?
    /// ln of the number of different answers: the most that answers can hold.
    package let answerLimit: Double
    /// The point of the curve in use; nil where no direction is resolved.
    package let point: InformationPlane.Point?
    /// Points of the curve for a chart.
    package let curve: [InformationPlane.Point]
    /// `raw`, `bottleneck`, `principal`, `random`, on the ID set.
    package let representations: [Representation]
    /// The shifts, in their order.
    package let shifts: [Shift]
    /// Encoded sets, ID first: what `--export` writes.
    package let encoded: [EncodedSet]
    /// What a reader should know.
    package let warnings: [RunWarning]

    /// One representation on the ID set.
    package struct Representation: Sendable {
        package let name: String
        package let columnCount: Int
        package let probe: AnswerProbe
        /// Participation ratio of the rows.
        package let effectiveRank: Double?
    }

    /// One shift in every representation, by its name.
    package struct Shift: Sendable {
        package let name: String
        package let kind: String?
        package let probes: [String: AnswerProbe]
        /// JSD of unit rows against the ID set's.
        package let divergences: [String: DivergenceEstimate]
        /// How far items move, for items that both sets hold.
        package let movement: [String: RepresentationShift]
        /// The cosine of responses to the same items, clean and shifted.
        package let responseConsistency: Double?
        /// Items that both sets hold.
        package let sharedCount: Int
        /// Distances of the modalities' means in the ID set and in this one; nil for modalities of different widths.
        package let modalityGaps: (id: Double, ood: Double)?
    }

    /// A set in the bottleneck.
    package struct EncodedSet: Sendable {
        package let set: SampleSet
        package let rows: Matrix
        /// Whether the encoder was fitted to these rows.
        package let isInSample: Bool
    }
}
