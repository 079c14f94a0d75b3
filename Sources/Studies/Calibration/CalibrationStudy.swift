import Calibration
import EmbeddingFiles
import LinearAlgebra
import Statistics

/// Analyses sets of confidences and compares the others with the first.
package struct CalibrationStudy: Sendable {
    /// A set after the first, with its differences from the first.
    package struct Scenario: Sendable {
        package let source: CalibrationSource
        /// The analysis, or the reason why there is none.
        package let result: Result<Shifted, RunError>
    }

    /// An analysis with its changes since the first set.
    package struct Shifted: Sendable {
        package var analysis: CalibrationAnalysis
        package let comparison: Comparison
    }

    /// The differences between the second set and the first.
    package struct Comparison: Sendable {
        /// The changes of `accuracy`, `confidence`, `gap`, `brier`, `log_loss`, `nll` and `ece` (excess). `qValues` holds their q-values
        /// over scenarios.
        package var changes: [String: Change]
        package var qValues: [String: Double] = [:]
        /// The number of rows that are the same items; 0 if the sets count as independent.
        package let pairedCount: Int
        /// The set's measures at the first set's temperature.
        package let atReference: CalibrationSummary?
        /// Whether the first set's temperature suits this set; nil without option scores.
        package let transfer: TemperatureTransfer?
    }

    package let settings: CalibrationSettings
    /// The first set, with which the others are compared.
    package let reference: CalibrationAnalysis
    /// The temperature with which scenarios are evaluated: the first set's, or one that the user gave.
    package let referenceTemperature: Double?
    /// The first set's measures at the user's temperature; nil if the user gave none.
    package let referenceAtApplied: CalibrationSummary?
    package let scenarios: [Scenario]

    /// Reads and analyses the sets, a few at a time.
    ///
    /// - Parameter progress: called after each scenario with the number that are done.
    /// - Throws: `RunError` if the first set cannot be read; errors of other sets become their results.
    package init(
        _ sources: [CalibrationSource], _ settings: CalibrationSettings, threadCount: Int,
        progress: @Sendable (Int) -> Void = { _ in }
    ) throws {
        guard let first = sources.first else { throw RunError(code: "no_sets", message: "expected a set of confidences, found none") }
        self.settings = settings
        let reference = try CalibrationAnalysis(try CalibrationSet(first, settings), settings)
        self.reference = reference
        let temperature =
            settings.appliedTemperature
            ?? (reference.temperature?.limit == nil ? reference.temperature?.temperature : nil)
        referenceTemperature = temperature
        referenceAtApplied = try settings.appliedTemperature.flatMap { try reference.summary(at: $0, settings) }
        let others = Array(sources.dropFirst())
        let results = try concurrentMap(count: others.count, threadCount: threadCount) { index -> Result<Shifted, RunError> in
            defer { progress(index) }
            do {
                var analysis = try CalibrationAnalysis(try CalibrationSet(others[index], settings), settings)
                let comparison = try Comparison(from: reference, to: analysis, at: temperature, settings)
                if comparison.pairedCount == 0, analysis.summary != nil {
                    analysis.notes.append(
                        RunWarning(
                            .unpairedSets,
                            "\(analysis.set.source.name): fewer than half of the ids are those of \(reference.set.source.name): "
                                + "the sets are taken as independent"))
                } else if comparison.pairedCount < analysis.set.used.count {
                    analysis.notes.append(
                        RunWarning(
                            .partlyPaired,
                            "\(analysis.set.source.name): changes are over the \(comparison.pairedCount) rows that it shares with "
                                + reference.set.source.name))
                }
                return .success(Shifted(analysis: analysis, comparison: comparison))
            } catch {
                return .failure(RunError(error, set: others[index].name))
            }
        }
        scenarios = Self.withQValues(zip(others, results).map { Scenario(source: $0, result: $1) })
    }

    /// Adds Benjamini and Hochberg's q-values over scenarios, with one family for each measure.
    private static func withQValues(_ scenarios: [Scenario]) -> [Scenario] {
        var found = scenarios.map { try? $0.result.get() }
        let measures = Set(found.flatMap { $0.map { Array($0.comparison.changes.keys) } ?? [] }).sorted()
        for measure in measures {
            let tested = found.indices.filter { found[$0]?.comparison.changes[measure]?.pValue != nil }
            let qValues = benjaminiHochbergQValues(tested.compactMap { found[$0]?.comparison.changes[measure]?.pValue })
            for (index, q) in zip(tested, qValues) {
                guard var shifted = found[index] else { continue }
                var comparison = shifted.comparison
                comparison.qValues[measure] = q
                shifted = Shifted(analysis: shifted.analysis, comparison: comparison)
                found[index] = shifted
            }
        }
        return zip(scenarios, found).map { scenario, shifted in
            Scenario(source: scenario.source, result: shifted.map { .success($0) } ?? scenario.result)
        }
    }
}

extension CalibrationStudy.Comparison {
    init(
        from first: CalibrationAnalysis, to second: CalibrationAnalysis, at temperature: Double?,
        _ settings: CalibrationSettings
    ) throws {
        atReference = try temperature.flatMap { try second.summary(at: $0, settings) }
        guard let a = first.summary, let b = second.summary else {
            (changes, pairedCount, transfer) = ([:], 0, nil)
            return
        }
        let pairs = first.set.pairs(with: second.set)
        pairedCount = pairs?.first.count ?? 0
        let (one, two) = (RowValues(first), RowValues(second))
        var found: [String: Change] = [:]
        if let pairs {
            let inference = Inference(clusters: pairs.clusters, confidence: settings.confidence)
            for (measure, values) in one.columns {
                guard let others = two.columns[measure] else { continue }
                let (x, y) = (pairs.first.map { values[$0] }, pairs.second.map { others[$0] })
                // An excluded option has an infinite loss, so no difference exists.
                guard zip(x, y).allSatisfy({ $0.isFinite && $1.isFinite }) else { continue }
                found[measure] = Change(first: x, second: y, inference)
            }
            found["ece"] = try Self.errorChange(first.set, second.set, pairs, inference, settings)
        } else {
            for (measure, values) in one.columns {
                guard let others = two.columns[measure] else { continue }
                guard values.allSatisfy(\.isFinite), others.allSatisfy(\.isFinite) else { continue }
                let (x, y) = (
                    Inference(clusters: first.set.clusters, confidence: settings.confidence).mean(values),
                    Inference(clusters: second.set.clusters, confidence: settings.confidence).mean(others)
                )
                found[measure] = Change(
                    value: y.value - x.value, first: (x.standardError, a.groupCount), second: (y.standardError, b.groupCount),
                    confidence: settings.confidence)
            }
            let errors = [a, b].compactMap(\.byWidth.standardError)
            let groups = min(a.groupCount, b.groupCount)
            found["ece"] = Change(
                first: a.byWidth, second: b.byWidth,
                standardError: errors.count == 2 ? (errors[0] * errors[0] + errors[1] * errors[1]).squareRoot() : nil,
                reach: groups > 1 ? StudentReach(degreesOfFreedom: Double(groups - 1), confidence: settings.confidence) : nil)
        }
        changes = found
        transfer = Self.transfer(first, second, pairs, settings)
    }

    private static func transfer(
        _ first: CalibrationAnalysis, _ second: CalibrationAnalysis, _ pairs: RowPairs?, _ settings: CalibrationSettings
    ) -> TemperatureTransfer? {
        guard settings.appliedTemperature == nil, let x = first.set.options, let y = second.set.options,
            let fitX = first.temperature, let fitY = second.temperature
        else { return nil }
        // Influences refer to a fit of the whole set, so paired influences need the same rows on both sides.
        let areWhole = pairs.map { $0.first.count == x.count && $0.second.count == y.count } ?? false
        return TemperatureTransfer(
            first: (x, fitX), second: (y, fitY), pairs: areWhole ? pairs : nil, confidence: settings.confidence)
    }

    /// The change of the excess, from the influences of the paired rows.
    private static func errorChange(
        _ first: CalibrationSet, _ second: CalibrationSet, _ pairs: RowPairs, _ inference: Inference,
        _ settings: CalibrationSettings
    ) throws -> Change {
        func part(_ set: CalibrationSet, _ places: [Int]) throws -> (error: BinnedError, influences: [Double]) {
            let rows = try ConfidenceRows(
                confidence: places.map { set.confidence[$0] }, outcome: places.map { set.outcome[$0] },
                clusters: pairs.clusters.areGiven ? pairs.clusters : nil)
            let error = BinnedError(rows, .width(settings.binCount), confidence: settings.confidence)
            return (error, error.influences(rows))
        }
        let (a, b) = (try part(first, pairs.first), try part(second, pairs.second))
        return Change(
            first: a.error, second: b.error, firstInfluences: a.influences, secondInfluences: b.influences, inference)
    }
}

/// The values of each used row, by measure.
private struct RowValues {
    var columns: [String: [Double]] = [:]

    init(_ analysis: CalibrationAnalysis) {
        let set = analysis.set
        let gaps = zip(set.confidence, set.outcome).map { $0 - $1 }
        columns = ["accuracy": set.outcome, "confidence": set.confidence, "gap": gaps, "brier": gaps.map { $0 * $0 }]
        if let scores = set.options { columns["nll"] = OptionOutcomes(scores).negativeLogLikelihood }
    }
}
