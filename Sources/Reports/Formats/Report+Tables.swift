import Information
import Studies

/// The parts of a report as tables, for every format that people read.
extension Report {
    /// A table of EMI, with one row for each set.
    func emiTable() -> TextTable {
        let hasWhitened = id.whitenedSimilarity != nil
        func row(
            _ name: String, _ count: Int?, _ groups: Int?, _ emi: EffectiveInformation?, _ cosine: Double?, _ whitened: Double?
        ) -> [String] {
            [
                name, count.map(String.init) ?? "-", groups.map(String.init) ?? "-", Numbers.optional(emi?.modelMi),
                Numbers.probability(emi?.modelMiPValue, of: settings.permutations), Numbers.optional(emi?.referenceMi),
                Numbers.probability(emi?.referenceMiPValue, of: settings.permutations), Numbers.optional(emi?.value),
                Numbers.optional(emi?.standardError),
                Numbers.interval(emi?.interval), Numbers.optional(cosine),
            ] + (hasWhitened ? [Numbers.optional(whitened)] : [])
        }
        return TextTable(
            header: [
                "set", "rows", "groups", "I(X;Yθ)", "p", "I(X;Y)", "p", "EMI", "s.e.",
                "\(Numbers.confidence(settings.confidence)) interval", "cosine",
            ] + (hasWhitened ? ["whitened"] : []),
            rows: [row("ID  \(id.name)", id.sampleCount, id.groupCount, id.emi, id.responseSimilarity, id.whitenedSimilarity)]
                + scenarios.map {
                    row("OOD \($0.name)", $0.sampleCount, $0.groupCount, $0.emi, $0.responseSimilarity, $0.whitenedSimilarity)
                },
            dispensable: ["whitened", "cosine", "groups", "s.e.", "p", "rows"])
    }

    /// The divergences of one scenario: modalities first, then the joint query, then the outputs.
    static func discrepancyTable(_ scenario: Scenario, settings: StudySettings) -> TextTable? {
        guard let discrepancies = scenario.discrepancies else { return nil }
        let special = [("joint", "joint query"), ("output_id", "outputs, ID"), ("output_ood", "outputs, OOD")]
        let names = Set(special.map(\.0))
        // `visual` and `text` come first, as everywhere; other modalities follow, sorted by name.
        let modalities = discrepancies.keys.filter { !names.contains($0) }
            .sorted { (rank($0), $0) < (rank($1), $1) }
        let hasShares = (scenario.attribution?.count ?? 0) > 1
        let hasSeparation = discrepancies.values.contains { $0.separation != nil }
        let entries = modalities.map { ($0, $0) } + special.filter { modalities.count > 1 || $0.0 != "joint" }
        return TextTable(
            header: [
                "discrepancy", "JSD", "by chance", "excess", "\(Numbers.confidence(settings.confidence)) interval", "p", "MMD p",
            ] + (hasSeparation ? ["R²"] : []) + (hasShares ? ["share"] : []),
            rows: entries.compactMap { key, title in
                discrepancies[key].map { found in
                    let share = hasShares ? [scenario.attribution?[key].map(Numbers.percent) ?? ""] : []
                    return [
                        title, Numbers.decimal(found.jsd), Numbers.optional(found.nullMean), Numbers.optional(found.excess),
                        Numbers.interval(found.interval), Numbers.probability(found.pValue, of: settings.permutations),
                        Numbers.probability(found.mmdPValue, of: settings.permutations),
                    ] + (hasSeparation ? [found.separation.map { Numbers.decimal($0) } ?? ""] : []) + share
                }
            }, dispensable: ["MMD p", "by chance", "JSD", "R²"])
    }

    private static func rank(_ modality: String) -> Int {
        ["visual", "text"].firstIndex(of: modality) ?? 2
    }

    /// All forms of the bound of one scenario.
    static func boundTable(_ scenario: Scenario, settings: StudySettings) -> TextTable? {
        guard let bounds = scenario.bounds, let gap = scenario.emid?.value else { return nil }
        return TextTable(
            header: ["bound", "value", "\(Numbers.confidence(settings.confidence)) interval", "slack", "guarantee"],
            rows: BoundForm.allCases.compactMap { form in
                bounds[form.rawValue].map { bound in
                    [
                        form.rawValue + (form.rawValue == scenario.bound?.form ? " *" : ""), Numbers.decimal(bound.value),
                        Numbers.interval(bound.interval),
                        settings.comparesGap(with: form) ? Numbers.decimal(bound.value - gap) : "other scale", bound.guarantee,
                    ]
                }
            }, dispensable: ["guarantee"])
    }
}
