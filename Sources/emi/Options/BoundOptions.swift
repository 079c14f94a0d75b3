import ArgumentParser
import Information
import Studies

/// The bound, the intervals, and what q is fitted to.
struct BoundOptions: ParsableArguments {
    @Option(help: "The divergence that enters bounds: plugin or debiased (debiased).")
    var divergence: DivergenceChoice?
    @Option(help: ArgumentHelp("The form of the bound: \(BoundForm.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "form"))
    var bound: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("Where entropies in the bound come from: kernel, VALUE in nats, alphabet:K, draws:K (rows with equal queries are draws), log-prob, or log-prob,alphabet:K.", valueName: "scale"))
    var entropyScale = EntropyScale.kernel
    @Option(help: ArgumentHelp("How the answers of log_prob were chosen: sampled as they were scored, or greedy.", valueName: "sampled|greedy"))
    var logProb: AnswerChoice?
    @Option(help: ArgumentHelp("On what q is fitted: pooled references, those of id, or a saved FILE.", valueName: "pooled|id|file"))
    var fit: String?
    @Option(help: ArgumentHelp("Save the fitted q, to apply it with --fit.", valueName: "file.safetensors"))
    var saveFit: String?
    @Option(parsing: .unconditional, help: "The confidence of intervals.")
    var confidence = 0.95
    @Option(parsing: .unconditional, help: ArgumentHelp("Intervals of EMI and EMID by the studentised bootstrap over groups (Student's t).", valueName: "resamples"))
    var bootstrap = 0
    @Flag(help: "Use rows as they are, without dividing by their norms.")
    var noNormalize = false
    @Flag(help: "Weigh n-grams of texts by their rarity in the ID set.")
    var textIdf = false

    func validate() throws {
        if let bound { try checkName(bound, in: BoundForm.allCases.map(\.rawValue), flag: "--bound") }
        try checkConfidence(confidence)
        guard bootstrap == 0 || (200...1_000_000).contains(bootstrap) else {
            throw ValidationError("--bootstrap: expected 0, or 200 to 1000000 resamples, found \(bootstrap)")
        }
    }

    func apply(to settings: inout StudySettings) {
        settings.divergence = divergence
        settings.bound = bound.flatMap(BoundForm.init)
        settings.entropyScale = entropyScale
        settings.logProbabilities = logProb
        settings.fit = FitChoice(fit ?? "pooled")
        settings.confidence = confidence
        settings.bootstrap = bootstrap
        settings.normalize = !noNormalize
        settings.inverseDocumentFrequency = textIdf
    }
}
