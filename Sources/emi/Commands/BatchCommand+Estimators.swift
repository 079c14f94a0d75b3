import ArgumentParser
import Foundation
import LinearAlgebra
import Reports
import Studies
import Synchronization

extension BatchCommand {
    /// Every other estimator over the chosen scenarios, one after the other, so that memory holds the pool of one.
    ///
    /// - Parameters:
    ///   - found: what an earlier run has kept.
    ///   - journal: where each result is kept as soon as it is there.
    /// - Returns: nil where the run was interrupted.
    /// - Throws: what the journal throws.
    func otherEstimators(
        _ manifest: Manifest, _ chosen: [Manifest.Entry], found: [Report.EstimatorRun], journal: BatchJournal?, _ settings: StudySettings
    ) throws -> [Report.EstimatorRun]? {
        let (unit, threadCount) = (common.units, common.threadCount)
        let progress = Progress(quiet: common.quiet)
        let interruption = Interruption()
        defer { progress.finish() }
        let runs = Mutex(found)
        @Sendable func keep(_ run: Report.EstimatorRun) throws {
            try journal?.append(.estimator(run))
            runs.withLock { $0.append(run) }
        }
        for name in settings.applicableEstimators where name != settings.estimator {
            let own = found.filter { $0.estimator == name }
            let id = own.first { $0.scenario == nil }
            let known = Set(own.compactMap(\.scenario))
            let open = chosen.filter { !known.contains($0.name) }
            // An estimator that the ID set does not allow has no scenarios.
            if let id, id.error != nil || open.isEmpty { continue }
            var ownSettings = settings
            ownSettings.estimator = name
            if interruption.isRequested { return nil }
            let batch: BatchEstimator
            do {
                batch = try BatchEstimator(manifest, settings: ownSettings, threadCount: threadCount)
            } catch {
                let failure = RunError(error, set: manifest.id.name)
                if id == nil { try keep(Report.EstimatorRun(estimator: name, id: .failure(failure), unit: unit)) }
                continue
            }
            if id == nil { try keep(Report.EstimatorRun(estimator: name, id: .success(batch.id), unit: unit)) }
            let done = Atomic(chosen.count - open.count)
            _ = try concurrentMap(count: open.count, threadCount: threadCount) { index in
                guard !interruption.isRequested else { return }
                try keep(
                    Report.EstimatorRun(
                        estimator: name, scenario: open[index].name, batch.result(of: open[index]), unit: unit))
                progress.show(name, done: done.wrappingAdd(1, ordering: .relaxed).newValue, of: chosen.count)
            }
            if interruption.isRequested { return nil }
        }
        return runs.withLock { $0 }
    }
}
