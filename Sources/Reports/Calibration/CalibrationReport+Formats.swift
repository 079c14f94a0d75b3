extension CalibrationReport {
    /// GitHub's Markdown in at most `byteLimit` bytes, with the sentences and the table of sets first.
    func markdown(byteLimit: Int) -> String {
        var parts = ["### emi calibrate: \(id.name.markdownText)\n", verdicts.map { "**\($0.markdownText)**\n" }.joined(separator: "\n")]
        let lines = remarks.map { "- \($0.markdownText)\n" } + shownNotes.map { "- `\($0.code)`: \($0.text.markdownText)\n" }
        let tail = lines.joined()
        var left = byteLimit - (parts.joined(separator: "\n") + tail).utf8.count - 200
        for (title, table) in tables where !table.rows.isEmpty {
            let found = table.markdown(byteLimit: left - title.utf8.count - 80)
            let more = found.omittedCount > 0 ? "… and \(found.omittedCount) more rows, which are in the full report.\n" : ""
            let part = "#### \(title.markdownText)\n\n\(found.text)\(more)"
            guard part.utf8.count < left else { break }
            left -= part.utf8.count + 1
            parts.append(part)
        }
        return (parts + (tail.isEmpty ? [] : [tail])).joined(separator: "\n")
    }

    /// A row for each set, with numbers in full precision and empty fields for absent values.
    var csv: String {
        let header = [
            "set", "kind", "status", "rows_read", "rows_used", "groups", "accuracy", "accuracy_low", "accuracy_high", "accuracy_of_all",
            "confidence", "gap", "gap_se", "gap_low", "gap_high", "ece", "ece_over", "ece_under", "ece_chance", "ece_excess", "ece_low",
            "ece_high", "ece_mass", "ece_mass_excess", "ce2", "ce2_se", "smece", "brier", "brier_miscalibration", "brier_discrimination",
            "brier_uncertainty", "log_loss", "certain_and_wrong", "auroc", "aurc", "eaurc", "naurc", "augrc", "coverage_at_risk_5",
            "spiegelhalter_z", "spiegelhalter_p", "skce", "skce_p", "nll", "temperature", "temperature_low", "temperature_high",
            "ln_ratio", "ln_ratio_p", "regret", "gap_at_reference", "ece_at_reference", "gap_change", "gap_change_se", "gap_change_p",
            "gap_change_q", "smallest_gap_change", "abstention_recall", "over_abstention", "error",
        ]
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        func count(_ value: Int?) -> String { value.map { "\($0)" } ?? "" }
        let rows = sets.map { set -> [String] in
            let (gap, ece, brier) = (set.gap, set.ece, set.brier)
            var row = [set.name, set.kind ?? "", set.status, count(set.rows?.read), count(set.rows?.used), count(set.groups)]
            row += [set.accuracy?.value, set.accuracy?.interval?.first, set.accuracy?.interval?.last, set.accuracyOfAll?.value].map(number)
            row += [set.confidence?.value, gap?.value, gap?.standardError, gap?.interval?.first, gap?.interval?.last].map(number)
            row += [ece?.value, ece?.over, ece?.under, ece?.chance, ece?.excess, ece?.interval?.first, ece?.interval?.last].map(number)
            row += [set.eceMass?.value, set.eceMass?.excess, set.ce2?.value, set.ce2?.standardError, set.smece].map(number)
            row += [brier?.value, brier?.miscalibration, brier?.discrimination, brier?.uncertainty, set.logLoss?.value].map(number)
            row += [count(set.certainAndWrong)]
            row += [set.auroc?.value, set.selective?.aurc, set.selective?.eaurc, set.selective?.naurc, set.selective?.augrc].map(number)
            row += [set.selective?.coverageAtRisk["r05"], set.tests?.spiegelhalter?.z, set.tests?.spiegelhalter?.pValue].map(number)
            row += [set.tests?.skce?.value, set.tests?.skce?.pValue, set.options?.nll.value].map(number)
            let temperature = set.temperature
            row += [temperature?.value, temperature?.interval?.first, temperature?.interval?.last].map(number)
            row += [temperature?.lnRatio?.value, temperature?.lnRatio?.pValue, temperature?.regret?.value].map(number)
            row += [temperature?.atReference?.gap.value, temperature?.atReference?.ece].map(number)
            let change = set.change?.gap
            row += [change?.value, change?.standardError, change?.pValue, change?.qValue, change?.smallest].map(number)
            row += [set.idk?.abstentionRecall?.value, set.idk?.overAbstention?.value].map(number)
            return row + [set.error?.message.withoutControls ?? ""]
        }
        return csvText([header] + rows)
    }
}
