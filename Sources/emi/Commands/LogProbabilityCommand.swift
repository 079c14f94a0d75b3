import ArgumentParser
import EmbeddingFiles
import Reports
import Studies

/// `emi logprobs`: EMI from the log-probabilities that a language model gives to answers.
struct LogProbabilityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logprobs",
        abstract: "EMI from a language model's log-probabilities of answers (R-EMID), with standard errors.",
        discussion: reflowed(
            """
            A file holds a matrix L[i, j] = ln p(answer j | query i) for the model's answers ('response') and one for the references
            ('reference'), n x n over the same items: .npz, .safetensors, or one matrix a file (.npy). Information is the mean of the
            diagonal less the mean beside it. The diagonal has to be complete; beside it nan marks pairs that were not scored, and a random
            sample of pairs is enough. EMI is that of responses less that of references, EMID the EMI of the ID set less that of a shift.

            Standard errors count an item as query and as answer, and items of one group together (an array 'group'). With 'group' or 'id',
            items that two sets share are compared with themselves. No embeddings are needed, and no bound is given.

            EXAMPLES:
              emi logprobs --id clean.npz --ood frost.npz --ood fog.npz
              emi logprobs --id answers.npy --id-reference references.npy --per token
              emi logprobs --id clean.npz --ood frost.npz -o logprobs.json -o -
            """))

    @Option(
        help: ArgumentHelp("The log-probabilities of the ID set: response and reference, or response alone.", valueName: "file"),
        completion: .file())
    var id: String
    @Option(
        name: .customLong("id-reference"), help: ArgumentHelp("Those of its references, in a file of their own.", valueName: "file"),
        completion: .file())
    var idReference: String?
    @Option(help: ArgumentHelp("The same of a shift; may be repeated.", valueName: "file"), completion: .file()) var ood: [String] = []
    @Option(
        name: .customLong("ood-reference"),
        help: ArgumentHelp("As --id-reference, once for each --ood, in their order.", valueName: "file"),
        completion: .file())
    var oodReference: [String] = []
    @Option(help: groupHelp) var group: String?
    @Option(help: "What a log-probability is of: an answer (the sum over its tokens) or a token (their mean). It only names the unit.")
    var per = LogProbabilityReport.Scale.answer
    @Option(parsing: .unconditional, help: "The confidence of intervals.") var confidence = 0.95
    @OptionGroup(title: "Output") var outputs: FormattedOutputs<LogProbabilityFormat>
    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        try checkConfidence(confidence)
        guard oodReference.isEmpty || oodReference.count == ood.count else {
            throw ValidationError("--ood-reference: expected one for each --ood, \(ood.count), found \(oodReference.count)")
        }
        try outputs.check(against: files)
    }

    private var files: [String] { [id] + [idReference].compactMap { $0 } + ood + oodReference }

    func run() throws {
        try reportingErrors {
            let shifts = ood.enumerated().map { index, file in
                LogProbabilitySource(file: file, reference: oodReference.isEmpty ? nil : oodReference[index])
            }
            let result = try runLogProbabilities(
                id: LogProbabilitySource(file: id, reference: idReference), shifts: shifts, group: group, confidence: confidence)
            var report = LogProbabilityReport(result, scale: per, confidence: confidence, unit: common.units ?? .nats)
            report.environment = common.environment
            report.provenance = Report.Provenance(fileDigests(files, threadCount: common.threadCount))
            try outputs.write { format, _ in try report.rendered(format) }
        }
    }
}

extension LogProbabilityReport.Scale: ExpressibleByArgument {}
extension LogProbabilityFormat: ExpressibleByArgument {}
