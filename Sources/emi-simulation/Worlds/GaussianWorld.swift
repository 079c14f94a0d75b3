import Information
import LinearAlgebra
import RealModule
import Statistics

/// Jointly Gaussian queries and answers with a known mutual information.
///
/// Image v and text t have d independent standard normal coordinates each. The query is x = (v + t)/sqrt 2, the reference is y = a x +
/// sqrt(1 - a^2) noise, and the response is the same with b. Estimators see v and t, whose mean has the information of x: I(X; Y) = -d/2
/// ln(1 - a^2). In groups, rows share v and half the variance of the noises; the distribution of each single row stays the same.
struct GaussianWorld: Sendable {
    /// The number of coordinates d.
    var width: Int
    /// a, the correlation of each coordinate of the reference with that of the query.
    var reference: Double
    /// b, the correlation of each coordinate of the response with that of the query.
    var model: Double

    /// I(X; Y_theta) - I(X; Y), in nats.
    var effectiveMutualInformation: Double { information(model) - information(reference) }

    private func information(_ correlation: Double) -> Double {
        -Double(width) / 2 * .log(onePlus: -correlation * correlation)
    }

    /// Draws a set on these items.
    ///
    /// - Parameter jitter: the share of the variance of v and t that belongs to the set and not to the item.
    func set(
        _ name: String, _ items: GaussianItems, jitter: Double = 0, using generator: inout SeededGenerator
    ) -> SampleSet {
        let (count, size) = (items.visual.rowCount, items.groupSize)
        let visual = items.visual.mixed(with: generator.normals(count, width, groupSize: size), share: jitter)
        let text = items.text.mixed(with: generator.normals(count, width), share: jitter)
        let noise = generator.groupedNoise(count, width, groupSize: size)
        return set(
            name, visual: visual, text: text, referenceQuery: Self.query(visual, text), referenceNoise: items.noise,
            modelNoise: noise, items: items)
    }

    /// Draws a set whose answers are their expectations given the query. Estimates that are linear in the answers have the same expectation
    /// on it, with less variance. All rows form one group, because they are only judged, in a single product.
    func expectedSet(_ name: String, count: Int, using generator: inout SeededGenerator) -> SampleSet {
        let (visual, text) = (generator.normals(count, width), generator.normals(count, width))
        let query = Self.query(visual, text)
        return SampleSet(
            name: name, modalities: [Modality(name: "visual", rows: visual), Modality(name: "text", rows: text)],
            response: query.mapElements { model * $0 }, reference: query.mapElements { reference * $0 },
            groups: [String](repeating: "\(name), unseen", count: count))
    }

    /// A set of these queries. The reference answers `referenceQuery`, and the model answers what it sees.
    func set(
        _ name: String, visual: Matrix, text: Matrix, referenceQuery: Matrix, referenceNoise: Matrix, modelNoise: Matrix,
        items: GaussianItems
    ) -> SampleSet {
        SampleSet(
            name: name, modalities: [Modality(name: "visual", rows: visual), Modality(name: "text", rows: text)],
            response: answers(Self.query(visual, text), modelNoise, model),
            reference: answers(referenceQuery, referenceNoise, reference), identifiers: items.identifiers, groups: items.groups)
    }

    /// The query x = (v + t)/sqrt 2.
    static func query(_ visual: Matrix, _ text: Matrix) -> Matrix { visual.mixed(with: text, share: 0.5) }

    private func answers(_ query: Matrix, _ noise: Matrix, _ correlation: Double) -> Matrix {
        noise.mixed(with: query, share: correlation * correlation)
    }
}

/// What two sets that hold the same items have in common.
struct GaussianItems: Sendable {
    let visual: Matrix
    let text: Matrix
    /// The noise of the references.
    let noise: Matrix
    let groupSize: Int
    let identifiers: [String]?
    let groups: [String]?

    /// Draws items whose names begin with `prefix`; sets that share no items have different prefixes.
    init(
        _ prefix: String, count: Int, width: Int, design: SimulationDesign, using generator: inout SeededGenerator
    ) {
        groupSize = design.groupSize
        visual = generator.normals(count, width, groupSize: groupSize)
        text = generator.normals(count, width)
        noise = generator.groupedNoise(count, width, groupSize: groupSize)
        let size = groupSize
        identifiers = design.sharesItems ? (0..<count).map { "\(prefix), item \($0)" } : nil
        groups = size > 1 ? (0..<count).map { "\(prefix), group \($0 / size)" } : nil
    }

    /// The first `count` items.
    func prefix(_ count: Int) -> GaussianItems {
        let rows = Array(0..<count)
        return GaussianItems(
            visual: visual.selectingRows(rows), text: text.selectingRows(rows), noise: noise.selectingRows(rows),
            groupSize: groupSize, identifiers: identifiers.map { Array($0.prefix(count)) },
            groups: groups.map { Array($0.prefix(count)) })
    }

    private init(
        visual: Matrix, text: Matrix, noise: Matrix, groupSize: Int, identifiers: [String]?, groups: [String]?
    ) {
        (self.visual, self.text, self.noise) = (visual, text, noise)
        (self.groupSize, self.identifiers, self.groups) = (groupSize, identifiers, groups)
    }
}

extension SeededGenerator {
    /// Standard normal noise; with groups, half of its variance is common to the group.
    mutating func groupedNoise(_ rowCount: Int, _ columnCount: Int, groupSize: Int) -> Matrix {
        let own = normals(rowCount, columnCount)
        return groupSize == 1 ? own : own.mixed(with: normals(rowCount, columnCount, groupSize: groupSize), share: 0.5)
    }
}

/// Draws two sets under a design, each from its own world. If the design shares items, the second holds the first items of the first.
func gaussianPair(
    _ worlds: (GaussianWorld, GaussianWorld), counts: (Int, Int), design: SimulationDesign, jitter: Double = 0,
    using generator: inout SeededGenerator
) -> (SampleSet, SampleSet) {
    let items = GaussianItems("id", count: counts.0, width: worlds.0.width, design: design, using: &generator)
    let others =
        design.sharesItems
        ? items.prefix(counts.1)
        : GaussianItems("ood", count: counts.1, width: worlds.1.width, design: design, using: &generator)
    let first = worlds.0.set("id", items, jitter: jitter, using: &generator)
    return (first, worlds.1.set("ood", others, jitter: jitter, using: &generator))
}
