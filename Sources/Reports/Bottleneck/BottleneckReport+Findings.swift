extension BottleneckReport {
    /// Sentences on what the numbers show and what they do not show.
    func makeFindings() -> [String] {
        let evidence = pValue.map { ", \(Numbers.evidence("p", $0, of: settings.permutations))" } ?? ""
        guard kept > 0, let minimal else {
            return ["Held out, the \(settings.of) tells nothing of the \(settings.for) that is resolved\(evidence)."]
        }
        let error = information.standardError.map { " ± \(Numbers.decimal($0))" } ?? ""
        var sentences = [
            "The \(settings.of) tells at least about \(Numbers.decimal(information.value))\(error) \(settings.units) of the \(settings.for), in "
                + "\(kept) direction\(kept == 1 ? "" : "s")\(evidence)."
        ]
        let all =
            settings.beta == nil && settings.rank == nil
            ? "keep all that is resolved" : "keep \(Numbers.decimal(minimal.relevance)) of it"
        sentences.append(
            "\(minimal.rank) of \(id.columns) columns \(all), for \(Numbers.decimal(minimal.rate)) \(settings.units) of the \(settings.of) "
                + "(beta \(Numbers.decimal(minimal.beta)))."
        )
        return sentences + [probeFinding, divergenceFinding].compactMap { $0 }
    }

    /// The mean over scenarios of a value of one representation.
    func mean(_ name: String, _ value: (Shifted) -> Double?) -> Double? {
        let values = scenarios.compactMap { $0.representations[name].flatMap(value) }.sorted()
        return values.isEmpty || values.count < scenarios.count ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// Whether what suffices on clean data suffices under shift too.
    private var probeFinding: String? {
        guard let raw = mean("raw", \.accuracy), let own = mean("bottleneck", \.accuracy) else { return nil }
        if raw == 0, own == 0, representations.allSatisfy({ $0.accuracy == 0 }) {
            return "No probe reads an answer: a row's answer has to stand in another group, too; --label names what answers say."
        }
        let numbers =
            "A probe of the bottleneck reads \(Numbers.percent(own)) of the answers under shift, one of all columns "
            + Numbers.percent(raw)
        // A difference below two standard errors at this number of rows supports no claim.
        let noise = 2 * (raw * (1 - raw) / Double(id.sampleCount)).squareRoot()
        return own < raw - noise
            ? numbers + ": what is sufficient on clean data is not robust."
            : numbers + "."
    }

    /// Whether a divergence falls by more than a smaller number of columns explains.
    private var divergenceFinding: String? {
        let excesses = Self.names.map { name in mean(name, \.excess) }
        guard let raw = excesses[0], let own = excesses[1], let principal = excesses[2], let random = excesses[3] else {
            return nil
        }
        let numbers =
            "Its divergence from the ID set is \(Numbers.decimal(own)), of all columns \(Numbers.decimal(raw)); of as many "
            + "principal components \(Numbers.decimal(principal)), of random ones \(Numbers.decimal(random))"
        if own >= raw { return numbers + ": it does not fall." }
        return own < min(principal, random)
            ? numbers + ": it falls by more than fewer columns alone make it fall, which does not make answers better."
            : numbers + ": fewer columns alone make it fall as much."
    }
}
