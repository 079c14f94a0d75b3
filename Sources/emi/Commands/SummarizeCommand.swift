import ArgumentParser
import EmbeddingFiles
import Reports
import Studies

/// `emi summarize`: makes a part of a set that other machines hold the rest of.
struct SummarizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summarize",
        abstract: "Sums over the rows of shards, from which emi merge gets the numbers of the whole set.",
        discussion: reflowed(
            """
            A shard is a bundle with responses and references, or one array (FILE:array or a .npy file). The part holds sums of rows and of
            their products in buckets, which a hash of the row's group (else its id, else what it holds) chooses, so the rows of a group may be
            in several shards. Parts of bundles hold some rows too (--keep), to which emi merge --save-fit fits q. With --fit, that q judges
            the rows, and the part holds sums of what they contribute to EMI.

            A part is written completely or not at all, and names its input by digest: run a task again whenever in doubt.

            EXAMPLES:
              emi summarize Fixtures/digits/clean.npz --set clean -o clean.part.safetensors
              emi summarize Fixtures/digits/frost_5.npz --set frost \\
                -o frost.part.safetensors
            """))

    @Argument(help: ArgumentHelp("The files of one shard or of several.", valueName: "shard")) var shards: [String]
    @Option(help: ArgumentHelp("The name of the set that the shards belong to.", valueName: "name")) var set: String
    @Option(help: ArgumentHelp("The q, made by emi merge --save-fit, that judges the rows.", valueName: "file")) var fit: String?
    @Option(help: groupHelp) var group: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Rows of each shard that are kept for a fit, at least 1000; those with the smallest hashes.", valueName: "count")
    )
    var keep = 2_000
    @Flag(help: "Use rows as they are, without dividing by their norms.") var noNormalize = false
    @Option(name: .shortAndLong, help: ArgumentHelp("The part, a .safetensors file.", valueName: "file")) var output: String
    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        if set.isEmpty || set.contains(where: \.isNewline) { throw ValidationError("--set: expected a name of one line, found '\(set)'") }
        if keep < 1_000 { throw ValidationError("--keep: expected at least 1000, found \(keep): answers are compared with that many rows") }
        if !output.hasSuffix(".safetensors") {
            throw ValidationError("-o: expected the extension .safetensors, found '\(output)'")
        }
        try checkOutputs([output], against: shards + [fit].compactMap { $0 })
    }

    func run() throws {
        try reportingErrors {
            var settings = StudySettings()
            common.apply(to: &settings)
            settings.normalize = !noNormalize
            let plan = SummaryPlan(
                set: set, groupKey: group, keptRowLimit: keep, fitFile: fit, settings: settings, threadCount: common.threadCount)
            let (part, repeated) = try plan.part(of: shards)
            if repeated > 0 {
                common.note("note (repeated_shards): \(repeated) of \(shards.count) shards are copies of others and count once")
            }
            try part.save(to: output)
            common.note(
                "\(part.rowCount) rows of \(part.inputs.count) \(part.inputs.count == 1 ? "shard" : "shards") of '\(set)' in \(output)")
        }
    }
}
