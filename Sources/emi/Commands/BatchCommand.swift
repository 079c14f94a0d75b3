import ArgumentParser
import Information
import EmbeddingFiles
import Foundation
import LinearAlgebra
import Reports
import Studies
import Synchronization

/// `emi batch`: every scenario of a manifest against its ID set.
struct BatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "EMI, gap, discrepancies and bound of every scenario of a manifest, with a summary across them.",
        discussion: """
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
            """)

    @Argument(help: ArgumentHelp("The manifest.", valueName: "manifest")) var manifest: String
    @OptionGroup(title: "Scenarios") var choice: ScenarioChoice
    @Flag(help: "Read all sets and print what would run, with sizes and expected memory.") var dryRun = false
    @Flag(help: "Go on with a run that was interrupted or killed.") var resume = false
    @OptionGroup(title: "Estimator") var estimator: EstimatorOptions
    @OptionGroup(title: "Divergence") var divergence: DivergenceOptions
    @OptionGroup(title: "Bound and intervals") var bound: BoundOptions
    @OptionGroup(title: "Output") var outputs: ReportOutputs
    @OptionGroup(title: "Common") var common: CommonOptions

    func run() throws {
        try reportingErrors {
            let manifest = try readManifest(manifest)
            let command = try completed(by: manifest)
            try command.choice.check(manifest)
            try checkUse(command.estimator, command.bound)
            try checkDebiasing(command.bound, command.divergence)
            try checkBandwidth(command.divergence)
            try command.settings.checkEstimators()
            try command.outputs.check(against: command.inputs(manifest), also: [command.bound.saveFit])
            if dryRun {
                let plan = try BatchPlan(manifest, settings: command.settings, command.common)
                try writeResult(plan.text, to: command.outputs.output.first)
                if plan.failureCount > 0 { throw ExitCode(2) }
            } else {
                try command.run(manifest)
            }
        }
    }

    /// The command with the manifest's settings before its own flags, which win because they come later.
    private func completed(by manifest: Manifest) throws -> BatchCommand {
        let own = CommandLine.arguments.dropFirst().drop { $0 != "batch" }.dropFirst()
        // A flag that chooses another estimator leaves behind what the manifest tells its own.
        let isChosen = own.contains { $0 == "--estimator" || $0.hasPrefix("--estimator=") }
        let unused = isChosen ? unusedFlags(estimator.estimator) : []
        for setting in manifest.settings where unused.contains(setting.name) {
            common.note("note (unused_setting): settings.\(setting.name) of the manifest is left out: \(estimator.estimator) has no use for it")
        }
        let arguments = try manifestArguments(manifest, without: unused) + own
        do {
            return try BatchCommand.parse(arguments)
        } catch {
            // Each setting is right by itself, and they do not go together.
            Emi.exit(withError: error)
        }
    }

    /// Every path that is read.
    private func inputs(_ manifest: Manifest) -> [String] {
        [self.manifest] + ([manifest.id] + manifest.scenarios).flatMap(\.files) + [estimator.parameters.weights, bound.fit].compactMap { $0 }
    }

    private var settings: StudySettings { StudySettings(estimator, divergence, bound, common) }

    private func run(_ manifest: Manifest) throws {
        let settings = settings
        let words = Report.Settings(settings, unit: common.units)
        let applied = [settings.weights, settings.fit.path].compactMap { $0 }.map { "\($0): \(fileFingerprint($0))" }
        let key = JournalKey(
            settings: words, sets: ([manifest.id] + manifest.scenarios).map(\.fingerprint) + applied)
        let path = (outputs.files.first ?? self.manifest) + ".partial"
        var found = resume ? BatchJournal.content(of: path) : BatchJournal.Content()
        if resume, let difference = found.key?.difference(from: key) {
            common.note("note (started_anew): \(path) is of another run (\(difference)): starting anew")
            found = BatchJournal.Content()
        } else if resume, found.key == nil {
            common.note("note (nothing_to_resume): \(path) holds no finished scenario: starting anew")
            found = BatchJournal.Content()
        }
        // What failed is tried again: its cause may be gone.
        found.scenarios = found.scenarios.filter { $0.value.status == "ok" }
        found.estimators = found.estimators.filter { $0.error == nil }
        let journal = try openJournal(path, after: found, key: key)
        let chosen = choice.chosen(manifest)
        let outcome: (id: Report.Set, scenarios: [String: Report.Scenario])
        do {
            outcome = try finish(manifest, chosen, found, journal, settings)
        } catch {
            // There is nothing to go on from.
            if found.scenarios.isEmpty { journal?.remove() }
            throw error
        }

        let scenarios = chosen.compactMap { outcome.scenarios[$0.name] }
        let others = settings.comparesEstimators && scenarios.count == chosen.count
            ? try otherEstimators(manifest, chosen, found: found.estimators, journal: journal, settings) : []
        guard scenarios.count == chosen.count, let others else {
            let again = "emi batch \(self.manifest) --resume" + outputs.output.map { " -o \($0)" }.joined()
            FileHandle.standardError.write(
                Data(("interrupted: \(scenarios.count) of \(chosen.count) scenarios are kept"
                    + (journal.map { " in \($0.path)" } ?? "") + "; go on with the same flags and --resume: \(again)\n").utf8))
            throw ExitCode(130)
        }
        var report = Report(
            id: outcome.id, scenarios: scenarios, settings: words, environment: common.environment,
            threadCount: common.threadCount)
        if settings.comparesEstimators { report.addEstimators(others, names: settings.applicableEstimators) }
        report.provenance = Report.Provenance(
            fileDigests(inputs(manifest), threadCount: common.threadCount), folder: manifest.folder)
        if !outputs.isReadByPeople {
            for scenario in scenarios {
                if let error = scenario.error { common.note("failed: \(scenario.name): \(error.message)") }
            }
        }
        try outputs.write(report, noColor: common.noColor)
        journal?.remove()
        if report.summary.failedCount > 0 { throw ExitCode(2) }
    }

    /// Runs what is not finished yet.
    private func finish(
        _ manifest: Manifest, _ chosen: [Manifest.Entry], _ found: BatchJournal.Content, _ journal: BatchJournal?,
        _ settings: StudySettings
    ) throws -> (id: Report.Set, scenarios: [String: Report.Scenario]) {
        let open = chosen.filter { found.scenarios[$0.name] == nil }
        if open.isEmpty, let id = found.id { return (id, found.scenarios) }
        let (unit, threadCount) = (common.units, common.threadCount)
        let progress = Progress(quiet: common.quiet)
        let interruption = Interruption()
        defer { progress.finish() }
        let score = try manifest.id.externalScore()
        let batch = try BatchRun(manifest, settings: settings, threadCount: threadCount) { read, all in
            progress.show("reading sets", done: read, of: all)
        }
        if let path = bound.saveFit, let fit = batch.fit { try saveFit(fit, settings: settings, to: path) }
        let id = Report.Set(batch.id, score: score, unit: unit)
        if found.id == nil { try journal?.append(.id(id)) }

        let finished = Mutex(found.scenarios)
        let failure = Mutex<(any Error)?>(nil)
        concurrentForEach(count: open.count, threadCount: threadCount) { index in
            guard !interruption.isRequested else { return }
            let scenario = Self.scenario(open[index], batch, settings, unit)
            do {
                try journal?.append(.scenario(scenario))
            } catch {
                failure.withLock { $0 = error }
            }
            let count = finished.withLock { scenarios in
                scenarios[scenario.name] = scenario
                return scenarios.count
            }
            progress.show("scenarios", done: count, of: chosen.count)
        }
        if failure.withLock({ $0 }) != nil {
            common.note("note (journal_incomplete): finished scenarios could not all be kept for --resume")
        }
        return (id, finished.withLock { $0 })
    }

    /// What the report says of a scenario.
    private static func scenario(
        _ entry: Manifest.Entry, _ batch: BatchRun, _ settings: StudySettings, _ unit: InformationUnit
    ) -> Report.Scenario {
        let score: Double?
        do {
            score = try entry.externalScore()
        } catch {
            return Report.Scenario(name: entry.name, kind: entry.kind, score: nil, failure: RunError(error, set: entry.name))
        }
        switch batch.result(of: entry) {
        case .success(let shift):
            return Report.Scenario(shift, kind: entry.kind, score: score, settings: settings, unit: unit)
        case .failure(let error):
            return Report.Scenario(name: entry.name, kind: entry.kind, score: score, failure: error)
        }
    }

    /// The journal, continued or new. Beside an output it has to be writable, as the output will have to be; beside a manifest
    /// the run goes on without it.
    private func openJournal(
        _ path: String, after found: BatchJournal.Content, key: JournalKey
    ) throws -> BatchJournal? {
        // What is not a file of its own (a pipe, /dev/stdout) has no place beside it.
        if let output = outputs.files.first ?? (manifest == "-" ? "/dev/stdin" : nil), output.hasPrefix("/dev/") { return nil }
        do {
            guard let journal = try BatchJournal.open(path, keptByteCount: found.wholeByteCount) else {
                common.note("note (journal_in_use): another run holds \(path): this one cannot be resumed")
                return nil
            }
            if found.key == nil { try journal.append(.key(key)) }
            return journal
        } catch {
            if !outputs.files.isEmpty { throw error }
            common.note("note (no_journal): \(path) cannot be written: this run cannot be resumed")
            return nil
        }
    }
}

extension Manifest {
    /// Where the manifest is, ending in `/`; empty for a bare name.
    fileprivate var folder: String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }
}

extension Manifest.Entry {
    /// The entry and its files as they are now.
    fileprivate var fingerprint: String {
        "\(name) (\(kind ?? ""), \(score.map { "\($0)" } ?? ""), \(source.groupKey ?? ""), "
            + "\(source.selectedModalities?.joined(separator: ",") ?? "")): "
            + files.map { "\($0): \(fileFingerprint($0))" }.joined(separator: "; ")
    }
}
