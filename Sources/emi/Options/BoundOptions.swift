import ArgumentParser
import Information
import Studies

/// Flags for the bound, the intervals, and the sets that q is fitted to.
struct BoundOptions: ParsableArguments {
    @Option(help: "The divergence that enters bounds: plugin or debiased (debiased).")
    var divergence: DivergenceChoice?
    @Option(
        help: ArgumentHelp("The form of the bound: \(BoundForm.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "form"),
        completion: .list(BoundForm.allCases.map(\.rawValue)))
    var bound: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Where entropies in the bound come from: kernel, VALUE in nats, alphabet:K, draws:K (rows with equal queries are draws), log-prob, or log-prob,alphabet:K. (default: kernel)",
            valueName: "scale"))
    var entropyScale: EntropyScale?
    @Option(
        help: ArgumentHelp("How the answers of log_prob were chosen: sampled as they were scored, or greedy.", valueName: "sampled|greedy"))
    var logProb: AnswerChoice?
    @Option(
        help: ArgumentHelp("On what q is fitted: pooled references, those of id, or a saved FILE.", valueName: "pooled|id|file"),
        completion: .file())
    var fit: String?
    @Option(help: ArgumentHelp("Save the fitted q, to apply it with --fit.", valueName: "file.safetensors"), completion: .file())
    var saveFit: String?
    @Option(parsing: .unconditional, help: "The confidence of intervals. (default: \(StudySettings().confidence))")
    var confidence: Double?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Intervals of EMI and EMID by the studentised bootstrap over groups (Student's t). (default: 0)", valueName: "resamples"))
    var bootstrap: Int?
    @Flag(help: "Use rows as they are, without dividing by their norms.")
    var noNormalize = false
    @Flag(help: "Weigh n-grams of texts by their rarity in the ID set.")
    var textIdf = false

    func validate() throws {
        if let bound { try checkName(bound, in: BoundForm.allCases.map(\.rawValue), flag: "--bound") }
        if let confidence { try checkConfidence(confidence) }
        guard let bootstrap, bootstrap != 0 else { return }
        guard (200...1_000_000).contains(bootstrap) else {
            throw ValidationError("--bootstrap: expected 0, or 200 to 1000000 resamples, found \(bootstrap)")
        }
    }

    func apply(to settings: inout StudySettings) {
        if let divergence { settings.divergence = divergence }
        if let bound { settings.bound = bound }
        if let entropyScale { settings.entropyScale = entropyScale }
        if let logProb { settings.logProb = logProb }
        if let fit { settings.fit = FitChoice(fit) }
        if let confidence { settings.confidence = confidence }
        if let bootstrap { settings.bootstrap = bootstrap > 0 ? bootstrap : nil }
        if noNormalize { settings.normalize = false }
        if textIdf { settings.textIdf = true }
    }
}
