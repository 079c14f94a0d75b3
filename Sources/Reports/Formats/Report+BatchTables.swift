import Information
import Statistics

/// The parts of a batch as tables.
extension Report {
    /// A table with one row for each scenario, the largest loss of EMI first and scenarios without results last.
    func scenarioTable() -> TextTable {
        let hasKinds = scenarios.contains { $0.kind != nil }
        let hasScores = scenarios.contains { $0.score != nil }
        let hasWhitened = id.whitenedSimilarity != nil
        let hasQValues = scenarios.contains { $0.emid?.qValue != nil }
        let hasShares = scenarios.contains { ($0.attribution?.count ?? 0) > 1 }
        func line(
            _ name: String, _ kind: String?, _ count: Int?, _ emi: Double?, _ gap: Gap?, _ share: String?, _ bound: String?,
            _ cosines: [Double?], _ score: Double?
        ) -> [String] {
            [name] + (hasKinds ? [kind ?? ""] : [])
                + [
                    count.map(String.init) ?? "-", Numbers.optional(emi), Numbers.optional(gap?.value),
                    Numbers.interval(gap?.interval),
                ] + (hasQValues ? [Numbers.probability(gap?.qValue)] : []) + (hasShares ? [share ?? "-"] : [])
                + [bound ?? "-"] + cosines.prefix(hasWhitened ? 2 : 1).map { Numbers.optional($0) }
                + (hasScores ? [Numbers.optional(score)] : [])
        }
        let header =
            ["scenario"] + (hasKinds ? ["kind"] : [])
            + ["rows", "EMI", "EMID", "\(Numbers.confidence(settings.confidence)) interval"] + (hasQValues ? ["q"] : [])
            + (hasShares ? ["largest share"] : []) + ["bound", "cosine"] + (hasWhitened ? ["whitened"] : []) + (hasScores ? ["score"] : [])
        let own = line(
            "ID \(id.name)", "", id.sampleCount, id.emi.value, nil, "", nil, [id.responseSimilarity, id.whitenedSimilarity], id.score)
        let rows = worstFirst.map { scenario in
            line(
                scenario.name, scenario.kind, scenario.sampleCount, scenario.emi?.value, scenario.emid,
                Self.largestShare(scenario), scenario.bound.map { Numbers.decimal($0.value) + ($0.holds == false ? " < EMID" : "") },
                [scenario.responseSimilarity, scenario.whitenedSimilarity],
                scenario.score)
        }
        return TextTable(
            header: header, rows: [own] + rows,
            dispensable: ["whitened", "cosine", "rows", "score", "kind", "largest share", "EMI", "bound"])
    }

    /// The scenarios sorted by EMID, the largest first; between equal ones the name decides.
    var worstFirst: [Scenario] {
        scenarios.sorted { left, right in
            switch (left.emid?.value, right.emid?.value) {
            case (let a?, let b?): a == b ? left.name < right.name : a > b
            case (.some, nil): true
            case (nil, .some): false
            case (nil, nil): left.name < right.name
            }
        }
    }

    static func largestShare(_ scenario: Scenario) -> String? {
        guard let shares = scenario.attribution, shares.count > 1,
            let largest = shares.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })
        else { return nil }
        return "\(largest.key) \(Numbers.percent(largest.value))"
    }

    /// A table with one row for each kind of scenario; nil when there are no kinds.
    func kindTable() -> TextTable? {
        guard let kinds = summary.byKind else { return nil }
        let hasScores = kinds.contains { $0.scoreMean != nil }
        let hasTests = kinds.contains { $0.resolvedCount != nil }
        let hasTightness = kinds.contains { $0.tightnessMedian != nil }
        let hasFailures = kinds.contains { $0.failedCount > 0 }
        return TextTable(
            header: ["kind", "scenarios"] + (hasFailures ? ["failed"] : []) + (hasTests ? ["q ≤ 0.05"] : [])
                + ["mean EMI", "mean EMID", "mean bound"] + (hasTightness ? ["median bound/EMID"] : []) + (hasScores ? ["mean score"] : []),
            rows: kinds.map { kind in
                [kind.kind, "\(kind.count)"] + (hasFailures ? ["\(kind.failedCount)"] : [])
                    + (hasTests ? [kind.resolvedCount.map(String.init) ?? "-"] : [])
                    + [Numbers.optional(kind.emiMean), Numbers.optional(kind.emidMean), Numbers.optional(kind.boundMean)]
                    + (hasTightness ? [Numbers.optional(kind.tightnessMedian)] : [])
                    + (hasScores ? [Numbers.optional(kind.scoreMean)] : [])
            }, dispensable: ["mean score", "median bound/EMID", "mean bound", "mean EMI"])
    }

    /// A table with one row for each correlation across scenarios; nil when there are none.
    func correlationTable() -> TextTable? {
        var rows: [[String]] = []
        func add(_ title: String, _ found: Correlations?) {
            guard let found else { return }
            rows.append([
                title, "\(found.count)", Numbers.decimal(found.pearson), Numbers.interval(found.pearsonInterval),
                Numbers.probability(found.pearsonPValue), Numbers.decimal(found.spearman), Numbers.decimal(found.kendall),
            ])
        }
        add("EMI and score", summary.emiVsScore)
        add("cosine and score", summary.responseSimilarityVsScore)
        add("whitened cosine and score", summary.whitenedSimilarityVsScore)
        for (name, found) in (summary.scores ?? [:]).sorted(by: { $0.key < $1.key }) {
            add("EMI and \(name)", found.emiVsScore)
            add("cosine and \(name)", found.responseSimilarityVsScore)
        }
        for form in BoundForm.allCases.map(\.rawValue) { add("EMID and bound \(form)", summary.emidVsBounds?[form]) }
        guard !rows.isEmpty else { return nil }
        return TextTable(
            header: [
                "correlation", "points", "Pearson", "\(Numbers.confidence(settings.confidence)) interval", "p", "Spearman",
                "Kendall",
            ], rows: rows, dispensable: ["Kendall", "Spearman", "points"])
    }
}
