import ArgumentParser
import EmbeddingFiles
import Reports
import Studies

/// `emi merge`: puts together what other machines have summarized.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "The numbers of whole sets from the parts that emi summarize wrote, or one report from several.",
        discussion: reflowed(
            """
            The parts of a set add up in any order; a part that comes twice, or an input in two equal parts, counts once, with a note.
            Two rounds give EMI: --save-fit makes q from the rows that parts of the first round have kept, and parts that
            emi summarize --fit made under this q hold what rows contribute. Divergences need one round. Reports of emi batch over other
            scenarios of one study (--only, under one --fit FILE) make one report, with q-values and summary over all.

            EXAMPLES:
              emi merge clean.part.safetensors frost.part.safetensors \\
                --id clean --save-fit q.safetensors
              emi merge batch-1.json batch-2.json -o report.json
            """))

    @Argument(help: ArgumentHelp("Parts of sets (.safetensors), or reports (.json).", valueName: "part")) var parts: [String]
    @Option(help: ArgumentHelp("The name of the ID set (the first by name).", valueName: "name")) var id: String?
    @Option(help: ArgumentHelp("Fit q to the rows that the parts have kept, and save it.", valueName: "file")) var saveFit: String?
    @Option(help: ArgumentHelp("With --save-fit: take this q instead of a new one.", valueName: "file")) var fit: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Random relabellings for debiasing and p-values. (default: \(StudySettings().permutations))", valueName: "count")
    )
    var permutations: Int?
    @Option(help: "How to write the result: text or json (what the extension of -o says, else text).") var format: ArrayFormat?
    @OptionGroup(title: "Output") var output: SingleOutput
    @OptionGroup(title: "Common") var common: CommonOptions

    private var areReports: Bool { parts.allSatisfy { $0.hasSuffix(".json") } }

    func validate() throws {
        if let other = parts.first(where: { !$0.hasSuffix(".json") && !$0.hasSuffix(".safetensors") }) {
            throw ValidationError("expected parts (.safetensors) or reports (.json), found '\(other)'")
        }
        if !areReports, let report = parts.first(where: { $0.hasSuffix(".json") }) {
            throw ValidationError("expected only parts or only reports, found '\(report)' among parts")
        }
        if areReports, saveFit != nil || id != nil { throw ValidationError("--id and --save-fit: expected parts, found reports") }
        if fit != nil, saveFit == nil { throw ValidationError("--fit: expected --save-fit beside it, found none") }
        if let saveFit, !saveFit.hasSuffix(".safetensors") {
            throw ValidationError("--save-fit: expected the extension .safetensors, found '\(saveFit)'")
        }
        if let permutations { try checkPermutations(permutations) }
        try checkOutputs([output.output, saveFit], against: parts + [fit].compactMap { $0 })
    }

    func run() throws {
        try reportingErrors {
            if areReports { return try mergeReports() }
            var settings = StudySettings()
            common.apply(to: &settings)
            if let permutations { settings.permutations = permutations }
            let read = try parts.map { try SetPart(contentsOf: $0) }
            settings.normalize = read[0].recipe.normalize
            if let saveFit {
                let count = try MergedStudy.saveFit(
                    of: read, givenFit: fit, settings: settings, threadCount: common.threadCount, to: saveFit)
                common.note("fit of \(count) rows in \(saveFit)")
                if output.output == nil { return }
            }
            let study = try MergedStudy(read, idName: id, settings: settings, threadCount: common.threadCount)
            if study.repeatedCount > 0 {
                common.note("note (repeated_parts): \(study.repeatedCount) of \(parts.count) parts hold inputs of others and count once")
            }
            let report = MergedReport(study, settings: settings)
            if output.isJSON(format) { return try output.write(jsonText(of: report)) }
            try output.write { report.text }
        }
    }

    private func mergeReports() throws {
        let reports = try parts.map { try readReport(try readText($0), name: $0, quiet: common.quiet) }
        let (report, repeated) = try Report.merged(reports, names: parts, threadCount: common.threadCount)
        if repeated > 0 {
            common.note("note (repeated_scenarios): \(repeated) scenarios come more than once, with equal results, and count once")
        }
        if output.isJSON(format) { return try output.write(report.rendered(.json)) }
        try output.write { try report.rendered(.text) }
    }
}
