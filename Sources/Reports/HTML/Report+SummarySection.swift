extension Report {
    /// What the report says, in sentences and in a few large numbers.
    var summarySection: PageSection {
        PageSection(sentences: verdicts, remark: boundStatement, tiles: tiles)
    }

    private var tiles: [PageSection.Tile] {
        let counts = Dictionary(grouping: scenarios, by: ScenarioResult.init).mapValues(\.count)
        var tiles: [PageSection.Tile] = []
        if scenarios.count > 1 {
            let test = scenarios.contains { $0.emid?.qValue != nil } ? "interval without 0 and q ≤ 0.05" : "interval without 0"
            tiles.append(
                PageSection.Tile(
                    name: "Resolved losses", value: "\(counts[.fell] ?? 0)", detail: "of \(scenarios.count), \(test)", style: "fell"))
            tiles.append(PageSection.Tile(name: "Resolved gains", value: "\(counts[.rose] ?? 0)", detail: "likewise", style: "rose"))
            let open = (counts[.unresolved] ?? 0) + (counts[.unmeasured] ?? 0)
            tiles.append(PageSection.Tile(name: "Not resolved", value: "\(open)", detail: "no claim either way", style: "unresolved"))
            if let failed = counts[.failed] {
                tiles.append(PageSection.Tile(name: "Failed", value: "\(failed)", detail: "without numbers", style: "failed"))
            }
            let broken = scenarios.count { $0.bound?.holds == false }
            if broken > 0 {
                tiles.append(
                    PageSection.Tile(
                        name: "Bounds below EMID", value: "\(broken)", detail: "of \(scenarios.count): their terms are estimates",
                        style: "failed"))
            }
            if let worst = worstFirst.first, let gap = worst.emid, gap.value > 0 {
                tiles.append(
                    PageSection.Tile(
                        name: "Largest loss", value: Numbers.decimal(gap.value).withMinusSigns,
                        detail: "\(settings.units), in \(worst.name)"))
            }
        } else if let scenario = scenarios.first {
            tiles.append(
                PageSection.Tile(
                    name: "EMID", value: Numbers.optional(scenario.emid?.value).withMinusSigns,
                    detail: Numbers.interval(scenario.emid?.interval).withMinusSigns, style: ScenarioResult(scenario).rawValue))
            if let bound = scenario.bound {
                tiles.append(
                    PageSection.Tile(
                        name: "Bound, \(bound.form)", value: Numbers.decimal(bound.value).withMinusSigns,
                        detail: (bound.guarantee == "none" ? "no guarantee" : bound.guarantee)
                            + (bound.holds == false ? ", below EMID" : ""),
                        style: bound.holds == false ? "failed" : ""))
            }
        }
        if scenarios.count < 2 {
            tiles.append(
                PageSection.Tile(
                    name: "EMI of \(id.name)", value: Numbers.decimal(id.emi.value).withMinusSigns,
                    detail: Numbers.interval(id.emi.interval).withMinusSigns))
        }
        let correlations = [
            ("EMI and score", summary.emiVsScore), ("Cosine and score", summary.responseSimilarityVsScore),
            ("Whitened cosine and score", summary.whitenedSimilarityVsScore),
        ]
        for (name, found) in correlations {
            guard let found else { continue }
            tiles.append(
                PageSection.Tile(
                    name: name, value: Numbers.decimal(found.pearson).withMinusSigns,
                    detail: "Pearson \(Numbers.interval(found.pearsonInterval)), \(found.count) sets".withMinusSigns))
        }
        return tiles
    }
}

extension String {
    /// The text with a minus sign instead of each hyphen that begins a number.
    var withMinusSigns: String {
        guard contains("-") else { return self }
        var result = ""
        var previous: Character = " "
        let characters = Array(self)
        for (index, character) in characters.enumerated() {
            let isMinus = character == "-" && index + 1 < characters.count && characters[index + 1].isNumber && " [(".contains(previous)
            result.append(isMinus ? "−" : character)
            previous = character
        }
        return result
    }
}
