import Statistics
import Studies

/// Sentences that say what a scenario or a batch shows.
package enum Verdict {
    /// A sentence with the gap and its interval, the modality that moved most, and the bound.
    package static func sentence(_ scenario: Report.Scenario, settings: StudySettings) -> String {
        guard let gap = scenario.emid else { return "\(scenario.name) has no result" }
        if scenario.hasNoChannel { return nothingCarried }
        return ([gapPhrase(scenario, gap, settings)] + [sharePhrase(scenario), boundPhrase(scenario)].compactMap { $0 })
            .joined(separator: "; ") + "."
    }

    /// The sentence for a run whose channel carries nothing.
    private static let nothingCarried =
        "Nothing can be said: no set's responses tell anything of the references, so EMI near 0 means nothing."

    /// What a batch shows, one sentence on each line: how many scenarios lost EMI, for how many the loss is resolved, which is the worst,
    /// and how EMI follows the external scores.
    static func summary(_ report: Report) -> [String] {
        if report.scenarios.contains(where: \.hasNoChannel) { return [nothingCarried] }
        let gaps = report.scenarios.compactMap { scenario in scenario.emid.map { (scenario, $0) } }
        let losses = changes("fell", gaps.map { ($0, $1, 1) }, resolution: .above, report.settings)
        let gains = changes("rose", gaps.map { ($0, $1, -1) }, resolution: .below, report.settings)
        var sentences = gaps.isEmpty ? [] : [losses.sentence]
        if gains.resolvedCount > 0 || losses.count == 0, gains.count > 0 { sentences.append(gains.sentence) }
        let detectable = gaps.compactMap(\.1.smallestDetectable).sorted()
        if let least = detectable.first, let most = detectable.last {
            let middle = (detectable[(detectable.count - 1) / 2] + detectable[detectable.count / 2]) / 2
            sentences.append(
                "A gap of \(Numbers.decimal(middle)) \(report.settings.units) would be found in 80 % of repetitions of the median "
                    + "scenario (\(Numbers.decimal(least)) to \(Numbers.decimal(most)) over all).")
        }
        if let tightness = report.summary.tightnessMedian {
            let count = report.scenarios.count { $0.bound?.tightness != nil }
            sentences.append(
                "The bound (\(report.settings.boundName)) is \(Numbers.decimal(tightness)) times EMID in "
                    + (count == 1 ? "the one scenario" : "the median of the \(count) scenarios") + " with a resolved loss.")
        }
        if let found = report.summary.emiVsScore {
            let baselines = [
                ("the plain cosine's", report.summary.responseSimilarityVsScore),
                ("the whitened cosine's", report.summary.whitenedSimilarityVsScore),
            ].compactMap { name, found in found.map { "\(name) is \(Numbers.decimal($0.pearson))" } }
            let baseline = baselines.isEmpty ? "" : "; " + baselines.joined(separator: ", ")
            let reach = found.pearsonInterval.map { " \(Numbers.interval($0))" } ?? ""
            sentences.append(
                "EMI and score have a Pearson correlation of \(Numbers.decimal(found.pearson))\(reach) over \(found.count) "
                    + "sets\(baseline).")
        }
        let failed = report.summary.failedCount
        if failed > 0 {
            sentences.append(
                "\(failed) of \(report.summary.scenarioCount) scenarios failed and \(failed == 1 ? "has" : "have") no numbers.")
        }
        return sentences
    }

    /// A sentence that says in how many scenarios EMI moved in one direction, and in which it moved most.
    private static func changes(
        _ verb: String, _ scenarios: [(scenario: Report.Scenario, gap: Report.Gap, sign: Double)], resolution: Resolution,
        _ settings: StudySettings
    ) -> (count: Int, resolvedCount: Int, sentence: String) {
        let moved = scenarios.map { (name: $0.scenario.name, size: $0.sign * $0.gap.value, result: $0.scenario.resolution) }
            .filter { $0.size > 0 }
        let resolved = moved.count { $0.result == resolution }
        let start = "EMI \(verb) in \(moved.count) of \(scenarios.count) scenarios"
        guard let most = moved.max(by: { ($0.size, $1.name) < ($1.size, $0.name) }) else { return (0, 0, start + ".") }
        let evidence = scenarios.contains { $0.gap.qValue != nil } ? ", resolved in \(resolved) at a false discovery rate of 5 %" : ""
        return (
            moved.count, resolved,
            "\(start)\(evidence); most in \(most.name.withoutControls), by \(Numbers.decimal(most.size)) \(settings.units)."
        )
    }

    private static func gapPhrase(_ scenario: Report.Scenario, _ gap: Report.Gap, _ settings: StudySettings) -> String {
        let size = Numbers.decimal(abs(gap.value))
        guard let ends = gap.interval, ends.count == 2 else {
            return "EMID is \(Numbers.decimal(gap.value)) \(settings.units), with no error estimate: nothing says whether EMI changed"
        }
        let reach = Numbers.decimal((ends[1] - ends[0]) / 2)
        let evidence =
            Numbers.confidence(settings.confidence) + " interval"
            + (gap.pValue.map { ", " + Numbers.evidence("p", $0, of: settings.permutations) } ?? "")
        if scenario.resolution == .above { return "EMI fell by \(size) ± \(reach) \(settings.units) (\(evidence))" }
        if scenario.resolution == .below { return "EMI rose by \(size) ± \(reach) \(settings.units) (\(evidence))" }
        if gap.value < 0, !scenario.showsInformation {
            return
                "EMID is \(Numbers.decimal(gap.value)) ± \(reach) \(settings.units), but I(X;Yθ) of \(scenario.name.withoutControls) is not "
                + "above 0: its answers tell nothing of the queries, so nothing rose"
        }
        let power =
            gap.smallestDetectable
            .map { ", where a gap of \(Numbers.decimal($0)) would be found in 80 % of repetitions" } ?? ""
        return "No change of EMI is resolved: EMID is \(Numbers.decimal(gap.value)) ± \(reach) \(settings.units) (\(evidence))\(power)"
    }

    private static func sharePhrase(_ scenario: Report.Scenario) -> String? {
        guard let shares = scenario.attribution, shares.count > 1 else {
            return scenario.attribution == nil ? "no input discrepancy is left after debiasing" : nil
        }
        // Take the largest share; between equal shares the name decides, so that the sentence is the same every time.
        guard let largest = shares.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { return nil }
        let unresolved = scenario.warnings.contains { $0.code == "discrepancy_unresolved" }
        return "\(Numbers.percent(largest.value)) of the input discrepancy is \(largest.key)"
            + (unresolved ? " (but it is not resolved)" : "")
    }

    private static func boundPhrase(_ scenario: Report.Scenario) -> String? {
        scenario.bound.map { bound in
            let guarantee = bound.guarantee == "none" ? "no guarantee" : bound.guarantee
            let value = "the bound (\(bound.form), \(guarantee)) is \(Numbers.decimal(bound.value))"
            guard let holds = bound.holds else { return value + ", on another scale than EMID" }
            return value
                + (!holds ? ", below EMID" : bound.tightness.map { ", \(Numbers.decimal($0)) times EMID" } ?? "")
        }
    }
}
