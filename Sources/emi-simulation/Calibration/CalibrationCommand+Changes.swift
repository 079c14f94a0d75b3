import Calibration
import RealModule
import Statistics

extension CalibrationCommand {
    /// Measures the coverage of paired changes: the same items are answered twice, first calibrated and then over-confident.
    func changes() throws {
        let table = MarkdownTable(header: ["second set", "rows", "design", "accuracy", "gap", "Brier", "ECE"])
        for truth in [CalibrationWorld.Truth.calibrated, .overconfident] {
            for count in rows {
                for groupSize in [1, 3] {
                    let worlds = [CalibrationWorld.Truth.calibrated, truth].map {
                        CalibrationWorld(law: .broad, truth: $0, groupSize: groupSize)
                    }
                    let exact = worlds.map { CalibrationTruth($0) }
                    let hits = try trials("changes \(truth) \(count) \(groupSize)") { generator -> [Bool?] in
                        let first = worlds[0].columns(count, using: &generator)
                        // The second answer's confidence is the first one's, moved a little.
                        let confidence = first.confidence
                        let outcome = confidence.indices.map { row in
                            generator.uniform() < 0.5 && truth == .calibrated
                                ? first.outcome[row]
                                : generator.uniform() < truth.probability(confidence[row]) ? 1.0 : 0
                        }
                        let rows = [
                            try worlds[0].rows(confidence, first.outcome), try worlds[1].rows(confidence, outcome),
                        ]
                        let summaries = rows.map { CalibrationSummary($0, .init(signs: .init(draws: 0))) }
                        let clusters = Clusters(
                            ofRow: (0..<Int32(count)).map { $0 / Int32(groupSize) }, count: (count + groupSize - 1) / groupSize)
                        let inference = Inference(clusters: clusters, confidence: 0.95)
                        func holds(_ change: Change, _ truth: Double) -> Bool? { change.value.interval?.contains(truth) }
                        func gaps(_ y: [Double]) -> [Double] { zip(confidence, y).map { $0 - $1 } }
                        return [
                            holds(
                                Change(first: first.outcome, second: outcome, inference),
                                exact[1].accuracy - exact[0].accuracy),
                            holds(
                                Change(first: gaps(first.outcome), second: gaps(outcome), inference),
                                exact[1].gap - exact[0].gap),
                            holds(
                                Change(
                                    first: gaps(first.outcome).map { $0 * $0 }, second: gaps(outcome).map { $0 * $0 }, inference),
                                exact[1].brier - exact[0].brier),
                            holds(
                                Change(
                                    first: summaries[0].byWidth, second: summaries[1].byWidth,
                                    firstInfluences: summaries[0].byWidth.influences(rows[0]),
                                    secondInfluences: summaries[1].byWidth.influences(rows[1]), inference),
                                exact[1].ece - exact[0].ece),
                        ]
                    }
                    table.write(
                        [truth.rawValue, "\(count)", groupSize == 1 ? "rows" : "groups"]
                            + (0..<4).map { column in
                                Rate(hits.compactMap { $0[column] }).text(required: 0.92...(column == 3 ? 1 : 0.98))
                            })
                }
            }
        }
    }

    /// Measures the coverage of ln T, and how often a temperature is declared not to survive: once when it does survive (T = 1.5 twice) and
    /// once when it does not (1.5 and 2.5).
    func temperatures() throws {
        let table = MarkdownTable(header: [
            "rows", "design", "ln T covered", "survives: rejected", "does not: rejected", "regret above 0", "Platt ECE", "in sample",
        ])
        for count in rows {
            for groupSize in [1, 3] {
                let results = try trials("temperature \(count) \(groupSize)") { generator -> (hits: [Bool?], ece: [Double]) in
                    let clusters = Clusters(
                        ofRow: (0..<Int32(count)).map { $0 / Int32(groupSize) }, count: (count + groupSize - 1) / groupSize)
                    let inference = Inference(clusters: clusters, confidence: 0.95)
                    let sets = try [1.5, 1.5, 2.5].map { try scores(count, $0, clusters, using: &generator) }
                    let fits = sets.map { TemperatureFit($0, inference) }
                    let pairs = RowPairs(first: Array(0..<count), second: Array(0..<count), clusters: clusters)
                    let transfers = [1, 2].map {
                        TemperatureTransfer(
                            first: (sets[0], fits[0]), second: (sets[$0], fits[$0]), pairs: pairs, confidence: 0.95)
                    }
                    let outcomes = OptionOutcomes(sets[0])
                    let fit = PlattScaling(confidence: outcomes.confidence, outcome: outcomes.outcome)
                    let crossFitted = CrossFitting.platt(
                        confidence: outcomes.confidence, outcome: outcomes.outcome, clusters: clusters)
                    let after = try [crossFitted, fit.map { fit in outcomes.confidence.map { fit($0) } }].map { confidence in
                        let rows = try ConfidenceRows(
                            confidence: confidence ?? outcomes.confidence, outcome: outcomes.outcome, clusters: clusters)
                        return CalibrationSummary(rows, .init(signs: .init(draws: 0))).byMass.ece
                    }
                    return (
                        [
                            fits[0].interval?.contains(1.5), transfers[0].logRatio?.pValue.map { $0 <= 0.05 },
                            transfers[1].logRatio?.pValue.map { $0 <= 0.05 },
                            transfers[1].regret?.interval.map { $0.lowerBound > 0 },
                        ], after
                    )
                }
                let required: [ClosedRange<Double>] = [0.92...0.98, 0.035...0.065, 0...1, 0...1]
                table.write(
                    ["\(count)", groupSize == 1 ? "rows" : "groups"]
                        + required.indices.map { column in
                            Rate(results.compactMap { $0.hits[column] }).text(required: required[column])
                        } + (0..<2).map { column in decimal(results.map { $0.ece[column] }.mean, 4) })
            }
        }
    }

    /// Scores of four options whose right temperature is `temperature`. Within a group, scores are correlated at 0.5, and so are labels.
    private func scores(
        _ count: Int, _ temperature: Double, _ clusters: Clusters, using generator: inout SeededGenerator
    ) throws -> OptionScores {
        var (options, labels): ([[Double]], [Int]) = ([], [])
        var (shared, level) = ([0.0, 0, 0, 0], 0.0)
        var group: Int32 = -1
        for row in 0..<count {
            let own = clusters.ofRow?[row] ?? Int32(row)
            if own != group {
                group = own
                shared = (0..<4).map { _ in generator.normal() }
                level = generator.normal()
            }
            let logits = shared.map { 2 * 0.5.squareRoot() * ($0 + generator.normal()) }
            let weights = logits.map { Double.exp($0 / temperature) }
            let z = 0.5.squareRoot() * (level + generator.normal())
            var left = Double.erfc(-z / 2.0.squareRoot()) / 2 * weights.reduce(0, +)
            var label = 0
            while label < 3, left >= weights[label] {
                left -= weights[label]
                label += 1
            }
            options.append(logits)
            labels.append(label)
        }
        return try OptionScores(options: options, labels: labels, clusters: clusters)
    }
}
