import ArgumentParser
import EmbeddingFiles
import Studies

/// Flags for reading confidences.
struct ConfidenceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A table of right answers: id, answer, options (their number).", valueName: "file"), completion: .file())
    var answers: String?
    @Option(help: "What option scores are: loglikelihood, loss, logit or probability (what their signs and 'acc' say).")
    var scores: ConfidenceTable.ScoreKind?
    @Option(help: ArgumentHelp("The column of confidences, under another name than 'confidence'.", valueName: "name"))
    var score: String?
    @Option(help: ArgumentHelp("The column that clusters rows, under another name than 'group'.", valueName: "name"))
    var group: String?
    @Flag(help: "Count rows at fault and go on, instead of refusing the file.")
    var skipBad = false
    @Option(help: ArgumentHelp("The beginning of an answer that abstains, beside the usual ones; may be repeated.", valueName: "text"))
    var abstainPattern: [String] = []
    @Option(help: "Divide log-likelihoods of options by their length in characters, as lm-eval's acc_norm does: length.")
    var normalise: Normalisation?

    /// What the scores of answer options are divided by.
    enum Normalisation: String, ExpressibleByArgument, CaseIterable { case length }

    func apply(to settings: inout CalibrationSettings) {
        settings.request.answers = answers
        settings.request.scoreKind = scores
        settings.request.confidenceKey = score
        settings.request.skipsFaults = skipBad
        settings.request.abstentions = abstainPattern
        settings.request.normalisesByLength = normalise == .length
    }
}

/// Flags for measuring calibration.
struct CalibrationOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Bins of equal width and of equal size.", valueName: "count"))
    var bins = 10
    @Option(parsing: .unconditional, help: "The confidence of intervals.")
    var confidence = 0.95
    @Option(parsing: .unconditional, help: ArgumentHelp("Patterns of signs of the kernel test; 0 leaves it out.", valueName: "count"))
    var draws = 999
    @Option(parsing: .unconditional, help: "The seed of every random step.")
    var seed: UInt64 = 0
    @Option(help: "paper: the published measure of arXiv 2412.14660, with what it drops counted.")
    var compat: Compatibility?
    @Option(help: ArgumentHelp("The same items with the image taken away.", valueName: "file"), completion: .file())
    var textOnly: String?
    @Option(help: ArgumentHelp("The same items with the text taken away.", valueName: "file"), completion: .file())
    var imageOnly: String?

    /// The published code whose numbers to reproduce.
    enum Compatibility: String, ExpressibleByArgument, CaseIterable { case paper }

    func validate() throws {
        if !(1...1_000).contains(bins) { throw ValidationError("--bins: expected 1 to 1000, found \(bins)") }
        try checkConfidence(confidence)
        if !(0...1_000_000).contains(draws) { throw ValidationError("--draws: expected 0 to 1000000, found \(draws)") }
        if compat == .paper, bins != 10 { throw ValidationError("--bins: expected 10 with --compat paper, found \(bins)") }
    }

    func apply(to settings: inout CalibrationSettings) {
        (settings.binCount, settings.confidence, settings.draws, settings.seed) = (bins, confidence, draws, seed)
        settings.followsPaper = compat == .paper
    }
}

/// Flags for applying a temperature fitted on one set to another.
struct RecalibrationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Keep the first set's temperature, or Platt's parameters, in a file.", valueName: "file"), completion: .file())
    var saveTemperature: String?
    @Option(help: ArgumentHelp("Hold every set against a temperature that was kept.", valueName: "file"), completion: .file())
    var apply: String?
    @Option(
        help: ArgumentHelp("Write the first set's rows with the confidences that --apply gives them, as JSON lines.", valueName: "file"),
        completion: .file())
    var recalibrated: String?
}
