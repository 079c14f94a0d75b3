extension Report {
    /// What the report says, in sentences and in a few large numbers.
    var summarySection: PageSection {
        let sentences = verdicts.map { sentence -> Markup in "<p class=\"verdict\">\(sentence.withMinusSigns)</p>\n" }
        let statement = boundStatement.map { text -> Markup in "<p>\(text)</p>\n" }
        let tiles = tiles.map { tile -> Markup in
            "<div class=\"tile \(tile.style)\"><dt>\(tile.name)</dt><dd>\(tile.value)<small>\(tile.detail)</small></dd></div>\n"
        }
        return PageSection(
            id: "summary", title: "What it shows", link: "Summary",
            body: "\(sentences)\(statement.map { [$0] } ?? [])<dl class=\"tiles\">\n\(tiles)</dl>\n")
    }

    private struct Tile {
        let name: String
        let value: String
        let detail: String
        var style = ""
    }

    private var tiles: [Tile] {
        let counts = Dictionary(grouping: scenarios, by: ScenarioResult.init).mapValues(\.count)
        var tiles: [Tile] = []
        if scenarios.count > 1 {
            let test = scenarios.contains { $0.emid?.qValue != nil } ? "interval without 0 and q ≤ 0.05" : "interval without 0"
            tiles.append(
                Tile(name: "Resolved losses", value: "\(counts[.fell] ?? 0)", detail: "of \(scenarios.count), \(test)", style: "fell"))
            tiles.append(Tile(name: "Resolved gains", value: "\(counts[.rose] ?? 0)", detail: "likewise", style: "rose"))
            let open = (counts[.unresolved] ?? 0) + (counts[.unmeasured] ?? 0)
            tiles.append(Tile(name: "Not resolved", value: "\(open)", detail: "no claim either way", style: "unresolved"))
            if let failed = counts[.failed] {
                tiles.append(Tile(name: "Failed", value: "\(failed)", detail: "without numbers", style: "failed"))
            }
            if let worst = worstFirst.first, let gap = worst.emid, gap.value > 0 {
                tiles.append(
                    Tile(
                        name: "Largest loss", value: Numbers.decimal(gap.value).withMinusSigns,
                        detail: "\(settings.units), in \(worst.name)"))
            }
        } else if let scenario = scenarios.first {
            tiles.append(
                Tile(
                    name: "EMID", value: Numbers.optional(scenario.emid?.value).withMinusSigns,
                    detail: Numbers.interval(scenario.emid?.interval).withMinusSigns, style: ScenarioResult(scenario).rawValue))
            if let bound = scenario.bound {
                tiles.append(
                    Tile(
                        name: "Bound, \(bound.form)", value: Numbers.decimal(bound.value).withMinusSigns,
                        detail: bound.guarantee == "none" ? "no guarantee" : bound.guarantee))
            }
        }
        if scenarios.count < 2 {
            tiles.append(
                Tile(
                    name: "EMI of \(id.name)", value: Numbers.decimal(id.emi.value).withMinusSigns,
                    detail: Numbers.interval(id.emi.interval).withMinusSigns))
        }
        for (name, found) in [("EMI and score", summary.emiVsScore), ("Cosine and score", summary.responseSimilarityVsScore)] {
            guard let found else { continue }
            tiles.append(
                Tile(
                    name: name, value: Numbers.decimal(found.pearson).withMinusSigns,
                    detail: "Pearson \(Numbers.interval(found.pearsonInterval)), \(found.count) sets".withMinusSigns))
        }
        return tiles
    }
}

extension String {
    /// Hyphens before digits as minus signs, where they start a number.
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
