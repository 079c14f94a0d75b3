import EmbeddingFiles
import Foundation
import LinearAlgebra
import Statistics
import Studies
import Synchronization

/// Runs a study up to its report. It takes over what an earlier run has saved, computes the rest, and saves each shift when it is finished.
package struct StudyRun: Sendable {
    private let study: Study
    /// The positions of the shifts that are reported.
    private let chosen: [Int]
    private let journal: Journal?
    private let found: Journal.Content
    private let watch: Watch
    private let keepsRows: Bool

    /// The functions by which a run informs its caller and asks whether to stop.
    package struct Watch: Sendable {
        /// Called with the name of a stage, the number of finished steps and the number of all.
        package var progress: @Sendable (_ stage: String, _ done: Int, _ all: Int) -> Void = { _, _, _ in }
        /// Called with a sentence for standard error.
        package var note: @Sendable (String) -> Void = { _ in }
        /// Says whether the run should stop after the shifts in progress.
        package var isInterrupted: @Sendable () -> Bool = { false }

        /// Functions that do nothing.
        package init() {}
    }

    /// Thrown when the run was asked to stop before it was finished.
    package struct Interrupted: Error {
        /// The number of finished shifts.
        package let finishedCount: Int
        /// The number of chosen shifts.
        package let chosenCount: Int
        /// The path of the journal that has the finished shifts; nil without a journal.
        package let journal: String?
    }

    /// Makes a run of a study.
    ///
    /// - Parameters:
    ///   - chosen: the positions of the shifts that are reported; nil for all.
    ///   - journal: the journal for finished shifts, and what an earlier run has left in it.
    ///   - keepsRows: whether to keep the contributions of single rows.
    package init(
        _ study: Study, chosen: [Int]? = nil, journal: (file: Journal?, found: Journal.Content) = (nil, Journal.Content()),
        keepsRows: Bool = false, watch: Watch = Watch()
    ) {
        self.study = study
        self.chosen = chosen ?? Array(study.shifts.indices)
        self.journal = journal.file
        self.keepsRows = keepsRows
        // Shifts that an earlier run finished without keeping rows have to be computed again.
        var found = journal.found
        if keepsRows {
            found.scenarios = found.scenarios.filter { found.rows[$0.key] != nil || $0.value.status != "ok" }
            if found.rows[study.id.name] == nil { found.id = nil }
        }
        self.found = found
        self.watch = watch
    }

    /// Runs the study and returns its report.
    ///
    /// - Parameters:
    ///   - environment: the machine; nil leaves it out of the report.
    ///   - fitFile: the file in which to save the fit; nil does not save it.
    /// - Throws: `Interrupted`, `RunError` and the errors of files and estimators when the ID set or the fit is at fault; in a study
    ///   without a manifest also when its shift is.
    package func report(environment: Report.Environment?, fitFile: String? = nil) throws -> Report {
        try results(environment: environment, fitFile: fitFile).report
    }

    /// Runs the study and returns its report and, if they are kept, its rows.
    ///
    /// - Throws: what `report` throws.
    package func results(
        environment: Report.Environment?, fitFile: String? = nil
    ) throws -> (report: Report, rows: RowsFile?) {
        let main: MainPart
        do {
            main = try mainPart(fitFile: fitFile)
        } catch {
            // A journal without a finished shift is of no use to a later run.
            if found.scenarios.isEmpty { journal?.remove() }
            throw error
        }
        let scenarios = chosen.compactMap { main.scenarios[study.shifts[$0].name] }
        func checkFinished() throws {
            guard scenarios.count < chosen.count || watch.isInterrupted() else { return }
            throw Interrupted(finishedCount: scenarios.count, chosenCount: chosen.count, journal: journal?.path)
        }
        if scenarios.count < chosen.count { try checkFinished() }
        var report = Report(study, id: main.id, scenarios: scenarios, environment: environment)
        if study.settings.estimator == StudySettings.allEstimators {
            let (runs, isFinished) = try otherEstimators(baseline: main.contributions)
            if !isFinished { try checkFinished() }
            report.addEstimators(runs, names: study.settings.applicableEstimators, isBatch: study.manifest != nil)
        }
        guard keepsRows else { return (report, nil) }
        let names = [main.id.name] + scenarios.map(\.name)
        let rows = names.compactMap { main.rows[$0] }
        guard let first = rows.first, first.name == main.id.name else { return (report, nil) }
        return (report, RowsFile(units: study.settings.units.rawValue, sets: rows))
    }

    /// The results of the main estimator.
    private struct MainPart {
        let id: Report.SampleSet
        /// The scenarios by name; after an interruption some are missing.
        let scenarios: [String: Report.Scenario]
        /// What each row of the ID set contributes to EMI; nil when everything came from the journal.
        let contributions: [Double]?
        /// The rows of each set, by the name of the set.
        let rows: [String: RowsFile.Rows]
    }

    private func mainPart(fitFile: String?) throws -> MainPart {
        let open = chosen.filter { found.scenarios[study.shifts[$0].name] == nil }
        if open.isEmpty, let id = found.id {
            return MainPart(id: id, scenarios: found.scenarios, contributions: nil, rows: found.rows)
        }
        let unit = study.settings.units
        let score = try study.id.externalScore()
        let prepared = try study.prepared { [watch] read, all in watch.progress("reading sets", read, all) }
        if let fitFile { try prepared.saveFit(to: fitFile) }
        let id = Report.SampleSet(
            prepared.id, score: score, scores: study.id.namedScores, fit: prepared.fitFingerprint, scale: study.settings.scale, unit: unit)
        if found.id == nil { try journal?.append(.id(id)) }

        let rows = Mutex(found.rows)
        @Sendable func keepRows(_ result: SetResult) throws {
            guard keepsRows, let own = RowsFile.Rows(result, unit: unit) else { return }
            rows.withLock { $0[own.name] = own }
            try journal?.append(.rows(own))
        }
        try keepRows(prepared.id)
        let finished = Mutex(found.scenarios)
        let failure = Mutex<(any Error)?>(nil)
        let threadsEach = open.count == 1 ? study.threadCount : 1
        try concurrentMap(count: open.count, threadCount: study.threadCount) { [watch, journal, study, chosen] index in
            guard !watch.isInterrupted() else { return }
            let (scenario, result) = try Self.scenario(study, open[index], prepared, threadCount: threadsEach)
            do {
                if let result { try keepRows(result) }
                try journal?.append(.scenario(scenario))
            } catch {
                failure.withLock { $0 = error }
            }
            let count = finished.withLock { scenarios in
                scenarios[scenario.name] = scenario
                return scenarios.count
            }
            watch.progress("scenarios", count, chosen.count)
        } as [Void]
        if failure.withLock({ $0 }) != nil {
            watch.note("note (journal_incomplete): finished scenarios could not all be kept for --resume")
        }
        return MainPart(
            id: id, scenarios: finished.withLock { $0 }, contributions: prepared.idContributions, rows: rows.withLock { $0 })
    }

    /// The scenario that the report has for a shift.
    ///
    /// - Throws: `RunError` for a failure in a study without a manifest, which has nothing else to report.
    private static func scenario(
        _ study: Study, _ index: Int, _ prepared: PreparedStudy, threadCount: Int
    ) throws -> (scenario: Report.Scenario, result: SetResult?) {
        let (set, settings) = (study.shifts[index], study.settings)
        let score: Double?
        do {
            score = try set.externalScore()
        } catch {
            return (
                Report.Scenario(
                    name: set.name, kind: set.kind, score: nil, scores: set.namedScores, failure: RunError(error, set: set.name)), nil
            )
        }
        switch prepared.result(of: index, threadCount: threadCount) {
        case .success(let shift):
            let scenario = Report.Scenario(
                shift, id: prepared.id, kind: set.kind, score: score, scores: set.namedScores, settings: settings, unit: settings.units)
            return (scenario, shift.ood)
        case .failure(let error):
            if study.manifest == nil { throw error }
            return (Report.Scenario(name: set.name, kind: set.kind, score: score, scores: set.namedScores, failure: error), nil)
        }
    }

    /// Runs every other estimator over the chosen shifts, one after the other, so that memory holds only one prepared estimator.
    ///
    /// - Parameter baseline: what each row of the ID set contributes to EMI under the main estimator.
    private func otherEstimators(baseline: [Double]?) throws -> (runs: [Report.EstimatorRun], isFinished: Bool) {
        let (unit, threadCount) = (study.settings.units, study.threadCount)
        let main = study.settings.ofMainEstimator.estimator
        let runs = Mutex(found.estimators)
        @Sendable func keep(_ run: Report.EstimatorRun) throws {
            try journal?.append(.estimator(run))
            runs.withLock { $0.append(run) }
        }
        if study.manifest == nil, let baseline {
            var own = Report.EstimatorRun(estimator: main)
            own.rowsSpearman = correlation(baseline, baseline)
            try keep(own)
        }
        for name in study.settings.applicableEstimators where name != main {
            let own = found.estimators.filter { $0.estimator == name }
            let id = own.first { $0.scenario == nil }
            let known = Set(own.compactMap(\.scenario))
            let open = chosen.filter { !known.contains(study.shifts[$0].name) }
            // An estimator that cannot work with the ID set has no scenarios.
            if let id, id.error != nil || open.isEmpty { continue }
            if watch.isInterrupted() { return (runs.withLock { $0 }, false) }
            let other: OtherEstimator
            do {
                other = try OtherEstimator(name, study)
            } catch {
                let failure = RunError(error, set: study.id.name)
                if id == nil { try keep(Report.EstimatorRun(estimator: name, id: .failure(failure), unit: unit)) }
                continue
            }
            if id == nil {
                // Batches compare estimators over scenarios, pairs over the rows of the ID set.
                let rows = study.manifest == nil ? correlation(other.idContributions, baseline) : nil
                try keep(Report.EstimatorRun(estimator: name, id: .success(other.id), rowsSpearman: rows, unit: unit))
            }
            let done = Atomic(chosen.count - open.count)
            let threadsEach = open.count == 1 ? threadCount : 1
            _ = try concurrentMap(count: open.count, threadCount: threadCount) { [watch, study, chosen] index in
                guard !watch.isInterrupted() else { return }
                let scenario = study.shifts[open[index]].name
                try keep(
                    Report.EstimatorRun(
                        estimator: name, scenario: scenario, other.result(of: open[index], threadCount: threadsEach), unit: unit))
                watch.progress(name, done.wrappingAdd(1, ordering: .relaxed).newValue, chosen.count)
            }
            if watch.isInterrupted() { return (runs.withLock { $0 }, false) }
        }
        return (runs.withLock { $0 }, true)
    }

    private func correlation(_ values: [Double]?, _ baseline: [Double]?) -> Double? {
        guard let values, let baseline, values.count == baseline.count else { return nil }
        return Correlation.spearman(values, baseline)?.coefficient
    }
}

extension Study {
    /// Runs the study and returns its report, the one that `emi estimate` prints.
    ///
    /// - Throws: `RunError`, or an error of files and estimators; `"\(error)"` is one sentence for people.
    public func report() throws -> Report {
        // BLAS gets one thread for each product, because results depend on its number of threads, and shifts already run in parallel.
        BLAS.useOneThreadPerCall()
        do {
            return try StudyRun(self).report(environment: nil)
        } catch {
            throw RunError(error)
        }
    }
}

extension Report {
    /// Writes the report in the format that the extension of a path asks for (`.json`, `.html`, `.md`, `.csv`, `.xml`, `.txt`).
    ///
    /// - Throws: `RunError` for another extension, or when the file cannot be written.
    public func write(to path: String) throws {
        guard let format = ReportFormat(path: path) else {
            throw RunError(
                code: "unknown_format",
                message: "\(path): expected an extension of \(ReportFormat.extensions.joined(separator: ", ")), found another")
        }
        do {
            try writeAtomically(Array(try rendered(format).utf8), to: path)
        } catch {
            throw RunError(error)
        }
    }
}
