import Information
import LinearAlgebra
import RealModule
import Statistics

/// Jointly Gaussian queries and answers with a known mutual information.
///
/// With image v and text t of d independent standard normal coordinates each, x = (v + t)/sqrt 2, reference y = a x + sqrt(1 - a^2)
/// noise and response likewise with b. Estimators see v and t, and their mean has the information of x: I(X; Y) = -d/2 ln(1 - a^2).
/// In groups the rows share v and half the variance of the noises; every row by itself has the same law as without.
struct GaussianWorld: Sendable {
    /// d.
    var width: Int
    /// a, the correlation of each coordinate of the reference with that of the query.
    var reference: Double
    /// b, that of the response.
    var model: Double

    /// I(X; Y_theta) - I(X; Y), in nats.
    var effectiveMutualInformation: Double { information(model) - information(reference) }

    private func information(_ correlation: Double) -> Double {
        -Double(width) / 2 * .log(onePlus: -correlation * correlation)
    }

    /// A set on these items.
    ///
    /// - Parameter jitter: the share of the variance of v and t that is the set's own, and not the item's.
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

    /// A set whose answers are their expectations given the query. Estimates that are linear in the answers have the same expectation
    /// on it, with less variance. All rows are one group: they are only judged, and in one product.
    func expectedSet(_ name: String, count: Int, using generator: inout SeededGenerator) -> SampleSet {
        let (visual, text) = (generator.normals(count, width), generator.normals(count, width))
        let query = Self.query(visual, text)
        return SampleSet(
            name: name, modalities: [Modality(name: "visual", rows: visual), Modality(name: "text", rows: text)],
            response: query.mapElements { model * $0 }, reference: query.mapElements { reference * $0 },
            groups: [String](repeating: "\(name), unseen", count: count))
    }

    /// A set of these queries, in which the reference answers `referenceQuery` and the model what it sees.
    func set(
        _ name: String, visual: Matrix, text: Matrix, referenceQuery: Matrix, referenceNoise: Matrix, modelNoise: Matrix,
        items: GaussianItems
    ) -> SampleSet {
        SampleSet(
            name: name, modalities: [Modality(name: "visual", rows: visual), Modality(name: "text", rows: text)],
            response: answers(Self.query(visual, text), modelNoise, model),
            reference: answers(referenceQuery, referenceNoise, reference), identifiers: items.identifiers, groups: items.groups)
    }

    /// x = (v + t)/sqrt 2.
    static func query(_ visual: Matrix, _ text: Matrix) -> Matrix { visual.mixed(with: text, share: 0.5) }

    private func answers(_ query: Matrix, _ noise: Matrix, _ correlation: Double) -> Matrix {
        noise.mixed(with: query, share: correlation * correlation)
    }
}

/// What two sets that hold the same items have in common.
struct GaussianItems: Sendable {
    let visual: Matrix
    let text: Matrix
    /// Of the references.
    let noise: Matrix
    let groupSize: Int
    let identifiers: [String]?
    let groups: [String]?

    /// Items under names that begin with `prefix`, which sets without items in common differ in.
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
    /// Standard normal noise, half of its variance that of the group where there are groups.
    mutating func groupedNoise(_ rowCount: Int, _ columnCount: Int, groupSize: Int) -> Matrix {
        let own = normals(rowCount, columnCount)
        return groupSize == 1 ? own : own.mixed(with: normals(rowCount, columnCount, groupSize: groupSize), share: 0.5)
    }
}

/// Two sets under a design, each from its world. The second holds the first items of the first where the design shares items.
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
