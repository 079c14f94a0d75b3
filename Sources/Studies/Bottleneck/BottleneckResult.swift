import Bottleneck
import Information
import LinearAlgebra
import Statistics

/// The bottleneck of a study, and how its representation compares with others of as many columns.
package struct BottleneckResult: Sendable {
    /// The name of the ID set.
    package let id: String
    /// The numbers of rows and of groups in the ID set.
    package let sampleCount: Int
    package let groupCount: Int
    /// The name of X, and the number of columns of its features.
    package let source: String
    package let columnCount: Int
    /// The cross-fitted bottleneck.
    package let bottleneck: GaussianBottleneck
    /// The p-value of "X tells nothing about Y"; nil without pairings.
    package let pValue: Double?
    /// The held-out matching of X and Y, in nats; nil if no direction is resolved.
    package let matching: MatchingInformation?
    /// ln of the number of different answers, which is the most that answers can hold.
    package let answerLimit: Double
    /// The point of the curve that is used; nil if no direction is resolved.
    package let point: InformationPlane.Point?
    /// Points of the curve for a chart.
    package let curve: [InformationPlane.Point]
    /// The representations `raw`, `bottleneck`, `principal` and `random` on the ID set.
    package let representations: [Representation]
    /// The shifts, in the order of the study.
    package let shifts: [Shift]
    /// The encoded sets, ID first, which `--export` writes.
    package let encoded: [EncodedSet]
    /// What the reader should know.
    package let warnings: [RunWarning]

    /// One representation on the ID set.
    package struct Representation: Sendable {
        /// `raw`, `bottleneck`, `principal` or `random`.
        package let name: String
        package let columnCount: Int
        /// What a decoder reads from the representation on the ID set.
        package let probe: AnswerProbe
        /// The participation ratio of the rows.
        package let effectiveRank: Double?
    }

    /// One shift in every representation, by the representation's name.
    package struct Shift: Sendable {
        package let name: String
        package let kind: String?
        /// What a decoder reads from each representation of this set.
        package let probes: [String: AnswerProbe]
        /// The JSD of unit rows between this set and the ID set.
        package let divergences: [String: DivergenceEstimate]
        /// How far items move, for the items that both sets hold.
        package let movement: [String: RepresentationShift]
        /// The mean cosine between the clean and the shifted response to the same item.
        package let responseConsistency: Double?
        /// The number of items that both sets hold.
        package let sharedCount: Int
        /// The distance between the modalities' means, in the ID set and in this one; nil for modalities of different widths.
        package let modalityGaps: (id: Double, ood: Double)?
    }

    /// A set encoded by the bottleneck.
    package struct EncodedSet: Sendable {
        package let set: SampleSet
        /// The encoded rows.
        package let rows: Matrix
        /// Whether the encoder was fitted to these rows.
        package let isInSample: Bool
    }
}
