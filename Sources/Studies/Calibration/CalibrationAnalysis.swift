import Calibration
import EmbeddingFiles
import Statistics

/// The analysis of one set, to be compared with those of other sets.
package struct CalibrationAnalysis: Sendable {
    package let set: CalibrationSet
    /// The measures of the confidences; nil if no row has a confidence.
    package let summary: CalibrationSummary?
    /// The accuracy if excluded rows count as wrong unless they are known to be right; nil if no row is excluded.
    package let accuracyOfAll: UncertainValue?
    /// Means over option scores: the negative log-likelihood in nats, the Brier score over options, and the entropy over ln K.
    package let options: OptionMeans?
    /// The temperature fitted to option scores.
    package let temperature: TemperatureFit?
    /// The measures after temperature scaling (Platt scaling for a scalar confidence), each row with parameters from other folds.
    package let afterOwn: CalibrationSummary?
    /// The name of that recalibration: `temperature` or `platt`.
    package let recalibration: String?
    /// Platt's parameters over all rows, for a scalar confidence.
    package let platt: PlattScaling?
    /// The measures after cross-fitted isotonic recalibration; nil for fewer than 1,000 rows.
    package let afterIsotonic: CalibrationSummary?
    /// The measures if the confidence is the probability of the answer's token among all tokens.
    package let byToken: CalibrationSummary?
    /// How the model handles unanswerable questions; nil if the file does not tell.
    package let abstention: AbstentionSummary?
    /// Notes on rows that the published measure drops silently.
    package var notes: [RunWarning]

    /// Means over rows with option scores.
    package struct OptionMeans: Sendable {
        package let negativeLogLikelihood: UncertainValue
        package let brier: UncertainValue
        package let entropy: UncertainValue
        /// The number of rows whose largest score occurs more than once.
        package let tieCount: Int
        /// The number of rows whose right option has no probability, which the likelihood leaves out.
        package let impossibleCount: Int
    }

    /// Analyses a set on its own.
    package init(_ set: CalibrationSet, _ settings: CalibrationSettings) throws {
        self.set = set
        let inference = Inference(clusters: set.clusters, confidence: settings.confidence)
        func summary(_ rows: ConfidenceRows, draws: Int = 0) -> CalibrationSummary {
            var wanted = settings.summary
            wanted.signs.draws = draws
            return CalibrationSummary(rows, wanted, reach: inference.reach)
        }
        func summary(_ confidence: [Double]) throws -> CalibrationSummary { summary(try set.rows(confidence)) }
        // The rows are sorted once, for the measures and for isotonic recalibration.
        var rows = set.used.isEmpty ? nil : try set.rows()
        self.summary = rows.map { summary($0, draws: settings.draws) }
        let isotonic = rows.flatMap { CrossFitting.isotonic($0) }
        rows = nil
        accuracyOfAll = Self.accuracyOfAll(set.table, settings.confidence)
        if let scores = set.options {
            let outcomes = OptionOutcomes(scores)
            let isPossible = outcomes.negativeLogLikelihood.indices.filter { outcomes.negativeLogLikelihood[$0].isFinite }
            let possible = Inference(clusters: scores.clusters.selecting(isPossible), confidence: settings.confidence)
            options =
                isPossible.isEmpty
                ? nil
                : OptionMeans(
                    negativeLogLikelihood: possible.mean(isPossible.map { outcomes.negativeLogLikelihood[$0] }),
                    brier: inference.mean(outcomes.brier), entropy: inference.mean(outcomes.entropy), tieCount: scores.tieCount,
                    impossibleCount: scores.count - isPossible.count)
            let fit =
                settings.followsPaper
                ? TemperatureFit(scores, inference).onPaperGrid(scores) : TemperatureFit(scores, inference)
            temperature = fit
            recalibration = "temperature"
            platt = nil
            afterOwn = try CrossFitting.temperatures(scores, start: fit.temperature).map { own in
                try summary(OptionOutcomes(scores) { own.byRow[$0] }.confidence)
            }
        } else {
            (options, temperature) = (nil, nil)
            platt = PlattScaling(confidence: set.confidence, outcome: set.outcome)
            let scaled =
                platt == nil
                ? nil
                : CrossFitting.platt(confidence: set.confidence, outcome: set.outcome, clusters: set.clusters)
            recalibration = scaled == nil ? nil : "platt"
            afterOwn = try scaled.map { try summary($0) }
        }
        afterIsotonic = try isotonic.map { try summary($0) }
        let tokens = set.table.tokenProbability
        let hasTokens =
            !set.usesTokenProbability && !tokens.isEmpty && !set.used.isEmpty
            && set.used.allSatisfy { tokens[$0].isFinite }
        byToken = hasTokens ? try summary(set.used.map { min(1, tokens[$0]) }) : nil
        abstention = Self.abstention(set.table, settings.confidence)
        notes = []
        notes = calibrationNotes()
    }

    /// The measures of the set if its option scores have one temperature.
    func summary(at temperature: Double, _ settings: CalibrationSettings) throws -> CalibrationSummary? {
        guard let scores = set.options else { return nil }
        var wanted = settings.summary
        wanted.signs.draws = 0
        return CalibrationSummary(try set.rows(OptionOutcomes(scores) { _ in temperature }.confidence), wanted)
    }

    private static func clusters(_ table: ConfidenceTable, _ rows: [Int]) -> Clusters {
        (table.groups.isEmpty
            ? Clusters(rowCount: table.count) : Clusters(ofRow: table.groups, count: table.groupLabels.count)).selecting(rows)
    }

    private static func accuracyOfAll(_ table: ConfidenceTable, _ level: Double) -> UncertainValue? {
        let rows = table.states.indices.filter { !table.states[$0].isFault }
        guard rows.contains(where: { table.states[$0] != .used }) else { return nil }
        return Inference(clusters: clusters(table, rows), confidence: level).rate(
            rows.map { table.states[$0] != .abstained && table.outcome[$0].isFinite ? table.outcome[$0] : 0 })
    }

    /// The abstention summary of a file that says which questions can be answered, or that has abstentions; nil for others.
    private static func abstention(_ table: ConfidenceTable, _ level: Double) -> AbstentionSummary? {
        guard !table.answerable.isEmpty || table.states.contains(.abstained) else { return nil }
        let rows = table.states.indices.filter { row in
            table.states[row] == .abstained || (!table.states[row].isFault && table.outcome[row].isFinite)
        }
        guard !rows.isEmpty else { return nil }
        return AbstentionSummary(
            answerable: rows.map { table.answerable.isEmpty || table.answerable[$0] },
            abstained: rows.map { table.states[$0] == .abstained },
            scores: rows.map { table.outcome[$0].isFinite ? table.outcome[$0] : 0 },
            confidence: rows.map { table.confidence[$0].isFinite ? table.confidence[$0] : nil },
            pairKeys: table.pairKeys.isEmpty ? [] : rows.map { table.pairKeys[$0] }, clusters: clusters(table, rows),
            level: level)
    }
}

extension TemperatureFit {
    /// The hundredth from 0.01 to 9.99 with the smallest loss, as the published script searches for it. The loss has one minimum, so it is
    /// one of the two neighbours.
    func onPaperGrid(_ scores: OptionScores) -> TemperatureFit {
        func loss(_ step: Double) -> Double {
            OptionOutcomes(scores) { _ in step / 100 }.negativeLogLikelihood.reduce(0) { $0 + ($1.isFinite ? $1 : 0) }
        }
        let below = min(max((temperature * 100).rounded(.down), 1), 999)
        let above = min(below + 1, 999)
        return TemperatureFit(temperature: (loss(below) <= loss(above) ? below : above) / 100, like: self)
    }
}
