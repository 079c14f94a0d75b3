import ArgumentParser
import Foundation
import Reports
import Studies

/// `emi batch`: compares every scenario of a manifest with its ID set.
struct BatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "EMI, gap, discrepancies and bound of every scenario of a manifest, with a summary across them.",
        discussion: reflowed(
            """
            MANIFEST is YAML, JSON or CSV and names one ID set and its shifts; 'emi init FOLDER' writes one. Its settings are
            flags of this command; those on the command line win. One q is fitted to the references of all sets, so that
            values compare across scenarios. Finished scenarios are kept beside the output (or the manifest) in a file that ends in
            .partial, until the report is written: --resume goes on from there.

            --estimator all is a run of the default, beside which every other estimator stands with EMI and EMID of every
            scenario, and how far any two agree in sign and order. It takes some seven times as long: 61 scenarios of 90 rows
            18 s of processor time, most of it for ksg and auto; matrix-renyi grows with the cube of the rows.

            EXAMPLES:
              emi batch Fixtures/digits/manifest.yaml
              emi batch Fixtures/digits/manifest.yaml --only 'frost_*' --permutations 0 \\
                -o report.json -o report.html
              emi batch Fixtures/digits/manifest.yaml --only 'frost_*' --estimator all
            """))

    @Argument(help: ArgumentHelp("The manifest.", valueName: "manifest"), completion: .file()) var manifest: String
    @OptionGroup(title: "Scenarios") var choice: ScenarioChoice
    @Flag(help: "Read all sets and print what would run, with sizes and expected memory.") var dryRun = false
    @Flag(help: "Go on with a run that was interrupted or killed.") var resume = false
    @OptionGroup(title: "Comparison with other models") var models: ModelOptions
    @OptionGroup(title: "Estimator") var estimator: EstimatorOptions
    @OptionGroup(title: "Divergence") var divergence: DivergenceOptions
    @OptionGroup(title: "Bound and intervals") var bound: BoundOptions
    @OptionGroup(title: "Output") var outputs: ReportOutputs
    @OptionGroup(title: "Common") var common: CommonOptions

    func run() throws {
        try reportingErrors {
            let manifest = try readManifest(manifest)
            var study = Study(manifest, settings: try settings(of: manifest), threadCount: common.threadCount)
            study.companions = try models.companions()
            try choice.check(manifest)
            try manifest.namingSettings {
                try checkUse(study.settings, saveFit: bound.saveFit)
                try study.settings.checkEstimators()
            }
            if models.keepRows, outputs.files.isEmpty {
                throw ValidationError("--keep-rows: expected -o FILE, beside which rows are kept, found none")
            }
            try outputs.check(against: study.files + models.fitWith, also: [bound.saveFit, models.rowsPath(beside: outputs.files)])
            if dryRun {
                let plan = try StudyPlan(study, chosen: choice.chosen(manifest))
                // Not to -o, where the report of the run itself will be or is.
                try writeResult(laidOut(isWide: true) { plan.text }, to: nil)
                if plan.failureCount > 0 { throw ExitCode(2) }
            } else {
                try run(study, chosen: choice.chosen(manifest))
            }
        }
    }

    /// The manifest's settings, overridden by the flags of the command line.
    private func settings(of manifest: Manifest) throws -> StudySettings {
        // If a flag chooses another estimator, the manifest's parameters of its own estimator no longer apply.
        let unused = estimator.estimator.map(unusedFlags) ?? []
        for setting in manifest.settings where unused.contains(setting.name) {
            common.note(
                "note (unused_setting): settings.\(setting.name) of the manifest is left out: \(estimator.estimator ?? "") has no use for it"
            )
        }
        return try StudySettings(manifest, without: unused).overridden(by: estimator, divergence, bound, common)
    }

    private func run(_ study: Study, chosen: [Int]) throws {
        let progress = Progress(quiet: common.quiet)
        let interruption = Interruption()
        var watch = StudyRun.Watch()
        watch.progress = progress.show
        watch.note = common.note
        watch.isInterrupted = { interruption.isRequested }
        let journal = try journal(of: study)
        let report: Report
        do {
            defer { progress.finish() }
            let run = StudyRun(study, chosen: chosen, journal: journal, keepsRows: models.keepRows, watch: watch)
            let results = try run.results(environment: common.environment, fitFile: bound.saveFit)
            report = results.report
            try models.write(results.rows, beside: outputs.files, note: common.note)
        } catch let stop as StudyRun.Interrupted {
            let again = "emi batch \(manifest) --resume" + outputs.output.map { " -o \($0)" }.joined()
            StandardError.say(
                "interrupted: \(stop.finishedCount) of \(stop.chosenCount) scenarios are kept"
                    + (stop.journal.map { " in \($0)" } ?? "") + "; go on with the same flags and --resume: \(again)".withoutControls)
            throw ExitCode(130)
        }
        if !outputs.isReadByPeople {
            for scenario in report.scenarios {
                if let error = scenario.error { common.note("failed: \(scenario.name): \(error.message)".withoutControls) }
            }
        }
        try outputs.write(report, noColor: common.noColor)
        journal.file?.remove()
        if report.summary.failedCount > 0 { throw ExitCode(2) }
    }

    /// The journal, continued or new, with what an earlier run has left. Beside an output it has to be writable, as the output will
    /// have to be; beside a manifest the run goes on without it.
    private func journal(of study: Study) throws -> (file: Journal?, found: Journal.Content) {
        let path = (outputs.files.first ?? manifest) + ".partial"
        let key = JournalKey(study)
        let (found, refusal) = resume ? Journal.content(of: path).usable(for: key, path: path) : (Journal.Content(), nil)
        if let refusal { common.note(refusal) }
        // A pipe or /dev/stdout has no folder in which a journal could stand beside it.
        if let output = outputs.files.first ?? (manifest == "-" ? "/dev/stdin" : nil), output.hasPrefix("/dev/") {
            return (nil, found)
        }
        do {
            guard let journal = try Journal.open(path, keptByteCount: found.wholeByteCount) else {
                common.note("note (journal_in_use): another run holds \(path): this one cannot be resumed")
                return (nil, found)
            }
            if found.key == nil { try journal.append(.key(key)) }
            return (journal, found)
        } catch {
            if !outputs.files.isEmpty { throw error }
            common.note("note (no_journal): \(path) cannot be written: this run cannot be resumed")
            return (nil, found)
        }
    }
}
