import Bottleneck
import Information
import LinearAlgebra

/// Computes X of a bottleneck for any set of a study.
struct BottleneckSource: Sendable {
    /// The name of X in reports.
    let name: String
    private let settings: BottleneckSettings
    private let features: ProductKernelFeatures?

    /// Chooses X and fits its features on the ID set.
    ///
    /// - Throws: `RunError` for a modality that the set lacks.
    init(_ settings: BottleneckSettings, id: SampleSet) throws {
        self.settings = settings
        let names = ["query", "response"] + id.modalities.map(\.name)
        guard names.contains(settings.of) else {
            throw RunError(
                code: "unknown_modality",
                message: "--of: expected one of \(names.joined(separator: ", ")), found '\(settings.of)'"
                    .withoutControls,
                hint: "modalities are what the ID set has")
        }
        name = settings.of
        guard settings.kernel == .product else {
            features = nil
            return
        }
        let parts = Self.parts(settings.of, id)
        features = try ProductKernelFeatures(
            parts.map(\.rows), bandwidths: parts.map { $0.name == "visual" ? 0.5 : 1 }, seed: settings.seed)
    }

    /// The n x d features of a set.
    func rows(_ set: SampleSet) -> Matrix {
        let parts = Self.parts(settings.of, set).map(\.rows)
        if let features { return features.features(parts) }
        // [v, t] / sqrt(m) keeps unit rows at unit length.
        let scale = 1 / Double(parts.count).squareRoot()
        let width = parts.reduce(0) { $0 + $1.columnCount }
        var elements: [Double] = []
        elements.reserveCapacity(set.rowCount * width)
        for row in 0..<set.rowCount {
            for part in parts { elements.append(contentsOf: part.row(row).lazy.map { $0 * scale }) }
        }
        return Matrix(rowCount: set.rowCount, columnCount: width, elements: elements)
    }

    private static func parts(_ name: String, _ set: SampleSet) -> [Modality] {
        switch name {
        case "query": set.modalities
        case "response": [Modality(name: "response", rows: set.response)]
        default: set.modalities.filter { $0.name == name }
        }
    }
}

extension BottleneckSettings.Target {
    /// The rows of Y in a set.
    func rows(_ set: SampleSet) -> Matrix { self == .reference ? set.reference : set.response }
}
