extension Report {
    /// The report as CSV: one row for each scenario (or one for the ID set alone), with numbers in full precision and absent values empty.
    var csv: String {
        let modalities = Set(scenarios.flatMap { $0.discrepancies.map { Array($0.keys) } ?? [] }).sorted()
        let forms = Set(scenarios.flatMap { $0.bounds.map { Array($0.keys) } ?? [] }).sorted()
        let header =
            [
                "id", "ood", "status", "units", "rows_id", "rows_ood", "emi_id", "emi_id_se", "emi_ood", "emi_ood_se", "emid",
                "emid_se", "emid_low", "emid_high", "emid_p", "similarity_id", "similarity_ood", "kind", "emid_q", "score_id",
                "score_ood", "auroc", "estimator", "seed", "error",
            ] + modalities.flatMap { ["jsd_\($0)", "excess_\($0)", "p_\($0)"] } + forms.map { "bound_\($0)" }
            + forms.map { "guarantee_\($0)" } + ["emid_smallest_detectable", "model_mi_p_ood", "reference_mi_p_ood"]
            + modalities.flatMap { ["excess_low_\($0)", "excess_high_\($0)", "mmd_p_\($0)"] }
            + forms.flatMap { ["bound_low_\($0)", "bound_high_\($0)"] } + [
                "bound_form", "tightness", "entropy_scale", "entropy_scale_from", "scale", "whitened_similarity_id",
                "whitened_similarity_ood", "emid_ceiling", "table_emid", "table_bound",
            ] + modalities.map { "separation_\($0)" }
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        let run = [settings.estimator, "\(settings.seed)"]
        let own =
            [id.name, "", "ok", settings.units.rawValue, "\(id.sampleCount)", "", number(id.emi.value), number(id.emi.standardError)]
            + [String](repeating: "", count: 7) + [number(id.responseSimilarity), "", "", "", number(id.score), "", ""] + run
        let padding = [String](repeating: "", count: header.count - own.count)
        var rows = scenarios.map { scenario -> [String] in
            let found = scenario.discrepancies ?? [:]
            return [
                id.name, scenario.name, scenario.status, settings.units.rawValue, "\(id.sampleCount)",
                scenario.sampleCount.map(String.init) ?? "", number(id.emi.value), number(id.emi.standardError),
                number(scenario.emi?.value), number(scenario.emi?.standardError), number(scenario.emid?.value),
                number(scenario.emid?.standardError), number(scenario.emid?.interval?.first),
                number(scenario.emid?.interval?.last), number(scenario.emid?.pValue), number(id.responseSimilarity),
                number(scenario.responseSimilarity), scenario.kind ?? "", number(scenario.emid?.qValue), number(id.score),
                number(scenario.score), number(scenario.rows?.auroc),
            ] + run + [scenario.error?.message ?? ""]
                + modalities.flatMap { [number(found[$0]?.jsd), number(found[$0]?.excess), number(found[$0]?.pValue)] }
                + forms.map { number(scenario.bounds?[$0]?.value) } + forms.map { scenario.bounds?[$0]?.guarantee ?? "" }
                + [scenario.emid?.smallestDetectable, scenario.emi?.modelMiPValue, scenario.emi?.referenceMiPValue].map(number)
                + modalities.flatMap { key in
                    [found[key]?.interval?.first, found[key]?.interval?.last, found[key]?.mmdPValue].map(number)
                }
                + forms.flatMap { form in
                    [scenario.bounds?[form]?.interval?.first, scenario.bounds?[form]?.interval?.last].map(number)
                }
                + [
                    scenario.bound?.form ?? "", number(scenario.bound?.tightness), number(scenario.bound?.entropyScale),
                    scenario.bound == nil ? "" : settings.entropyScale.text, id.emi.scale ?? "", number(id.whitenedSimilarity),
                    number(scenario.whitenedSimilarity), number(scenario.emid?.ceiling), number(scenario.tables?.emid),
                    number(scenario.tables?.bound),
                ] + modalities.map { number(found[$0]?.separation) }
        }
        if rows.isEmpty { rows = [own + padding] }
        return csvText([header] + rows)
    }
}

/// Records as CSV text, as RFC 4180 defines it.
///
/// Names come from files, and a spreadsheet runs a cell that starts like a formula: such texts get an apostrophe before them, as OWASP
/// advises, which spreadsheets take for "this is a text". Numbers stay as they are. Control characters are shown as everywhere.
func csvText(_ records: [[String]]) -> String {
    records.map { $0.map(\.csvField).joined(separator: ",") + "\r\n" }.joined()
}

extension String {
    /// The text as a field of a CSV record, quoted if it has to be.
    fileprivate var csvField: String {
        let isFormula = first.map { "=+-@\t\r".contains($0) } == true && Double(self) == nil
        let text = (isFormula ? "'" : "") + withoutControls
        return text.contains(where: { ",\"".contains($0) }) ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}
