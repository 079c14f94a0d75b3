import ArgumentParser
import EmbeddingFiles
import Reports
import Studies

/// `emi attribute`: finds pairs that look misaligned, that help or harm a set, or that caused wrong answers.
struct AttributeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attribute",
        abstract: "Which rows: pairs that look misaligned, pairs that help or harm, pairs behind wrong answers.",
        discussion: reflowed(
            """
            PAIRS is any set that emi reads: two embeddings (or texts) a row that should belong together, such as image and caption,
            prompt and answer, answer and reference. Every pair is scored by a head that was fitted without it and held against decoys
            (right sides of other rows): p says how often a random partner does as well, 'unrelated' about how likely the pair is no
            better than one, q confirms pairs as related. Nothing here says that a pair is wrong: near misses look related.

            With --validation, a set of clean pairs, every pair has an influence: the change of the validation loss when it is removed,
            predicted for all pairs at once and measured by a refit without the worst. Below 0: removing the pair lowers the loss.
            With --trace, a set of queries with their right answers, wrong answers of the head are traced back to the pairs whose
            removal moves the answer most towards the right one, and measured by a refit without them.

            With --of MANIFEST, as 'emi batch' has it: the rows of each scenario by their part of EMID, which add up to it, beside what
            the detector says of queries with the model's answers.

            EXAMPLES:
              emi attribute Fixtures/pairs/digits.jsonl
              emi attribute Fixtures/pairs/digits.jsonl \\
                --validation Fixtures/pairs/digits_clean.jsonl --rank 16
              emi attribute Fixtures/digits/clean.npz \\
                --left text --right response -o rows.csv -o rows.html
              emi attribute --of Fixtures/digits/manifest.yaml --only normal_English
            """))

    @Argument(help: ArgumentHelp("The pairs: a bundle, a folder, or a file of texts.", valueName: "pairs")) var pairs: String?
    @OptionGroup(title: "Sides and groups") var sides: PairOptions
    @Option(
        help: ArgumentHelp("Clean pairs with the same sides, whose loss decides what helps and what harms.", valueName: "set"),
        completion: .file())
    var validation: String?
    @Option(
        help: ArgumentHelp("Queries with their right answers, of which wrongly answered ones are traced.", valueName: "set"),
        completion: .file())
    var trace: String?
    @Option(
        help: ArgumentHelp("With --trace: what may be answered (the right sides of the queries).", valueName: "set"), completion: .file())
    var candidates: String?
    @Option(
        name: .customLong("of"),
        help: ArgumentHelp("In the place of PAIRS: for each scenario of a manifest the rows that carry its loss.", valueName: "manifest"),
        completion: .file())
    var manifest: String?
    @OptionGroup(title: "With --of") var choice: ScenarioChoice
    @OptionGroup(title: "Scores") var options: AttributionOptions
    @OptionGroup(title: "Output") var outputs: FormattedOutputs<AttributionFormat>
    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        if manifest != nil {
            let others = [pairs, validation, trace, candidates, sides.left, sides.right, sides.group].compactMap { $0 }
            if let other = others.first {
                throw ValidationError("--of: expected a manifest alone, found '\(other)' beside it")
            }
            return try outputs.check(against: [manifest].compactMap { $0 })
        }
        if !(choice.only + choice.skip).isEmpty { throw ValidationError("--only, --skip: expected --of MANIFEST beside them, found none") }
        if pairs == nil, sides.left == nil || sides.right == nil {
            throw ValidationError("expected PAIRS, or --left FILE with --right FILE, found neither")
        }
        if candidates != nil, trace == nil { throw ValidationError("--candidates: expected --trace QUERIES beside it, found none") }
        if options.relative, validation == nil { throw ValidationError("--relative: expected --validation SET beside it, found none") }
        if options.relative, options.rank > 32 {
            throw ValidationError("--relative: expected --rank of at most 32, whose curvature fits into memory, found \(options.rank)")
        }
        try outputs.check(against: sources.paths)
    }

    private var sources: AttributionSources {
        AttributionSources(
            pairs: sides.source(pairs), validation: validation.map(sides.other), queries: trace.map(sides.other),
            candidates: candidates.map(sides.other))
    }

    func run() throws {
        try reportingErrors {
            if let manifest { return try run(manifest) }
            let settings = options.settings(seed: common.seed ?? 0)
            let progress = Progress(quiet: common.quiet)
            let phases = ["detector"] + (validation != nil || trace != nil ? ["influences"] : []) + (trace != nil ? ["wrong answers"] : [])
            let result = try runAttribution(sources, settings: settings, threadCount: common.threadCount) { phase in
                progress.show("attribute", done: (phases.firstIndex(of: phase) ?? 0) + 1, of: phases.count)
            }
            progress.finish()
            var report = AttributionReport(result, settings: settings, environment: common.environment)
            report.provenance = Report.Provenance(fileDigests(result.files, threadCount: common.threadCount))
            if !outputs.targets.contains(where: { [.text, .markdown, .html].contains($0.format) }) {
                for note in report.notes { common.note("note (\(note.code)): \(note.text)") }
            }
            try outputs.write { format, _ in try report.rendered(format) }
        }
    }
}

extension AttributeCommand {
    /// Reports the rows of a manifest's scenarios that carry a loss, under the manifest's settings.
    private func run(_ path: String) throws {
        let manifest = try readManifest(path)
        var settings = try StudySettings(manifest)
        common.apply(to: &settings)
        // A report of rows needs neither tests nor divergences.
        settings.permutations = 0
        let study = Study(manifest, settings: settings, threadCount: common.threadCount)
        try choice.check(manifest)
        let chosen = choice.chosen(manifest)
        let progress = Progress(quiet: common.quiet)
        let prepared = try study.prepared { read, all in progress.show("reading", done: read, of: all) }
        let attribution = options.settings(seed: settings.seed)
        let scenarios = chosen.enumerated().map { position, index in
            let result = prepared.judgedRows(of: index, threadCount: common.threadCount).flatMap { id, ood in
                Result { try ScenarioRows(id: id, ood: ood, settings: attribution, threadCount: common.threadCount) }
                    .mapError { RunError($0, set: study.shifts[index].name) }
            }
            progress.show("scenarios", done: position + 1, of: chosen.count)
            return (name: study.shifts[index].name, kind: study.shifts[index].kind, result: result)
        }
        progress.finish()
        var report = ScenarioRowsReport(
            manifest: path, settings: settings, environment: common.environment, scenarios: scenarios)
        let digests = study.digests
        report.provenance = Report.Provenance(digests.files, folder: digests.folder)
        try outputs.write { format, _ in try report.rendered(format) }
        if report.scenarios.contains(where: { $0.status != "ok" }) { throw ExitCode(2) }
    }
}

extension AttributionFormat: ExpressibleByArgument {}
