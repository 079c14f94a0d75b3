import Studies

extension EntropyScale {
    /// The source of the entropies, in words.
    ///
    /// - Parameter logProb: `sampled` or `greedy`, for log probabilities.
    func source(_ logProb: String?) -> String {
        func alphabet(_ count: Int) -> String { "ln \(count)" }
        switch self {
        case .kernel: return "von Neumann entropies of all references and of all responses under the kernel"
        case .value: return "given"
        case .alphabet(let count): return "\(alphabet(count)) each for reference and response"
        case .draws(let count):
            return
                "the largest entropy over queries of the counted responses, with ln(1 + (K - 1)/k) for what k draws leave out, a deviation "
                + "at the confidence of the run, and \(alphabet(count)) at most; \(alphabet(count)) for references"
        case .logProbability(let count):
            return "the largest mean over queries of -log_prob of \(logProb ?? "greedy") responses; "
                + (count.map { "\(alphabet($0)) for references" } ?? "the von Neumann entropy of all references")
        }
    }
}

extension Report {
    /// The entropy scale, and in words where it comes from.
    var entropyWords: String {
        "\(settings.entropyScale.text): \(settings.entropyScale.source(settings.logProb?.rawValue))"
    }

    /// A sentence that says which entropies the selected bound uses; nil when it uses none.
    var entropyStatement: String? {
        let scales = scenarios.compactMap { $0.bound?.entropyScale }
        guard let least = scales.min(), let most = scales.max() else { return nil }
        let (low, high) = (Numbers.decimal(least), Numbers.decimal(most))
        return "Entropies in the bound: \(low == high ? low : "\(low) to \(high)") \(settings.units), by \(entropyWords)."
    }
}
