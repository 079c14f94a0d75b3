import Statistics

@testable import Calibration

/// Rows whose truth is known.
struct Draw {
    var confidence: [Double] = []
    var outcome: [Double] = []
    var groups: [String] = []

    /// - Parameters:
    ///   - steps: confidences are multiples of 1/steps, for ties; 0 for none.
    ///   - groupSize: rows of a group.
    init(count: Int, seed: UInt64, steps: Double = 0, groupSize: Int = 1, truth: (Double) -> Double = { $0 }) {
        var generator = SeededGenerator(seed: seed, stream: "calibration tests")
        for row in 0..<count {
            var c = generator.uniform()
            if steps > 0 { c = (c * steps).rounded() / steps }
            confidence.append(c)
            outcome.append(generator.uniform() < truth(c) ? 1 : 0)
            groups.append("g\(row / groupSize)")
        }
    }

    func rows(grouped: Bool = false) throws -> ConfidenceRows {
        try ConfidenceRows(confidence: confidence, outcome: outcome, clusters: grouped ? Clusters(labels: groups) : nil)
    }

    /// The same rows in another order.
    func shuffled(seed: UInt64) -> Draw {
        var generator = SeededGenerator(seed: seed)
        let order = generator.permutation(of: confidence.count)
        var draw = self
        draw.confidence = order.map { confidence[$0] }
        draw.outcome = order.map { outcome[$0] }
        draw.groups = order.map { groups[$0] }
        return draw
    }
}
